"""Fields as JSON Schema: what is read, and what may be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import Field

Schema = dict[str, Any]

DECIMAL: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
LABELLED: Schema = {"$ref": "#/components/schemas/Labelled"}
KEPT_FILE: Schema = {"$ref": "#/components/schemas/File"}
PLAIN: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "long_text": {"type": "string"},
    "rich_text": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
    "serial": {"type": "string"},
    "region": {"type": "string"},
    "integer": {"type": "integer"},
    "rating": {"type": "integer"},
    "number": DECIMAL,
    "money": DECIMAL,
    "percent": DECIMAL,
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string"},
    "boolean": {"type": "boolean"},
    "multi_select": {"type": "array", "items": {"type": "string"}},
    "tags": {"type": "array", "items": {"type": "string"}},
    "json": {},
    "address": {"type": "string"},
    "barcode": {"type": "string"},
    "cascade": {"type": "string"},
    "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    "duration": DECIMAL,
    "icon": {"type": "string"},
    "id_card": {"type": "string"},
    "location": {"type": "string"},
    "link_any": {"type": "string", "pattern": "^[a-z][a-z0-9_]*/[0-9]+$"},
    "role": {"type": "string"},
    "secret": {"type": "string"},
}
BY_KIND: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "number": DECIMAL,
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string"},
    "choice": {"type": "string"},
    "record": LABELLED,
    "user": LABELLED,
}


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    if not schema:
        return {}
    if "$ref" in schema or "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def described(schema: Schema, field: Field, locale: str | None) -> Schema:
    """With the words of the field."""
    title = localized(field.options.title, locale)
    words = {"title": title} if title else {}
    if field.options.help:
        words["description"] = localized(field.options.help, locale)
    return {**schema, **words}


def as_read(field: Field, hidden: frozenset[str], locale: str | None) -> Schema:
    """A field as it is answered."""
    match field.options_type:
        case "link" | "member" | "department":
            found = nullable(LABELLED)
        case "link_any":
            found = nullable({"allOf": [LABELLED], "type": "object", "properties": {"form": {"type": "string"}}})
        case "links":
            found = {"type": "array", "items": LABELLED}
        case "attachment" | "image":
            found = {"type": ["array", "null"], "items": KEPT_FILE}
        case "password":
            found = {"type": ["boolean", "null"]}
        case "lines":
            found = {"type": "array", "items": _rows(field, hidden, locale, reading=True)}
        case "formula" | "rollup":
            found = nullable(BY_KIND.get(field.type.kind, {}))
        case _:
            found = nullable(_plain(field))
    return described(found, field, locale)


def as_written(field: Field, hidden: frozenset[str], locale: str | None) -> Schema:
    """A field as it is sent."""
    match field.options_type:
        case "link" | "member" | "department":
            found: Schema = {"type": ["integer", "null"], "minimum": 1}
        case "links" | "attachment" | "image":
            found = {"type": ["array", "null"], "items": {"type": "integer", "minimum": 1}}
        case "lines":
            found = {"type": "array", "items": _rows(field, hidden, locale, reading=False)}
        case "password":
            found = {"type": ["string", "null"]}
        case "duration":
            found = {"type": ["string", "number", "null"]}
        case "number" | "money" | "percent":
            found = {"anyOf": [DECIMAL, {"type": "number"}, {"type": "null"}]}
        case _:
            found = nullable(_plain(field))
    return described(found, field, locale)


def _plain(field: Field) -> Schema:
    options: Any = field.options
    match field.options_type:
        case "select":
            return {"type": "string", "enum": [each.name for each in options.options]}
        case "currency":
            return {"type": "string", "enum": list(field.type.options or ())}
        case "state":
            return {"type": "string", "enum": [each.name for each in options.states]}
        case name:
            found = dict(PLAIN.get(name or "", {}))
    if getattr(options, "max_length", None) and found.get("type") == "string":
        found["maxLength"] = options.max_length
    return found


def _rows(field: Field, hidden: frozenset[str], locale: str | None, *, reading: bool) -> Schema:
    assert field.rows is not None
    properties: dict[str, Schema] = {"id": {"type": "integer"}}
    if reading:
        properties["position"] = {"type": "integer"}
    for each in field.rows.fields.values():
        if f"{field.rows.way}.{each.name}" in hidden or (each.computed and not reading):
            continue
        properties[each.name] = as_read(each, hidden, locale) if reading else as_written(each, hidden, locale)
    return {"type": "object", "properties": properties, "additionalProperties": False}
