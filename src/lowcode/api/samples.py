"""A payload's JSON Schema made of a sample of it, and the fields of a form that its parts are likely meant for.

Nobody is asked to write a schema: one pastes what the other program sends. What a sample cannot tell (which values a
choice has, how long a text gets) is left open; `examples` of the schema keeps the sample, so that the mapping is tried
with it later. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from lowcode.api.diagnostics import problem
from lowcode.api.schemas import properties, variables
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.plan import Field, RecordType

DEPTH = 8
"""Objects and lists within each other; what lies deeper is left open."""
ENTRIES = 200
"""So many entries of a list say what the others are like."""
PROPERTIES = 500
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
    """The schema of an object like this one, with the sample in it. Raises Rejected where the schema would have more
    properties than a message has: then keys are data, and no form has a field for each."""
    schema = _schema([sample], DEPTH)
    count = sum(_counted(schema))
    if count > PROPERTIES:
        raise Rejected(problem("sample-wide", "/sample", count=str(count), limit=str(PROPERTIES)))
    return {**schema, "examples": [dict(sample)]}


def _schema(values: Sequence[Any], depth: int) -> dict[str, Any]:
    """One schema for what stands in one place, in the object itself or in all entries of a list: what they have in
    common, and the parts of all objects. Each value is looked at once."""
    kinds = {_kind(each) for each in values}
    if kinds == {"integer", "number"}:
        return {"type": "number"}
    kind = kinds.pop()
    if kinds or kind is None or (kind in ("array", "object") and depth <= 0):
        return {}
    if kind == "array":
        entries = list(islice(chain.from_iterable(values), ENTRIES))
        return {"type": "array", **({"items": _schema(entries, depth - 1)} if entries else {})}
    if kind == "object":
        parts: dict[str, list[Any]] = {}
        for each in values:
            for name, part in each.items():
                parts.setdefault(name, []).append(part)
        return {"type": "object", "properties": {name: _schema(found, depth - 1) for name, found in parts.items()}}
    formats = {_format(each) for each in values} if kind == "string" else set()
    written = formats.pop() if len(formats) == 1 else None
    return {"type": kind, **({"format": written} if written is not None else {})}


def _kind(value: Any) -> str | None:
    """What JSON Schema calls a value; None for null, which tells nothing of what stands there else."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return None


def _counted(schema: Mapping[str, Any]) -> Iterator[int]:
    """How many properties it has, in all depths."""
    parts = properties(schema)
    yield len(parts)
    for part in (*parts.values(), schema.get("items", {})):
        yield from _counted(part) if part else ()


def _format(text: str) -> str | None:
    for word, pattern, read in (
        ("date", DATE, date.fromisoformat), ("date-time", INSTANT, datetime.fromisoformat), ("email", EMAIL, str),
    ):  # fmt: skip
        if pattern.fullmatch(text):
            try:
                read(text)
            except ValueError:
                continue
            return word
    return None


def suggested(schema: Mapping[str, Any], record_type: RecordType) -> dict[str, str]:
    """Fields that parts of the payload are likely meant for, by their names; each part for one field."""
    paths = [path for path in variables(schema) if all(part.isidentifier() for part in path.split("."))]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for by in (_called_so, _ends_so, _of_its_type):
        for name in record_type.sets:
            field = record_type.fields.get(name)
            if name in found or field is None:
                continue
            path = next((each for each in paths if each not in taken and by(each, field)), None)
            if path is not None:
                found[name] = path
                taken.add(path)
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
