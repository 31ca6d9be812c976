"""What the designer of decision tables calls options and choices."""

from __future__ import annotations

from lowcode.kernel.definitions.designing import spoken

OPTIONS = spoken({
    "aggregate": "汇总方式 | Put together as",
    "complete": "必须覆盖所有情况 | Every case must be covered",
    "expression": "取值 | Value that is asked",
    "form": "针对的表单 | Form it is about",
    "help": "说明 | Explanation",
    "hit": "命中策略 | Hit policy",
    "note": "备注 | Note",
    "part": "所属功能块 | Part of the app",
    "title": "标题 | Title",
    "type": "类型 | Type",
    "values": "可选值（按重要性排列） | Values, the most important first",
})  # fmt: skip
CHOICES = spoken({
    "UNIQUE": "唯一：只能有一行命中 | Unique: one row at most",
    "ANY": "任一：命中的各行结果相同 | Any: rows that hit say the same",
    "PRIORITY": "优先级：取最重要的结果 | Priority: the most important answer",
    "FIRST": "首行：自上而下，取第一个命中的行 | First: the first row that hits, from the top",
    "RULE ORDER": "按行序：全部命中的行，按行的顺序 | Rule order: all that hit, as rows stand",
    "OUTPUT ORDER": "按结果序：全部命中的行，按重要性 | Output order: all that hit, by importance",
    "COLLECT": "汇总：全部命中的行合并 | Collect: all that hit, put together",
    "LIST": "列表 | A list",
    "SUM": "求和 | The sum",
    "MIN": "最小值 | The least",
    "MAX": "最大值 | The greatest",
    "COUNT": "个数 | How many",
    "text": "文本 | Text",
    "number": "数字 | Number",
    "boolean": "是否 | Yes or no",
    "date": "日期 | Date",
    "choice": "选项 | Choice",
    "user": "人员 | Person",
})  # fmt: skip
