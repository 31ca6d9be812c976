"""The sentences explanations are told in."""

from __future__ import annotations

from typing import Any

STEPS: dict[str, dict[str, str]] = {
    "permission": {"en": "what was sent must be permitted by one of these lines", "zh-CN": "提交须符合以下任一权限"},
    "coerce": {
        "en": "values are read by field type; defaults fill new records",
        "zh-CN": "按字段类型读取；新建时填默认值",
    },
    "records.compute": {"en": "formulas are computed, in this order", "zh-CN": "依次计算公式"},
    "records.compute-again": {"en": "formulas are computed anew after the rules", "zh-CN": "规则之后重新计算公式"},
    "rules.set": {"en": "rules set values", "zh-CN": "规则赋值"},
    "rules.refuse": {"en": "rules may refuse", "zh-CN": "规则可拒绝保存"},
    "rules.watch": {"en": "rules that fire after the save", "zh-CN": "保存后触发的规则"},
    "flows.lock": {"en": "a running flow keeps the record closed", "zh-CN": "流程进行中记录锁定"},
    "flows.watch": {"en": "flows that start", "zh-CN": "触发的流程"},
    "api.watch": {"en": "webhooks that are called after the save", "zh-CN": "保存后调用的外部通知"},
    "other": {"en": "{name}", "zh-CN": "{name}"},
    "conditions": {"en": "required and read-only fields are looked at", "zh-CN": "检查必填与只读"},
    "checks": {"en": "these must hold", "zh-CN": "须满足的校验"},
    "result": {"en": "the result must be permitted too", "zh-CN": "保存结果也须在权限之内"},
    "write": {
        "en": "record, lines, history and event are written in one transaction",
        "zh-CN": "同一事务写入记录、明细、历史与事件",
    },
    "handlers": {"en": "after the commit, these listen", "zh-CN": "提交后通知"},
}  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    **STEPS,
    "line": {"en": "{roles} may {can}", "zh-CN": "{roles} 可 {can}"},
    "line-where": {"en": "{roles} may {can} where {where}", "zh-CN": "{roles} 可 {can}，限 {where}"},
    "reads-all": {"en": "{role} reads every record", "zh-CN": "{role} 可看全部记录"},
    "reads-none": {"en": "{role} reads nothing", "zh-CN": "{role} 不可查看"},
    "reads-where": {"en": "{role} reads the records where {where}", "zh-CN": "{role} 可看满足 {where} 的记录"},
    "administrator": {"en": "{name} is an administrator and may do everything", "zh-CN": "{name} 是管理员，不受限制"},
    "permitted": {"en": "{name} may {action}: {line}", "zh-CN": "{name} 可以 {action}：{line}"},
    "no-line": {
        "en": "{name} may not {action}: no line gives this to {roles}",
        "zh-CN": "{name} 不能 {action}：没有权限授予 {roles}",
    },
    "no-row": {
        "en": "{name} may not {action} this record: the condition of no line holds",
        "zh-CN": "{name} 不能对此记录 {action}：所有权限的条件均不满足",
    },
    "hidden": {"en": "{field} is hidden by every line that applies", "zh-CN": "{field} 被全部适用的权限隐藏"},
    "fixed": {"en": "{field} may be seen and not changed", "zh-CN": "{field} 只能查看，不能修改"},
    "shown": {"en": "{field} is shown", "zh-CN": "{field} 可见"},
    "not-yours": {
        "en": "this is explained to administrators, or about yourself",
        "zh-CN": "仅管理员可查询，或查询本人",
    },
    "no-person": {"en": "nobody is called '{login}'", "zh-CN": "没有用户“{login}”"},
    "no-formula": {"en": "'{field}' is not a formula of {form}", "zh-CN": "“{field}”不是 {form} 的公式"},
    "value": {"en": "{field} is {value}: {text}", "zh-CN": "{field} 为 {value}：{text}"},
}


def words(key: str, **values: Any) -> dict[str, str]:
    """A sentence in both languages; a value that has words of its own is said in the same language."""
    return {
        language: text.format(**{name: _said(value, language) for name, value in values.items()})
        for language, text in WORDS[key].items()
    }


def _said(value: Any, language: str) -> Any:
    return value.get(language, "") if isinstance(value, dict) else value
