"""A payload's JSON Schema as types of the expression language, and payload values as values of these types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Type
from lowcode.kernel.expressions.functions.patterns import unsafe

DEPTH = 4
KINDS: Mapping[type, str] = {int: "integer", float: "number", bool: "boolean"}
"""What a value of a list of values is, where its text may be another one's too."""
PLACES = 400
"""Digits before or after the point that a number may have: more than any that a program sends (1.8e308)."""
NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
"""Under these stand schemas by names, which are no words of the schema language."""
VALUES = frozenset({"enum", "const", "default", "examples"})
"""Under these stand values, which are no schemas."""
NOTHING: Mapping[str, Any] = {}
"""What is not to fit where a schema is `false`: everything does."""
APART = frozenset({"properties", "patternProperties", "prefixItems"})
"""Of a `false` under these jsonschema does not say where it stands."""
OUTSIDE = {
    "en": "'{}' leads out of the schema, and nothing is fetched", "zh-CN": "“{}”指向 schema 之外，而外部内容不会被获取",
}  # fmt: skip
REFERENCES = ("$ref", "$dynamicRef")
SIMPLE: Mapping[str, Type] = {
    "string": Type("text"),
    "number": Type("number"),
    "integer": Type("number", scale=0),
    "boolean": Type("boolean"),
}


def outside(schema: Any) -> dict[str, str] | None:
    """That a reference of a schema leads out of it, or None: nothing is fetched to check what was sent."""
    for part in _parts(schema):
        for word in REFERENCES:
            found = part.get(word)
            if isinstance(found, str) and not found.startswith("#"):
                return {locale: words.format(found) for locale, words in OUTSIDE.items()}
    return None


def endless(schema: Any) -> dict[str, str] | None:
    """Why a pattern of a schema cannot be asked of whatever somebody sends; None where each can: some take longer than
    anybody lives with a text that was made for it."""
    for part in _parts(schema):
        written, named = part.get("pattern"), part.get("patternProperties")
        for pattern in (
            *([written] if isinstance(written, str) else ()),
            *(named if isinstance(named, Mapping) else ()),
        ):
            reason = unsafe(pattern)
            if reason is not None:
                return {locale: f"'{pattern[:80]}': {why}" for locale, why in reason.text.items()}
    return None


def _parts(schema: Any) -> Iterator[Mapping[str, Any]]:
    """The schema and the schemas within it, and what a reference makes one wherever it stands."""
    waiting, seen = [schema], set[int]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        if not isinstance(part, Mapping) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        for word, value in part.items():
            if word in REFERENCES and isinstance(value, str):
                waiting.append(_referred(schema, value))
            elif word in NAMED and isinstance(value, Mapping):
                waiting.extend(value.values())
            elif word not in VALUES:
                waiting.append(value)


