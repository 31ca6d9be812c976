"""The description of the API for whoever asks, as far as they may use it: OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.api.openapi_fields import LABELLED, Schema, as_read, as_written
from lowcode.api.plan import plan_of
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.facets import FACETS
from lowcode.kernel.records.plan import RecordType

PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "values": {"type": "object"},
                },
            },
        },
    },
}
SHARED: Mapping[str, Schema] = {
    "Problem": PROBLEM,
    "Labelled": {
        "type": "object",
        "required": ["id", "label"],
        "properties": {"id": {"type": "integer"}, "label": {"type": "string"}},
    },
    "File": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "size": {"type": "integer"},
            "type": {"type": "string"},
        },
    },
}
LIST_PARAMETERS: Mapping[str, Schema] = {
    "view": {"type": "string"},
    "where": {"type": "string", "description": "An expression that holds for the records."},
    "search": {"type": "string"},
    "sort": {"type": "string", "description": "Names, - before one for descending."},
    "fields": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "after": {"type": "string", "description": "The `next` of the page before."},
    "count": {"type": "boolean"},
    "expand": {
        "type": "string",
        "description": "Links and relations whose records come along, under `expanded`; a thousand of each form.",
    },
}


class Describe(Parameters):
    """Where the app is mounted."""

    root: str = ""


def describe(context: Context, params: Describe) -> dict[str, Any]:
    """The whole document."""
    definition = context.app.definition
    paths: dict[str, Any] = {}
    schemas: dict[str, Schema] = dict(SHARED)
    for record_type in context.app.types.values():
        if record_type.parent is None:
            paths.update(_form(context, record_type, schemas))
    paths.update(_operations(context, schemas))
    paths.update(dict(_intakes(context)))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": localized(definition.title, context.actor.locale) or definition.name,
            "version": definition.version,
        },
        "servers": [{"url": params.root or "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "lowcode_session"},
            },
        },
        "security": [{"key": []}, {"session": []}],
    }


def _form(context: Context, record_type: RecordType, schemas: dict[str, Schema]) -> dict[str, Any]:
    grant = context.host.grant(record_type, context.actor)
    if not any(grant.may(verb) for verb in ("read", "create", "edit", "delete")):
        return {}
    name, locale = record_type.name, context.actor.locale
    title = localized(record_type.title, locale) or name
    schemas[name] = record_schema(record_type, grant, locale)
    schemas[f"{name}.values"] = values_schema(record_type, grant, locale)
    one, values = {"$ref": f"#/components/schemas/{name}"}, {"$ref": f"#/components/schemas/{name}.values"}
    page = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": one},
            "next": {"type": ["string", "null"]},
            "count": {"type": "object"},
        },
    }
    many: dict[str, Any] = {}
    single: dict[str, Any] = {"parameters": [_in_path("id", {"type": "integer"})]}
    if grant.may("read"):
        listed = [{"name": key, "in": "query", "schema": schema} for key, schema in LIST_PARAMETERS.items()]
        many["get"] = _call(f"{name}.list", f"List: {title}", name, {"200": _json(page)}, parameters=listed)
        single["get"] = _call(f"{name}.get", f"Read: {title}", name, {"200": _json(one)})
    if grant.may("create"):
        key = [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}]
        many["post"] = _call(f"{name}.create", f"Create: {title}", name, {"201": _json(one)}, values, parameters=key)
    if grant.may("edit"):
        match = [{"name": "If-Match", "in": "header", "schema": {"type": "string"}}]
        single["patch"] = _call(
            f"{name}.update", f"Change: {title}", name, {"200": _json(one)}, values, parameters=match
        )
    if grant.may("delete"):
        single["delete"] = _call(f"{name}.delete", f"Delete: {title}", name, {"204": {"description": "Gone"}})
    found = {f"/api/records/{name}": many} if many else {}
    return {**found, f"/api/records/{name}/{{id}}": single} if len(single) > 1 else found


def record_schema(record_type: RecordType, grant: Any, locale: str | None) -> Schema:
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
    properties: dict[str, Schema] = {"owner": {"type": ["integer", "null"]}}
    for field in record_type.fields.values():
        if not field.computed and field.name not in grant.fixed and field.options_type != "serial":
            properties[field.name] = as_written(field, grant.fixed | grant.kept, locale)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _operations(context: Context, schemas: dict[str, Schema]) -> dict[str, Any]:
    found = {}
    for operation in context.app.operations.values():
        if not may_ask(context, operation):
            continue
        try:
            schema = operation.params.model_json_schema(ref_template="#/components/schemas/{model}")
        except Exception:  # a parameter that is no JSON (bytes of a file) is asked for at an address of its own
            continue
        for name, part in schema.pop("$defs", {}).items():
            schemas.setdefault(name, part)
        summary = localized(operation.summary, context.actor.locale) or operation.name
        answers = {"200": _json({})}
        found[f"/api/operations/{operation.name}"] = {
            "post": _call(operation.name, summary, operation.name.partition(".")[0], answers, schema)
        }
    return found


def may_ask(context: Context, operation: Operation) -> bool:
    """Whether this actor may ask it at all; what depends on the parameters is decided when it is asked."""
    if operation.access == "internal" or operation.name.partition(".")[2] in FACETS:
        return False
    actor = context.actor
    if operation.access == "administrator" and not actor.is_administrator:
        return False
    if actor.narrowed and not operation.granted and operation.access != "anyone":
        return False
    return operation.access == "anyone" or actor.is_app or (actor.id is not None and actor.may_ask(operation.name))


def _intakes(context: Context) -> Iterator[tuple[str, Any]]:
    actor = context.actor
    for intake in plan_of(context).intakes.values():
        limited = bool(actor.limits or actor.narrowed) and not ({"intake", f"intake:{intake.name}"} & actor.limits)
        if not intake.public and (actor.id is None or limited):
            continue
        answers = {"200": _json({"type": "object"}), "201": _json({"type": "object"})}
        title = localized(intake.title, actor.locale)
        call = _call(f"intake.{intake.name}", title, "intake", answers, dict(intake.schema))
        if intake.public:
            call["security"] = []
        yield f"/api/intake/{intake.name}", {"post": call}


def _call(
    identity: str,
    summary: str,
    tag: str,
    answers: Mapping[str, Any],
    body: Schema | None = None,
    *,
    parameters: Any = (),
) -> dict[str, Any]:
    problem = {
        "description": "Refused: what is wrong, all of it",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    found: dict[str, Any] = {
        "operationId": identity,
        "summary": summary,
        "tags": [tag],
        "responses": {**answers, "default": problem},
    }
    if parameters:
        found["parameters"] = list(parameters)
    if body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def _json(schema: Schema) -> dict[str, Any]:
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _in_path(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}
