"""What the template of an import tells whoever fills it in: which columns are needed, what may be chosen, and how a
value is written. Pure."""

from __future__ import annotations

from lowcode.forms.operations.cells import YES_NO
from lowcode.forms.operations.xlsx import CLOCK, DAY, INSTANT, Hint
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import Field

NEEDED = {"en": "Required.", "zh-CN": "必填。"}
ONE_OF = {"en": "Choose from the list.", "zh-CN": "请从列表选择。"}
SEVERAL = {"en": "One or several of these, with commas between: {options}", "zh-CN": "可填多个，用逗号分隔：{options}"}
WRITTEN: dict[str, dict[str, str]] = {
    "date": {"en": "A day: 2026-03-31", "zh-CN": "日期，如 2026-03-31"},
    "datetime": {"en": "A day and a time: 2026-03-31 14:30", "zh-CN": "日期和时间，如 2026-03-31 14:30"},
    "time": {"en": "A time: 14:30", "zh-CN": "时间，如 14:30"},
    "percent": {"en": "With its sign: 12.5%", "zh-CN": "带百分号，如 12.5%"},
    "member": {"en": "The name or login of a colleague", "zh-CN": "同事的姓名或登录名"},
    "members": {
        "en": "The names or logins of colleagues, with commas between", "zh-CN": "同事的姓名或登录名，可用逗号分隔多个",
    },
    "department": {"en": "What the department is called", "zh-CN": "部门名称"},
    "departments": {
        "en": "What the departments are called, with commas between", "zh-CN": "部门名称，可用逗号分隔多个",
    },
    "role": {"en": "What the role is called", "zh-CN": "角色名称"},
    "link": {"en": "What the record is called, as it is there already", "zh-CN": "已有记录的名称"},
    "links": {"en": "What the records are called, with commas between", "zh-CN": "已有记录的名称，可用逗号分隔多个"},
    "link_any": {
        "en": "What the record is called, as it is there already, with its form and a colon before it",
        "zh-CN": "已有记录的名称，前面写上表单名称和冒号",
    },
    "tags": {"en": "Several with commas between", "zh-CN": "可用逗号分隔多个"},
}  # fmt: skip
FORMATS = {"date": DAY, "datetime": INSTANT, "time": CLOCK}
WORDS = "@"
"""Where a program for sheets leaves what is typed as it is: numbers of phones and of goods keep their leading zeros."""


def needed(field: Field) -> bool:
    """Whether a new record cannot do without a value from the file."""
    return field.required and field.default is None and field.options.default is None


def hint(field: Field, language: str) -> Hint:
    """What is said at the cells of a column, and what may be chosen there."""
    kind = field.options_type
    options = tuple(
        localized(each.title or each.name, language)
        for each in getattr(field.options, "states" if kind == "state" else "options", None) or ()
        if hasattr(each, "name")
    )
    if kind == "boolean":
        options = tuple(localized(YES_NO[each], language) for each in (True, False))
    one = kind in ("select", "state", "boolean")
    said = [localized(NEEDED, language)] if needed(field) else []
    if options and kind == "multi_select":
        said.append(localized(SEVERAL, language).format(options=", ".join(options)))
    elif options and one:
        said.append(localized(ONE_OF, language))
    elif kind in WRITTEN:
        said.append(localized(WRITTEN[kind], language))
    help_ = localized(getattr(field.options, "help", None), language)
    return Hint(options if one else (), " ".join([*said, help_]).strip())
