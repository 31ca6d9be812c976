"""The description of the API for whoever asks, as far as they may use it: OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from lowcode.api.endpoints.described import endpoint_paths
from lowcode.api.openapi_calls import as_json, call
from lowcode.api.openapi_clients import for_clients
from lowcode.api.openapi_fields import Schema
from lowcode.api.openapi_forms import MANY, PARAMETERS, form_paths
from lowcode.api.plan import plan_of
from lowcode.api.proofs import STANDARD
from lowcode.kernel.answers import answer_schema, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.facets import FACETS

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
        "properties": {
            "id": {"type": "integer"},
            "label": {"type": "string"},
            "deleted": {"type": "boolean"},
            "hidden": {"type": "boolean"},
        },
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


ARRIVING = frozenset({"api.intake", "api.endpoint", "api.endpoint_read"})
"""What has addresses of its own, one for each intake and endpoint."""


class Describe(Parameters):
    """Where the app is mounted, and what the cookie of a session is called there."""

    root: str = ""
    cookie: str = "lowcode_session"


def describe(
    context: Context, params: Describe
) -> Annotated[
    dict[str, Any], has(openapi=str, info=dict, servers=list[dict], paths=dict, components=dict, security=list[dict])
]:
    """The whole document."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Schema] = {**SHARED, **MANY}
    for record_type in context.app.types.values():
        if record_type.parent is None:
            paths.update(form_paths(context, record_type, schemas))
    paths.update(_operations(context, schemas))
    paths.update(dict(_intakes(context)))
    paths.update(endpoint_paths(context))
    return {
        "openapi": "3.1.0",
        "info": _info(context),
        "servers": [{"url": params.root or "/"}],
        "paths": {path: for_clients(calls) for path, calls in paths.items()},
        "components": {
            "schemas": {name: for_clients(schema) for name, schema in schemas.items()},
            "parameters": dict(PARAMETERS),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": params.cookie},
            },
        },
        "security": [{"key": []}, {"session": []}],
    }


def _info(context: Context) -> dict[str, str]:
    """What the app is. Tools make names of packages and classes of the title and take ASCII for them: where it is
    written otherwise the title is the one in English, or else the name, and the summary is what people read."""
    definition = context.app.definition
    read = localized(definition.title, context.actor.locale) or definition.name
    titles = (read, localized(definition.title, "en"), definition.name)
    title = next((each for each in titles if each and each.isascii()), definition.name)
    return {"title": title, "version": definition.version} | ({"summary": read} if read != title else {})


def _operations(context: Context, schemas: dict[str, Schema]) -> dict[str, Any]:
    found = {}
    for operation in context.app.operations.values():
        if operation.name in ARRIVING or not may_ask(context, operation):
            continue
        try:
            schema = operation.params.model_json_schema(ref_template="#/components/schemas/{model}")
        except Exception:  # a parameter that is no JSON (bytes of a file) is asked for at an address of its own
            continue
        for name, part in schema.pop("$defs", {}).items():
            schemas.setdefault(name, as_taken(part))
        summary = localized(operation.summary, context.actor.locale) or operation.name
        answers = {"200": as_json(answer_schema(operation.run) or {})}
        asked = call(operation.name, summary, operation.name.partition(".")[0], answers, as_taken(schema))
        if operation.access == "anyone":
            asked["security"] = [{}, {"key": []}, {"session": []}]
        found[f"/api/operations/{operation.name}"] = {"post": asked}
    return found


def as_taken(schema: Any) -> Any:
    """The schema of parameters as they are taken: whole numbers have 64 bits, and keys of an author's own (`x-note`)
    belong to documents. Titles, which repeat names of Python, are left out: programs that write clients name classes by
    them, and a class `List` or `File` hides what its language calls so."""
    if isinstance(schema, list):
        return [as_taken(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    taken = {
        name: part if name in ("default", "const", "enum", "examples") else as_taken(part)
        for name, part in schema.items()
        if (name != "patternProperties" or part != {"^x-": {}}) and not (name == "title" and isinstance(part, str))
    }
    return {**taken, "format": "int64"} if schema.get("type") == "integer" and "format" not in schema else taken


def may_ask(context: Context, operation: Operation) -> bool:
    """Whether this actor may ask it at all; what depends on the parameters is decided when it is asked."""
    if operation.access == "internal" or operation.name.partition(".")[2] in FACETS:
        return False
    actor = context.actor
    if operation.access == "administrator" and not actor.is_administrator:
        return False
    if actor.narrowed and not operation.granted and operation.access != "anyone":
        return False
    return (
        operation.access == "anyone"
        or actor.is_app
        or (actor.id is not None and actor.may_ask(operation.name, operation.verb))
    )


def _intakes(context: Context) -> Iterator[tuple[str, Any]]:
    actor = context.actor
    for intake in plan_of(context).intakes.values():
        limited = bool(actor.limits or actor.narrowed) and not ({"intake", f"intake:{intake.name}"} & actor.limits)
        if not intake.public and (actor.id is None or limited):
            continue
        answers = {"200": as_json({"type": "object"}), "201": as_json({"type": "object"})}
        title = localized(intake.title, actor.locale)
        taken = call(f"intake.{intake.name}", title, "intake", answers, dict(intake.schema))
        if intake.public or intake.signed:
            taken["security"] = []
        if intake.signed is not None:
            names = (intake.signed.header,) if intake.signed.header else STANDARD
            taken["parameters"] = [
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in names
            ]
        yield f"/api/intake/{intake.name}", {"post": taken}
