"""What the designer of message templates calls options."""

from __future__ import annotations

from lowcode.kernel.definitions.designing import spoken

OPTIONS = spoken({
    "form": "针对的表单 | Form it is about",
    "group": "分组 | Group",
    "help": "说明 | Explanation",
    "note": "备注 | Note",
    "part": "所属功能块 | Part of the app",
    "roles": "哪些角色可手动发送（留空为所有人） | Roles that may write by it (everybody when left empty)",
    "subject": "主题 | Subject",
    "text": "内容 | Text",
    "title": "名称 | Title",
    "variants": "按条件换内容（自上而下，取第一个成立的） | Other words for some; the first that holds is taken",
    "when": "条件 | When",
})  # fmt: skip
