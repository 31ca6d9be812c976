"""What the designer of boards calls what a board may say."""

from __future__ import annotations

from lowcode.kernel.definitions.designing import spoken

OPTIONS = spoken({
    "default": "初始值 | Begins with",
    "filters": "跟随的筛选器 | Filters it follows",
    "h": "高（行） | Height in rows",
    "heading": "小标题 | Heading",
    "name": "标识 | Name",
    "options": "可选项 | What may be chosen",
    "part": "所属功能块 | Part of the app",
    "report": "报表 | Report",
    "roles": "哪些角色可见（不选则所有人可见） | Roles that see it; none chosen, everybody",
    "text": "文字（Markdown） | Text, in Markdown",
    "tiles": "卡片 | Tiles",
    "title": "标题 | Title",
    "type": "类型 | Sort",
    "w": "宽（列） | Width in columns",
    "x": "从第几列起 | Columns to its left",
    "y": "从第几行起 | Rows above it",
})  # fmt: skip
CHOICES = spoken({
    "period": "时间 | Period",
    "select": "选项 | Choice",
    "member": "人员 | Person",
    "department": "部门 | Department",
})  # fmt: skip
