"""A form as addresses and schemas, as far as somebody may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.api.openapi_calls import as_json, call, in_path
from lowcode.api.openapi_fields import LABELLED, Schema, as_read, as_written
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import RecordType

LIST_PARAMETERS: Mapping[str, Schema] = {
    "view": {"type": "string"},
    "where": {"type": "string", "description": "An expression that holds for the records."},
    "search": {"type": "string"},
    "sort": {"type": "string", "description": "Names, - before one for descending."},
    "fields": {"type": "string"},
    "filter": {"type": "string", "description": "Conditions in groups, as JSON."},
    "sum": {"type": "string", "description": "Number fields to add up over all that is found."},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "after": {"type": "string", "description": "The `next` of the page before."},
    "count": {"type": "boolean"},
    "expand": {
        "type": "string",
        "description": "Links and relations whose records come along, under `expanded`; a thousand of each form.",
    },
}


KEY: Schema = {
    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key again gives the first answer, and makes nothing new.",
}  # fmt: skip
MATCH: Schema = {
    "name": "If-Match", "in": "header", "schema": {"type": "string"},
    "description": "The version the change is made from (`\"7\"`, as ETag gave it), several of them, or `*` for any; "
    "another one answers 412 with the record as it is.",
}  # fmt: skip
IDENTITY: Schema = {"type": "integer", "minimum": 1}
BULK: Schema = {
    "type": "object", "required": ["items"], "additionalProperties": False,
    "properties": {
        "together": {"type": "boolean", "description": "All or none; otherwise each for itself."},
        "items": {
            "type": "array", "maxItems": 1000,
            "items": {
                "type": "object", "required": ["do"],
                "properties": {
                    "do": {"type": "string", "enum": ["create", "update", "upsert", "delete"]}, "id": IDENTITY,
                    "by": {"type": "string"}, "version": {"type": "integer"}, "values": {"type": "object"},
                },
            },
        },
    },
}  # fmt: skip
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
GROUPED: Mapping[str, str] = {
    "group": "Fields whose values make the groups, with commas.", "sum": "Number fields, with commas.",
    "average": "Number fields, with commas.", "where": "An expression that holds for the records.", "search": "Words.",
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
    schemas[f"{name}.new"] = new_schema(record_type, schemas[f"{name}.values"])
    place = f"/api/records/{name}"
    paths: dict[str, dict[str, Any]] = {place: _many(name, title, may), f"{place}/{{id}}": _single(name, title, may)}
    if may & {"create", "edit", "delete"}:
        paths[f"{place}/bulk"] = {
            "post": call(f"{name}.bulk", f"Many at once: {title}", name, {"200": as_json(BULK_DONE)}, BULK,
                         parameters=(KEY,))
        }  # fmt: skip
    if {"create", "edit"} <= may and any(len(each.fields) == 1 for each in record_type.unique):
        keys = [each.fields[0] for each in record_type.unique if len(each.fields) == 1]
        one, values = _of(name), _of(f"{name}.values")
        paths[f"{place}/by/{{field}}/{{value}}"] = {
            "parameters": [in_path("field", {"type": "string", "enum": keys}), in_path("value", {"type": "string"})],
            "put": call(f"{name}.upsert", f"Change, or create: {title}", name, {"200": as_json(one),
                        "201": as_json(one)}, values, parameters=(KEY, MATCH)),
        }  # fmt: skip
    if "read" in may:
        grouped = [_asked(key, {"type": "string"}, words) for key, words in GROUPED.items()]
        paged = [
            _asked("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
            _asked("after", {"type": "string"}),
        ]
        paths[f"{place}/aggregate"] = {
            "get": call(f"{name}.aggregate", f"Count and add up: {title}", name, {"200": as_json(GROUPS)},
                        parameters=grouped)
        }  # fmt: skip
        paths[f"{place}/{{id}}/history"] = {
            "parameters": [in_path("id", IDENTITY)],
            "get": call(f"{name}.history", f"What changed: {title}", name, {"200": as_json(HISTORY)},
                        parameters=paged),
        }  # fmt: skip
    return {path: calls for path, calls in paths.items() if calls.keys() - {"parameters"}}


def _many(name: str, title: str, may: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "read" in may:
        page = {
            "type": "object", "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": _of(name)}, "next": {"type": ["string", "null"]},
                "count": {"type": "object"}, "sums": {"type": "object"}, "expanded": {"type": "object"},
            },
        }  # fmt: skip
        listed = [_asked(key, schema) for key, schema in LIST_PARAMETERS.items()]
        found["get"] = call(f"{name}.list", f"List: {title}", name, {"200": as_json(page)}, parameters=listed)
    if "create" in may:
        answers = {"201": as_json(_of(name))}
        found["post"] = call(f"{name}.create", f"Create: {title}", name, answers, _of(f"{name}.new"), parameters=(KEY,))
    return found


def _single(name: str, title: str, may: set[str]) -> dict[str, Any]:
    answers = {"200": as_json(_of(name))}
    found: dict[str, Any] = {"parameters": [in_path("id", IDENTITY)]}
    if "read" in may:
        found["get"] = call(f"{name}.get", f"Read: {title}", name, answers)
    if "edit" in may:
        found["patch"] = call(
            f"{name}.update", f"Change: {title}", name, answers, _of(f"{name}.values"), parameters=(KEY, MATCH)
        )
    if "delete" in may:
        found["delete"] = call(
            f"{name}.delete", f"Delete: {title}", name, {"204": {"description": "Gone"}}, parameters=(MATCH,)
        )
    return found


def _of(schema: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"}


def _asked(name: str, schema: Schema, words: str = "") -> Schema:
    return {"name": name, "in": "query", "schema": schema, **({"description": words} if words else {})}


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
        if not field.computed and field.name not in grant.fixed and field.options_type != "serial":
            properties[field.name] = as_written(field, grant.fixed | grant.kept, locale)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def new_schema(record_type: RecordType, values: Schema) -> Schema:
    """What a new record is made of: what may be changed, and what has to be there from the start."""
    needed = [
        each.name
        for each in record_type.fields.values()
        if each.required and each.default is None and each.name in values["properties"]
    ]
    return {**values, "required": needed} if needed else values