def told_apart(schema: Any) -> Any:
    """The same schema, with what is `false` written so that a misfit is told at its place."""
    if isinstance(schema, list):
        return [told_apart(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {word: value if word in VALUES else _told(word, value) for word, value in schema.items()}


def _told(word: str, value: Any) -> Any:
    if word == "prefixItems" and isinstance(value, list):
        return [{"not": NOTHING} if each is False else told_apart(each) for each in value]
    if word not in NAMED or not isinstance(value, Mapping):
        return told_apart(value)
    apart = word in APART
    return {name: {"not": NOTHING} if apart and each is False else told_apart(each) for name, each in value.items()}


def _referred(schema: Any, reference: str) -> Any:
    """What a reference into the schema leads to; None for nothing."""
    for step in unquote(reference).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, list) and name.isdecimal() and len(name) < 10:
            schema = schema[int(name)] if int(name) < len(schema) else None
        else:
            schema = schema.get(name) if isinstance(schema, Mapping) else None
    return schema


def variables(schema: Mapping[str, Any], prefix: str = "payload", depth: int = DEPTH) -> dict[str, Type]:
    """Every path that may be read: `payload.customer.name`."""
    found: dict[str, Type] = {}
    for name, part in properties(schema).items():
        path = f"{prefix}.{name}"
        if not isinstance(part, Mapping):
            found[path] = Type("any")
        elif properties(part) and depth:
            found.update(variables(part, path, depth - 1))
        else:
            found[path] = type_of(part)
    return found


def properties(schema: Any) -> Mapping[str, Any]:
    """The named properties of an object's schema."""
    found = schema.get("properties") if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def type_of(schema: Mapping[str, Any]) -> Type:
    """The type of one value."""
    options = schema.get("enum")
    if isinstance(options, list) and options and all(isinstance(each, str) for each in options):
        return Type("choice", options=tuple(options))
    written = schema.get("type")
    kinds = [each for each in (written if isinstance(written, list) else [written]) if each != "null"]
    if len(kinds) != 1:
        return Type("any")
    if kinds[0] == "string" and schema.get("format") in ("date", "date-time"):
        return Type("date" if schema["format"] == "date" else "datetime")
    return SIMPLE.get(str(kinds[0]), Type("any"))


def lists(schema: Mapping[str, Any], prefix: str, depth: int = DEPTH) -> Iterator[str]:
    """The paths whose value is a list, if there is one."""
    for name, part in properties(schema).items():
        path = f"{prefix}.{name}"
        if properties(part) and depth:
            yield from lists(part, path, depth - 1)
        elif {"array"} == set(_kinds(part)) - {"null"}:
            yield path


def read(types: Mapping[str, Type], payload: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The value of each path. Raises ValueError (path, value) for a date that is none."""
    for path, type_ in types.items():
        value: Any = payload
        for name in path.split(".")[1:]:
            value = value.get(name) if isinstance(value, Mapping) else None
        try:
            yield path, typed(type_, value)
        except ValueError:
            raise ValueError(path, value) from None


def typed(type_: Type, value: Any) -> Any:
    """A JSON value as the language has it."""
    if value is None or value == "":
        return None
    match type_.kind:
        case "date" if isinstance(value, str):
            return date.fromisoformat(value)
        case "datetime" if isinstance(value, str):
            instant = datetime.fromisoformat(value)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        case "number" if isinstance(value, float):
            return Decimal(str(value))
        case _:
            return value


def from_text(schema: Mapping[str, Any], fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """A payload of a form's fields: texts become what the schema wants, where they can. What is blank is left out."""
    found: dict[str, Any] = {}
    for name, texts in fields.items():
        part = properties(schema).get(name)
        given = [each for each in texts if each != ""]
        if isinstance(part, Mapping) and is_list(part):
            if given:
                found[name] = [_of_text(part.get("items"), each) for each in given]
        elif texts[-1] != "":
            found[name] = _of_text(part, texts[-1])
    return found


def is_list(schema: Any) -> bool:
    """Whether a value of it may be several."""
    return "array" in _kinds(schema)


def _kinds(schema: Any) -> list[Any]:
    """The sorts of value a schema names, or that its list of values has."""
    if not isinstance(schema, Mapping):
        return []
    written = schema.get("type")
    if written is not None:
        return list(written) if isinstance(written, list) else [written]
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [KINDS.get(type(each)) for each in values] if isinstance(values, list) else []


def decimal(text: str) -> Decimal:
    """A number that was sent as text. Raises ValueError for what is none, or beyond every column."""
    try:
        found = Decimal(text)
    except ArithmeticError:
        raise Unfit(f"{text[:40]} is no number", f"{text[:40]} 不是数字") from None
    if not found.is_finite() or not -PLACES <= found.adjusted() <= PLACES:
        raise Unfit(f"{text[:40]} is beyond what can be kept", f"{text[:40]} 超出可保存的范围")
    return found


def _of_text(schema: Any, text: str) -> Any:
    kinds = _kinds(schema)
    for kind, read_as in (("integer", int), ("number", decimal)):
        if kind in kinds:
            try:
                return read_as(text)
            except ValueError:
                continue
    if "boolean" in kinds and text.lower() in ("true", "on", "1", "yes", "false", "0", "no"):
        return text.lower() in ("true", "on", "1", "yes")
    return text
