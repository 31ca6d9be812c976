"""Fields as JSON Schema: what is read, and what may be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import Field

Schema = dict[str, Any]

IDENTITY: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
DIGITS = 15
"""Before the point of a number (`records/fields/numbers`)."""
LARGEST = 10**DIGITS
_BETWEEN = r"[\s().\-–—（）．－]*"
_DIGIT = rf"([0-9０-９]{_BETWEEN})"
PHONE = rf"^{_BETWEEN}[+＋]?{_BETWEEN}{_DIGIT}{{5,15}}([x,#转ｘ，＃]{_BETWEEN}{_DIGIT}{{1,6}})?$"
"""However it is typed, in full width, too."""
EMAIL = r"""^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;.]+$"""
SAID = r"[^\s\x1c-\x1f\x85]"
"""A character that is no blank: some patterns take for one what is cut off as a blank when it is stored."""
DECIMAL: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
LABELLED: Schema = {"$ref": "#/components/schemas/Labelled"}
KEPT_FILE: Schema = {"$ref": "#/components/schemas/File"}
PLAIN: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "long_text": {"type": "string"},
    "rich_text": {"type": "string"},
    "email": {"type": "string", "format": "email", "pattern": EMAIL},
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
        case "links" | "members" | "departments":
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
    return described(_masked(found) if field.options.mask else found, field, locale)


def _masked(schema: Schema) -> Schema:
    """Text that some see as it is, and others under a mask."""
    typed = {"pattern", "format", "maxLength"}
    return {name: part for name, part in schema.items() if name not in typed}


def as_written(field: Field, hidden: frozenset[str], locale: str | None) -> Schema:
    """A field as it is sent."""
    options: Any = field.options
    match field.options_type:
        case "link" | "member" | "department":
            found: Schema = nullable(IDENTITY)
        case "links" | "members" | "departments" | "attachment" | "image":
            found = {"type": ["array", "null"], "items": IDENTITY}
        case "lines":
            found = {"type": "array", "items": _rows(field, hidden, locale, reading=False)}
        case "password":
            found = {"type": ["string", "null"]}
        case "duration":
            found = {"type": ["string", "number", "null"]}
        case "number" | "money" | "percent":
            found = {"anyOf": [_digits(field), {"type": "number", **_limits(field)}, {"type": "null"}]}
        case "integer":
            found = {"type": ["integer", "null"], **_limits(field)}
        case "phone":
            found = nullable({**_plain(field), "pattern": PHONE})
        case "rating":
            found = {"type": ["integer", "null"], "minimum": 0, "maximum": options.stars}
        case _:
            found = nullable(_plain(field))
    return _conditioned(described(found, field, locale), field)


def _conditioned(schema: Schema, field: Field) -> Schema:
    """With the condition under which it has to be there, which no schema says."""
    if field.options.required_when is None:
        return schema
    words = f"Needed when {field.options.required_when}"
    return {**schema, "description": f"{schema['description']} {words}" if "description" in schema else words}


def _digits(field: Field) -> Schema:
    """A number as text, with as many places as its field has."""
    scale = field.type.scale or 0
    places = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return {"type": "string", "pattern": rf"^-?[0-9]{{1,{DIGITS}}}{places}$"}


def _limits(field: Field) -> Schema:
    """Between what a number lies."""
    least, most = getattr(field.options, "min", None), getattr(field.options, "max", None)
    return {
        "minimum": as_json_number(least) if least is not None else 1 - LARGEST,
        "maximum": as_json_number(most) if most is not None else LARGEST - 1,
    }


def as_json_number(value: Any) -> int | float:
    """A limit as JSON has it."""
    return int(value) if value == int(value) else float(value)


def filled(schema: Schema) -> Schema:
    """The schema of what has to be there: neither null nor blank."""
    found = {name: part for name, part in schema.items() if name != "anyOf"}
    branches = [filled(each) for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if branches:
        return {**found, "anyOf": branches} if len(branches) > 1 else {**found, **branches[0]}
    kinds = schema.get("type")
    if isinstance(kinds, list):
        left = [each for each in kinds if each != "null"]
        found["type"] = left[0] if len(left) == 1 else left
    if found.get("type") == "string" and not {"enum", "pattern", "format"} & found.keys():
        found |= {"minLength": 1, "pattern": SAID}
    if found.get("type") == "array":
        found["minItems"] = 1
    return found


def _plain(field: Field) -> Schema:
    options: Any = field.options
    match field.options_type:
        case "select":
            return {"type": "string", "enum": [each.name for each in options.options]}
        case "currency":
            return {"type": "string", "enum": list(field.type.options or ())}
        case "state":
            return {"type": "string", "enum": [each.name for each in options.states]}
        case "link_any":
            return {"type": "string", "pattern": rf"^({'|'.join(options.to)})/[0-9]{{1,15}}$"}
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
        if f"{field.rows.way}.{each.name}" in hidden or (not reading and (each.computed or each.options.read_only)):
            continue
        properties[each.name] = as_read(each, hidden, locale) if reading else as_written(each, hidden, locale)
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if reading:
        return found
    for each in field.rows.fields.values():
        if each.required and each.name in properties:
            properties[each.name] = filled(properties[each.name])
    needed = needed_of(field.rows.fields.values(), properties)
    return found if not needed else {**found, "if": {"not": {"required": ["id"]}}, "then": {"required": needed}}


def needed_of(fields: Iterable[Field], properties: Mapping[str, Schema]) -> list[str]:
    """What has to be there from the start, of what may be written."""
    return [
        each.name
        for each in fields
        if each.required and each.default is None and each.options.default is None and each.name in properties
    ]


def as_new_row(row: Schema) -> Schema:
    """A row as a new record may have it: it has no number yet, and what has to be there is."""
    kept = {word: part for word, part in row.items() if word not in ("if", "then")}
    properties = {name: part for name, part in row["properties"].items() if name != "id"}
    return {**kept, "properties": properties, **row.get("then", {})}
