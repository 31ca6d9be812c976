"""A form as addresses and schemas, as far as somebody may use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.api.openapi_calls import as_json, call, in_path
from lowcode.api.openapi_fields import (
    IDENTITY,
    LABELLED,
    Schema,
    as_new_row,
    as_read,
    as_written,
    filled,
    needed_of,
)  # fmt: skip
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.many import GROUPED, ITEMS, Aggregate, key_fields
from lowcode.kernel.records.plan import RecordType

OWN = ("id", "version", "owner", "created_at", "created_by", "updated_at", "updated_by")
"""What every record has."""
LINKS = ("link", "links", "link_any")
PATH = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"
"""A field behind links."""
LIST_PARAMETERS: Mapping[str, Schema] = {
    "view": {"type": "string"},
    "where": {"type": "string", "description": "An expression that holds for the records."},
    "search": {"type": "string"},
    "filter": {
        "type": "string", "contentMediaType": "application/json", "description": "Conditions in groups, as JSON.",
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "after": {"type": "string", "description": "The `next` of the page before."},
    "count": {
        "anyOf": [{"type": "boolean"}, {"const": "whole"}],
        "description": "How many there are, up to a cap, or `whole`.",
    },
}  # fmt: skip


KEY, MATCH = "IdempotencyKey", "IfMatch"
PARAMETERS: Mapping[str, Schema] = {
    **{name: {"name": name, "in": "query", "schema": schema} for name, schema in LIST_PARAMETERS.items()},
    KEY: {
        "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "The same key again gives the first answer, and makes nothing new.",
    },
    MATCH: {
        "name": "If-Match", "in": "header", "schema": {"type": "string"},
        "description": "The version the change is made from (`\"7\"`, as ETag gave it), several of them, or `*` for "
        "any; another one answers 412 with the record as it is.",
    },
}  # fmt: skip
"""What every form has alike, once for the document."""
VERBS = {"create": "create", "update": "edit", "upsert": "create", "delete": "delete"}
"""What may be done of many, and the permission it needs."""
BULK_DONE: Schema = {
    "type": "object", "required": ["items", "done", "refused"],
    "properties": {
        "items": {"type": "array", "items": {"type": "object"}}, "done": {"type": "integer"},
        "refused": {"type": "integer"},
    },
}  # fmt: skip
GROUPS: Schema = {
    "type": "object", "required": ["items", "capped"],
    "properties": {"items": {"type": "array", "items": {"type": "object"}}, "capped": {"type": "boolean"}},
}  # fmt: skip
PART: Schema = {
    "type": "integer", "minimum": 1, "maximum": 999_999_999,
    "description": "So many at once, 999 at most; all of them when left out.",
}  # fmt: skip
HISTORY: Schema = {
    "type": "object", "required": ["items", "next"],
    "properties": {"items": {"type": "array", "items": {"type": "object"}}, "next": {"type": ["string", "null"]}},
}  # fmt: skip


def form_paths(context: Context, record_type: RecordType, schemas: dict[str, Schema]) -> dict[str, Any]:
    """The addresses of a form for whoever asks; its schemas are added to `schemas`."""
    grant = context.host.grant(record_type, context.actor)
    may = {verb for verb in ("read", "create", "edit", "delete") if grant.may(verb)}
    if not may:
        return {}
    name, locale = record_type.name, context.actor.locale
    title = localized(record_type.title, locale) or name
    schemas[name] = record_schema(record_type, grant, locale)
    schemas[f"{name}.values"] = values_schema(record_type, grant, locale)
    schemas[f"{name}.new"] = new_schema(record_type, schemas[f"{name}.values"], context.actor)
    place = f"/api/records/{name}"
    listed = _lists(record_type, grant, schemas)
    paths: dict[str, dict[str, Any]] = {
        place: _many(name, title, may, listed), f"{place}/{{id}}": _single(name, title, may, listed)
    }  # fmt: skip
    if may & {"create", "edit", "delete"}:
        schemas.update(bulk_schemas(record_type, grant, may, schemas[f"{name}.values"], schemas[f"{name}.new"]))
        paths[f"{place}/bulk"] = {
            "post": call(f"{name}.bulk", f"Many at once: {title}", name, {"200": as_json(BULK_DONE)},
                         _of(f"{name}.bulk"), parameters=(_shared(KEY),))
        }  # fmt: skip
    if {"create", "edit"} <= may and (keys := _keys(record_type, grant)):
        one, values = _of(name), _of(f"{name}.values")
        paths[f"{place}/by/{{field}}/{{value}}"] = {
            "parameters": [in_path("field", {"type": "string", "enum": keys}), in_path("value", {"type": "string"})],
            "put": call(f"{name}.upsert", f"Change, or create: {title}", name, {"200": as_json(one),
                        "201": as_json(one)}, values, parameters=(_shared(KEY), _shared(MATCH)))
            | _needed_at_first(schemas[f"{name}.new"], keys),
        }  # fmt: skip
    if "read" in may:
        grouped = [
            *_some(listed, "group", "sum", "average"),
            *map(_shared, ("where", "search")),
        ]
        paths[f"{place}/aggregate"] = {
            "get": call(f"{name}.aggregate", f"Count and add up: {title}", name, {"200": as_json(GROUPS)},
                        parameters=grouped)
        }  # fmt: skip
        paths[f"{place}/{{id}}/history"] = {
            "parameters": [in_path("id", IDENTITY)],
            "get": call(f"{name}.history", f"What changed: {title}", name, {"200": as_json(HISTORY)},
                        parameters=[_asked("limit", PART), _shared("after")]),
        }  # fmt: skip
    return {path: calls for path, calls in paths.items() if calls.keys() - {"parameters"}}


def _needed_at_first(new: Schema, keys: list[str]) -> dict[str, str]:
    """What no schema can say of a call that changes or creates: what has to be there only where it creates."""
    needed = [name for name in new.get("required", ()) if name not in keys]
    words = f"Where no record has the value, one is created, and these have to be there: {', '.join(needed)}."
    return {"description": words} if needed else {}


def _many(name: str, title: str, may: set[str], lists: Mapping[str, Schema]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "read" in may:
        page = {
            "type": "object", "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": _of(name)}, "next": {"type": ["string", "null"]},
                "count": {"type": "object"}, "sums": {"type": "object"}, "expanded": {"type": "object"},
            },
        }  # fmt: skip
        listed = [*map(_shared, LIST_PARAMETERS), *_some(lists, "sort", "fields", "sum", "expand")]
        found["get"] = call(f"{name}.list", f"List: {title}", name, {"200": as_json(page)}, parameters=listed)
    if "create" in may:
        answers, sent = {"201": as_json(_of(name))}, _of(f"{name}.new")
        found["post"] = call(f"{name}.create", f"Create: {title}", name, answers, sent, parameters=(_shared(KEY),))
    return found


def _single(name: str, title: str, may: set[str], lists: Mapping[str, Schema]) -> dict[str, Any]:
    answers = {"200": as_json(_of(name))}
    found: dict[str, Any] = {"parameters": [in_path("id", IDENTITY)]}
    if "read" in may:
        some = _some(lists, "fields", "expand")
        found["get"] = call(f"{name}.get", f"Read: {title}", name, answers, parameters=some)
    if "edit" in may:
        matched = (_shared(KEY), _shared(MATCH))
        found["patch"] = call(
            f"{name}.update", f"Change: {title}", name, answers, _of(f"{name}.values"), parameters=matched
        )
    if "delete" in may:
        found["delete"] = call(
            f"{name}.delete", f"Delete: {title}", name, {"204": {"description": "Gone"}}, parameters=(_shared(MATCH),)
        )
    return found


def _shared(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def _some(lists: Mapping[str, Schema], *names: str) -> list[Schema]:
    return [lists[name] for name in names if name in lists]


def _of(schema: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"}


def _asked(name: str, schema: Schema, words: str = "") -> Schema:
    return {"name": name, "in": "query", "schema": schema, **({"description": words} if words else {})}


MOST: Mapping[str, int] = {
    name: schema["maxItems"]
    for name, schema in Aggregate.model_json_schema()["properties"].items()
    if "maxItems" in schema
}
"""How many names a parameter takes at most."""


def _several(name: str, schema: Schema, words: str) -> Schema:
    """A parameter that lists names, with commas; given several times it is one list as well."""
    listed = {"type": "array", "items": schema, **({"maxItems": MOST[name]} if name in MOST else {})}
    return {**_asked(name, listed, words), "style": "form", "explode": False}


def _lists(record_type: RecordType, grant: Any, schemas: dict[str, Schema]) -> dict[str, Schema]:
    """The parameters that name fields and what they link to; which there are stands in `schemas`, once for the form."""
    own, behind = record_type.name, {"type": "string", "pattern": PATH}
    readable = [each for each in record_type.fields.values() if each.name not in grant.kept]
    flat = [*(each.name for each in readable if each.rows is None and each.name not in record_type.joins), *OWN]
    listed = [*(each.name for each in readable if each.name in record_type.joins), *flat]
    numbers = [each.name for each in readable if each.type.kind == "number"]
    grouping = [each.name for each in readable if each.type.kind in GROUPED]
    followed = [
        each.name for each in readable if each.options_type in LINKS and each.target not in ("user", "department")
    ]  # fmt: skip
    followed += [each for each in record_type.relations if each not in grant.kept]
    found: dict[str, Schema] = {}
    for name, key, names, words in (
        ("sort", "order", [*flat, *(f"-{each}" for each in flat)], "Names, - before one for descending."),
        ("fields", "field", listed, "What is answered of each; all but several links when left out."),
        ("sum", "number", numbers, "Number fields to add up over all that is found."),
        ("average", "number", numbers, "Number fields."),
        ("group", "group", grouping, "Fields whose values make the groups."),
    ):
        if names:
            schemas[f"{own}.{key}"] = {"anyOf": [{"type": "string", "enum": names}, behind]}
            found[name] = _several(name, _of(f"{own}.{key}"), words)
    if followed:
        words = "Links and relations whose records come along, under `expanded`; a thousand of each form."
        schemas[f"{own}.followed"] = {"type": "string", "enum": followed}
        found["expand"] = _several("expand", _of(f"{own}.followed"), words)
    return found


def record_schema(record_type: RecordType, grant: Any, locale: str | None) -> Schema:
    """A record as it is answered."""
    instant = {"type": "string", "format": "date-time"}
    person = {"anyOf": [LABELLED, {"type": "null"}]}
    properties: dict[str, Schema] = {
        "id": {"type": "integer"},
        "version": {"type": "integer"},
        "_label": {"type": "string"},
        "created_at": instant,
        "updated_at": instant,
        "created_by": person,
        "updated_by": person,
        "owner": person,
    }
    for field in record_type.fields.values():
        if field.name not in grant.kept:
            properties[field.name] = as_read(field, grant.kept, locale)
    return {"type": "object", "properties": properties, "required": ["id", "version"]}


def values_schema(record_type: RecordType, grant: Any, locale: str | None) -> Schema:
    """What may be changed of a record."""
    properties: dict[str, Schema] = {"owner": {"anyOf": [IDENTITY, {"type": "null"}]}}
    for field in record_type.fields.values():
        settable = not field.computed and not field.options.read_only and field.options_type != "serial"
        if settable and field.name not in grant.fixed:
            written = as_written(field, grant.fixed | grant.kept, locale)
            properties[field.name] = filled(written) if field.required else written
    return {"type": "object", "properties": properties, "additionalProperties": False}


def new_schema(record_type: RecordType, values: Schema, actor: Actor) -> Schema:
    """What a new record is made of for somebody: what may be changed, and what has to be there from the start."""
    needed = needed_of(record_type.fields.values(), values["properties"])
    properties = dict(values["properties"])
    for each in record_type.fields.values():
        if each.options_type == "state" and each.name in properties:
            properties[each.name] = _beginning(each, properties[each.name], actor)
        if each.rows is not None and each.name in properties:
            rows = properties[each.name]
            properties[each.name] = {**rows, "items": as_new_row(rows["items"])}
    return {**values, "properties": properties, **({"required": needed} if needed else {})}


def _keys(record_type: RecordType, grant: Any) -> list[str]:
    """The fields by whose value somebody may name one record."""
    return [name for name in key_fields(record_type, grant) if name not in grant.fixed]


MANY_ITEM, MANY_EACH = "ManyItem", "ManyEach"
_LOOSE: Schema = {
    "do": {"type": "string", "enum": list(VERBS), "default": "create"}, "id": IDENTITY, "by": {"type": "string"},
    "version": IDENTITY, "values": {"type": "object"},
}  # fmt: skip
_ITEM: Schema = {"type": "object", "additionalProperties": False, "properties": _LOOSE}


def _together(together: bool, items: Schema) -> Schema:
    return {
        "type": "object", "required": ["items", "together"] if together else ["items"], "additionalProperties": False,
        "properties": {
            "together": {"const": together, "description": "All or none; otherwise each for itself."},
            "items": {"type": "array", "maxItems": ITEMS, "items": items},
        },
    }  # fmt: skip


MANY: Mapping[str, Schema] = {MANY_ITEM: _ITEM, MANY_EACH: _together(False, _of(MANY_ITEM))}
"""Many at once, each for itself: the same for all forms."""


def bulk_schemas(record_type: RecordType, grant: Any, may: set[str], values: Schema, new: Schema) -> dict[str, Schema]:
    """Many at once. Each for itself, what does not fit is answered in its place; together, one of them refuses all,
    and then each has to fit. Every object has a name: programs that write clients make a class of each."""
    name = f"{record_type.name}.bulk"
    found: dict[str, Schema] = {}
    fitting = []
    for verb, key, needed, narrower in _items(record_type, values, _keys(record_type, grant)):
        if VERBS[verb] in may:
            own = ".".join(filter(None, (name, verb, key)))
            if key:
                found[f"{own}.values"], narrower = narrower["values"], {**narrower, "values": _of(f"{own}.values")}
            told = _needed_at_first(new, [key]) if verb == "upsert" else {}
            parts = {**_LOOSE, "do": {"const": verb}, **narrower}
            found[own] = {**_ITEM, **told, "required": needed, "properties": parts}
            fitting.append(_of(own))
    found[f"{name}.together"] = _together(True, {"anyOf": fitting})
    return {**found, name: {"anyOf": [_of(MANY_EACH), _of(f"{name}.together")]}}


def _items(record_type: RecordType, values: Schema, keys: list[str]) -> Iterator[tuple[str, str, list[str], Schema]]:
    """What is done with one of many, by which field, what has to be said for it, and how."""
    yield "create", "", ["values"], {"values": _of(f"{record_type.name}.new")}
    yield "update", "", ["do", "id"], {"values": _of(f"{record_type.name}.values")}
    yield "delete", "", ["do", "id"], {}
    for key in keys:
        named = {**values["properties"], key: filled(values["properties"][key])}
        sent = {"by": {"const": key}, "values": {**values, "properties": named, "required": [key]}}
        yield "upsert", key, ["do", "by", "values"], sent


def _beginning(field: Any, schema: Schema, actor: Actor) -> Schema:
    """A state as a new record of somebody may have it: the first, or one that they may take it to from there."""
    options = field.options
    if options.initial is None or not options.transitions:
        return schema
    reached = {each.to for each in options.transitions if each.starts_at(options.initial) and each.open_to(actor)}
    named = [each.name for each in options.states if each.name in reached | {options.initial}]
    branches = [{**each, "enum": named} if "enum" in each else each for each in schema.get("anyOf", ())]
    return {**schema, "anyOf": branches} if branches else {**schema, "enum": named}
