"""What stands in the messages about a document's shape, in both languages: sorts of values, and broken limits.

Where something is found it is worded in English; its Chinese stands here beside the English it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json import JSONDecodeError
from typing import Any

from lowcode.kernel.diagnostics import Text, localized

SORTS: Mapping[str, Text] = {
    "text": {"en": "a text", "zh-CN": "文本"},
    "whole number": {"en": "a whole number", "zh-CN": "整数"},
    "number": {"en": "a number", "zh-CN": "数字"},
    "boolean": {"en": "true or false", "zh-CN": "true 或 false"},
    "object": {"en": "an object { }", "zh-CN": "对象 { }"},
    "list": {"en": "a list [ ]", "zh-CN": "列表 [ ]"},
    "date": {"en": 'a date such as "2026-01-31"', "zh-CN": '日期，例如 "2026-01-31"'},
    "instant": {
        "en": 'an instant such as "2026-01-31T09:00:00Z"', "zh-CN": '日期时间，例如 "2026-01-31T09:00:00Z"',
    },
    "time": {"en": 'a time such as "09:00"', "zh-CN": '时间，例如 "09:00"'},
    "another": {"en": "another value", "zh-CN": "其他值"},
    "null": "null",
    "content": {"en": "the content of a file", "zh-CN": "文件内容"},
    "function": {"en": "a function", "zh-CN": "函数"},
    "text by language": {
        "en": 'a text, or one text per language such as {"zh-CN": "…", "en": "…"}',
        "zh-CN": '文本，或每种语言一份文本，例如 {"zh-CN": "…", "en": "…"}',
    },
}  # fmt: skip
"""The sorts of values, as they are called."""
LIMITS = {
    "greater_than_equal": "应不小于 {ge}", "greater_than": "应大于 {gt}", "less_than_equal": "应不大于 {le}",
    "less_than": "应小于 {lt}", "multiple_of": "应为 {multiple_of} 的倍数", "finite_number": "应为有限的数字",
    "string_too_short": "至少应有 {min_length} 个字符", "string_too_long": "最多只能有 {max_length} 个字符",
    "too_short": "至少应有 {min_length} 项，现有 {actual_length} 项",
    "too_long": "最多只能有 {max_length} 项，现有 {actual_length} 项",
    "string_pattern_mismatch": "不符合格式 {pattern}", "int_from_float": "应为整数",
    "decimal_max_places": "最多只能有 {decimal_places} 位小数",
    "decimal_max_digits": "最多只能有 {max_digits} 位数字",
    "int_parsing_size": "超出整数的范围",
}  # fmt: skip
"""By pydantic's name of the error; what stands in braces is its context."""
COUNTS = {
    "too_short": "{min_length} or more are needed, there are {actual_length}",
    "too_long": "at most {max_length} are possible, there are {actual_length}",
}
"""What the model says of lists by the names of its own types."""
CURES = {
    "ge": ("Write {} or more.", "请填写不小于 {} 的值。"),
    "gt": ("Write more than {}.", "请填写大于 {} 的值。"),
    "le": ("Write at most {}.", "请填写不大于 {} 的值。"),
    "lt": ("Write less than {}.", "请填写小于 {} 的值。"),
    "min_length": ("Write at least {}.", "请至少填写 {} 个。"),
    "max_length": ("Write at most {}.", "请最多填写 {} 个。"),
    "pattern": ("Write what fits {}.", "请按格式 {} 填写。"),
}


class Unfit(ValueError):
    """What a model refuses because of its own rule: raised in a validator, with the words of both languages."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese


def no_json(error: Exception) -> Text:
    """Why a text that was sent is no JSON."""
    if isinstance(error, JSONDecodeError):
        return {"en": str(error), "zh-CN": f"第 {error.lineno} 行第 {error.colno} 列不是有效的 JSON"}
    chinese = error.chinese if isinstance(error, Unfit) else "不是有效的 JSON"
    return {"en": str(error), "zh-CN": chinese}


def either(sorts: Iterable[Text]) -> Text:
    """The sorts to choose from, each once; what an author wrote stands as it is."""
    found = {localized(each): each for each in sorts}
    if len(found) == 1:
        return next(iter(found.values()))
    return {"en": " or ".join(found), "zh-CN": " 或 ".join(localized(each, "zh-CN") for each in found.values())}


def one_of(names: Iterable[str]) -> Text:
    """Keys of which one is needed."""
    listed = ", ".join(names)
    return {"en": f"one of: {listed}", "zh-CN": f"以下之一：{listed}"}


def limit(type: str, context: Mapping[str, Any], words: str) -> Text:
    """What a value breaks: the words of the model, or those of a limit of its key. What has no Chinese stays."""
    raised = context.get("error")
    chinese = raised.chinese if isinstance(raised, Unfit) else None
    if chinese is None and type in LIMITS:
        try:
            words = COUNTS[type].format(**context) if type in COUNTS else words
            chinese = LIMITS[type].format(**context)
        except (KeyError, IndexError):  # a limit that does not tell its figure
            chinese = None
    return {"en": words, "zh-CN": chinese} if chinese else words


def cure(context: Mapping[str, Any]) -> Text:
    """How a limit is kept: the hint of whoever set it, or the limit itself."""
    if "hint" in context:
        return str(context["hint"])
    for name, (english, chinese) in CURES.items():
        if name in context:
            return {"en": english.format(context[name]), "zh-CN": chinese.format(context[name])}
    return ""


FOLDERS = {
    "forms": "表单文档", "flows": "流程文档", "rules": "规则文档", "reports": "报表文档", "printing": "打印模板",
    "api": "接口文档",
}  # fmt: skip


def folder(name: str) -> Text:
    """The documents of a folder, as they are called."""
    return {"en": name, "zh-CN": FOLDERS.get(name, f" {name} 文档")}
