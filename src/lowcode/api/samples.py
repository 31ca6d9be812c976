"""A payload's JSON Schema made of a sample of it, and the fields of a form that its parts are likely meant for.

Nobody is asked to write a schema: one pastes what the other program sends. What a sample cannot tell (which values a
choice has, how long a text gets) is left open; `examples` of the schema keeps the sample, so that the mapping is tried
with it later. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from lowcode.api.schemas import properties, variables
from lowcode.kernel.records.plan import Field, RecordType

DEPTH = 8
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})")
ALIKE: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone", "mobile", "tel", "telephone", "cell"),
    "email": ("email", "mail", "e_mail"),
    "url": ("url", "website", "page", "link"),
}
"""What parts are called that are meant for a field of a type, whatever the field is called."""


def schema_of_sample(sample: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object like this one, with the sample in it."""
    return {**_schema(sample, DEPTH), "examples": [dict(sample)]}


def _schema(value: Any, depth: int) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case str():
            return {"type": "string", **_format(value)}
        case list():
            return {
                "type": "array",
                **({"items": _joined([_schema(each, depth - 1) for each in value])} if value else {}),
            }
        case dict() if depth:
            return {
                "type": "object",
                "properties": {str(name): _schema(each, depth - 1) for name, each in value.items()},
            }
        case _:
            return {}


def _format(text: str) -> dict[str, str]:
    for word, pattern, read in (
        ("date", DATE, date.fromisoformat), ("date-time", INSTANT, datetime.fromisoformat), ("email", EMAIL, str),
    ):  # fmt: skip
        if pattern.fullmatch(text):
            try:
                read(text)
            except ValueError:
                continue
            return {"format": word}
    return {}


def _joined(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema for the entries of a list: what they have in common, and the parts of all objects."""
    first = schemas[0]
    if all(each == first for each in schemas):
        return first
    kinds = {each.get("type") for each in schemas}
    if kinds <= {"integer", "number"}:
        return {"type": "number"}
    if kinds != {"object"}:
        return {"type": kinds.pop()} if len(kinds) == 1 and None not in kinds else {}
    names = dict.fromkeys(name for each in schemas for name in properties(each))
    parts = {name: [properties(each)[name] for each in schemas if name in properties(each)] for name in names}
    return {"type": "object", "properties": {name: _joined(found) for name, found in parts.items()}}


def suggested(schema: Mapping[str, Any], record_type: RecordType) -> dict[str, str]:
    """Fields that parts of the payload are likely meant for, by their names; each part for one field."""
    paths = [path for path in variables(schema) if all(part.isidentifier() for part in path.split("."))]
    found: dict[str, str] = {}
    for by in (_called_so, _ends_so, _of_its_type):
        for name in record_type.sets:
            field = record_type.fields.get(name)
            if name in found or field is None:
                continue
            path = next((each for each in paths if each not in found.values() and by(each, field)), None)
            if path is not None:
                found[name] = path
    return {name: found[name] for name in record_type.sets if name in found}


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def _titles(field: Field) -> Iterator[str]:
    yield field.name
    title: Any = field.title
    yield from title.values() if isinstance(title, Mapping) else [str(title or "")]


def _called_so(path: str, field: Field) -> bool:
    return "_".join(path.split(".")[1:]) == field.name or (path.count(".") == 1 and path.endswith(f".{field.name}"))


def _ends_so(path: str, field: Field) -> bool:
    last = path.rpartition(".")[2]
    return bool(_plain(last)) and _plain(last) in {_plain(each) for each in _titles(field)}


def _of_its_type(path: str, field: Field) -> bool:
    words = ALIKE.get(field.options_type or "", ())
    return path.rpartition(".")[2].lower() in words
