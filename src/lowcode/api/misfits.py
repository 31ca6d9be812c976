"""What of something that was sent does not fit a JSON Schema: each misfit at its place, in both languages.

The English is that of the library that found it; what stands beside it is made of the rule and its figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError, best_match, relevance
from referencing import Registry

from lowcode.api import schemas
from lowcode.api.diagnostics import problem
from lowcode.kernel.diagnostics import TOLD, Problem, Text, nearest

DECIMAL = re.compile(r"Decimal\('([^']*)'\)")
"""How Python writes a number, in what jsonschema says of one."""
SORTS = {
    "string": "文本", "integer": "整数", "number": "数字", "boolean": "true 或 false", "object": "对象",
    "array": "列表", "null": "null",
}  # fmt: skip
RULES = {
    "pattern": "不符合格式 {wanted}", "minLength": "至少应有 {wanted} 个字符",
    "maxLength": "最多只能有 {wanted} 个字符",
    "minimum": "应不小于 {wanted}", "maximum": "应不大于 {wanted}", "exclusiveMinimum": "应大于 {wanted}",
    "exclusiveMaximum": "应小于 {wanted}", "multipleOf": "应为 {wanted} 的倍数", "minItems": "至少应有 {wanted} 项",
    "maxItems": "最多只能有 {wanted} 项", "uniqueItems": "有重复的项", "minProperties": "至少应有 {wanted} 个键",
    "maxProperties": "最多只能有 {wanted} 个键", "not": "不允许这样的内容", "contains": "缺少必须包含的项",
    "dependentRequired": "缺少与其他键一起出现的键", "unevaluatedProperties": "有未知的键",
    "oneOf": "应恰好符合一种写法",
    "propertyNames": "键的名称不符合要求", "anyOf": "不符合任何一种写法",
    "minContains": "符合要求的项太少", "maxContains": "符合要求的项最多 {wanted} 个", "unevaluatedItems": "有多余的项",
    "items": "有多余的项", "prefixItems": "有不符合要求的项", "if": "不符合条件要求",
}  # fmt: skip
OTHER = "不符合 {rule} 的要求"
"""Of a rule that has no words of its own."""
REFUSED = {"en": "nothing is allowed here", "zh-CN": "此处不允许填写任何内容"}
"""Of a schema that is `false`."""
FORMATS = {
    "date": "日期，例如 2026-01-31", "date-time": "日期时间，例如 2026-01-31T09:00:00Z", "time": "时间，例如 09:00:00Z",
    "email": "邮箱地址", "uri": "网址", "uuid": "UUID", "ipv4": "IPv4 地址", "ipv6": "IPv6 地址",
}  # fmt: skip


def misfits(schema: Mapping[str, Any], sent: Mapping[str, Any], pointer: str = "") -> list[Problem]:
    """Everything of what was sent that does not fit a schema; `pointer` says where it was sent."""
    errors = _errors(schema, sent)
    if errors and (told := schemas.told_apart(schema)) != schema:
        errors = _errors(told, sent)
    found = (each for error in errors for each in problems_of(best_match([error]) if error.context else error, pointer))
    return list(islice(found, TOLD))


def _errors(schema: Mapping[str, Any], sent: Mapping[str, Any]) -> list[ValidationError]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker(), registry=Registry())
    return sorted(islice(validator.iter_errors(sent), TOLD), key=relevance, reverse=True)


def problems_of(error: ValidationError, prefix: str) -> Iterable[Problem]:
    """What to say of one error, at its place below `prefix`."""
    pointer = prefix + "".join(f"/{step}" for step in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        known = list(schemas.properties(error.schema))
        for name in error.instance:
            if name not in known:
                yield problem("unknown-key", f"{pointer}/{name}", name=name, near=nearest(name, known) or "")
    elif error.validator == "required" and isinstance(error.instance, Mapping):
        required: Any = error.validator_value
        wanted = [name for name in required if name not in error.instance and f"'{name}'" in error.message]
        for name in wanted:
            yield problem("missing", f"{pointer}/{name}", name=name)
    else:
        yield problem("payload", pointer, reason=reason(error), rule=str(error.validator))


def reason(error: ValidationError | SchemaError) -> Text:
    """What is wrong by one error, in both languages."""
    if error.validator is None or (error.validator == "not" and error.validator_value == schemas.NOTHING):
        return REFUSED
    wanted: Any = error.validator_value
    value, rule = error.instance, str(error.validator)
    english = DECIMAL.sub(r"\1", error.message)
    if rule in ("enum", "const"):  # said in Python by the library
        possible = ", ".join(_json(each) for each in wanted) if rule == "enum" else _json(wanted)
        english = f"{_json(value)[:60]} is not possible here: {possible}"
    elif not isinstance(value, str) and english.startswith(repr(value)):
        english = _json(value) + english[len(repr(value)) :]
    shown = "" if isinstance(value, (dict, list)) else f"“{_words(value)[:60]}”："
    return {"en": english, "zh-CN": shown + _rule(rule, wanted)}


def _json(value: Any) -> str:
    """A value as it is sent."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _words(value: Any) -> str:
    """The same, a text without its quotes."""
    return value if isinstance(value, str) else _json(value)


def _rule(rule: str, wanted: Any) -> str:
    match rule:
        case "type":
            sorts = [wanted] if isinstance(wanted, str) else list(wanted)
            return "应为" + " 或 ".join(SORTS.get(each, each) for each in sorts)
        case "enum":
            return "可用：" + "、".join(_words(each) for each in wanted)
        case "const":
            return f"应为 {_words(wanted)}"
        case "format":
            return f"不是有效的{FORMATS.get(wanted, f' {wanted}')}"
        case _:
            return RULES.get(rule, OTHER).format(wanted=wanted, rule=rule)
