"""The endpoints a caller may call, in OpenAPI 3.1 and as tools of an agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.api.endpoints.calling import may_call
from lowcode.api.endpoints.plan import Body, Each, Endpoint, Nested
from lowcode.api.openapi_calls import as_json, call, in_path
from lowcode.api.openapi_fields import DECIMAL, Schema, nullable
from lowcode.api.plan import plan_of
from lowcode.api.schemas import properties
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.expressions import Type

TOOL = "endpoint_"
SIMPLE: Mapping[str, Schema] = {
    "text": {"type": "string"}, "boolean": {"type": "boolean"}, "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"}, "time": {"type": "string"},
    "multi": {"type": "array", "items": {"type": "string"}}, "record": {"type": "integer"},
    "user": {"type": "integer"},
}  # fmt: skip


def endpoint_paths(context: Context) -> dict[str, Any]:
    """The addresses, with the schemas and examples of their documents."""
    found: dict[str, Any] = {}
    for endpoint in _callable(context):
        path = found.setdefault(f"/api/endpoints/{endpoint.path}", {})
        if endpoint.parts:
            parts = properties(endpoint.path_schema)
            path["parameters"] = [in_path(name, dict(parts[name])) for name in endpoint.parts]
        path[endpoint.method.lower()] = _described(endpoint, context.actor.locale)
    return found


def _callable(context: Context) -> Iterator[Endpoint]:
    for endpoint in plan_of(context).endpoints.values():
        if may_call(context, endpoint) is None:
            yield endpoint


def _described(endpoint: Endpoint, locale: str | None) -> dict[str, Any]:
    body = endpoint.answer.body
    status = endpoint.answer.status
    answers: dict[str, Any] = {}
    if body is None:
        answers["204" if status == 200 else str(status)] = {"description": "Done"}
    else:
        answer = as_json(body_schema(body))
        shown = {f"example_{at}": _shown(each.title, each.answer, locale)
                 for at, each in enumerate(endpoint.examples, 1) if each.answer is not None}  # fmt: skip
        if shown:
            answer["content"]["application/json"]["examples"] = shown
        answers[str(status) if isinstance(status, int) else "2XX"] = answer
    required = set(endpoint.query_schema.get("required") or ())
    asked = [_query(name, schema, endpoint, required) for name, schema in properties(endpoint.query_schema).items()]
    payload = dict(endpoint.payload_schema) if endpoint.payload_schema is not None else None
    title = localized(endpoint.title, locale) or endpoint.name
    made = call(f"endpoint.{endpoint.name}", title, "endpoint", answers, payload, parameters=asked)
    sent = {f"example_{at}": _shown(each.title, each.payload, locale)
            for at, each in enumerate(endpoint.examples, 1) if each.payload is not None}  # fmt: skip
    if payload is not None and sent:
        made["requestBody"]["content"]["application/json"]["examples"] = sent
    if endpoint.public:
        made["security"] = []
    else:
        ways = (("key", endpoint.key), ("session", endpoint.session))
        made["security"] = [{way: []} for way, is_open in ways if is_open]
    return made


def _shown(title: Any, value: Any, locale: str | None) -> dict[str, Any]:
    words = localized(title, locale)
    return {**({"summary": words} if words else {}), "value": value}


def _query(name: str, schema: Any, endpoint: Endpoint, required: set[str]) -> dict[str, Any]:
    given = next((each.query[name] for each in endpoint.examples if name in each.query), None)
    found = {"name": name, "in": "query", "schema": dict(schema), "required": name in required}
    return found | ({"example": given} if given is not None else {})


def body_schema(body: Body) -> Schema:
    """What an answer looks like, from the types of its expressions."""
    match body:
        case Nested():
            parts = {name: body_schema(part) for name, part in body.parts.items()}
            return {"type": "object", "properties": parts, "required": list(parts)}
        case Each():
            entry: Schema = {"type": "object"} if body.body is None else body_schema(body.body)
            return {"type": "array", "items": entry}
        case _:
            return value_schema(body.type)


def value_schema(type_: Type) -> Schema:
    """A value of the expression language as JSON."""
    if type_.kind == "number":
        schema: Schema = {"type": "integer"} if type_.scale == 0 else dict(DECIMAL)
    elif type_.kind == "choice":
        schema = {"type": "string"} if type_.options is None else {"type": "string", "enum": list(type_.options)}
    else:
        schema = dict(SIMPLE.get(type_.kind, {}))
    return nullable(schema) if type_.nullable else schema


def endpoint_tools(context: Context) -> Iterator[dict[str, Any]]:
    """Each endpoint as a tool; what is open to everybody is none."""
    for endpoint in _callable(context):
        if endpoint.public:
            continue
        title = localized(endpoint.title, context.actor.locale) or endpoint.name
        parts: dict[str, Any] = {}
        if endpoint.parts:
            parts["path"] = {**endpoint.path_schema, "additionalProperties": False}
        if endpoint.query_schema:
            parts["query"] = dict(endpoint.query_schema)
        if endpoint.payload_schema is not None:
            parts["payload"] = dict(endpoint.payload_schema)
        needed = [name for name, schema in parts.items() if schema.get("required")]
        yield {
            "name": f"{TOOL}{endpoint.name}", "operation": "api.call", "with": {"name": endpoint.name}, "title": title,
            "description": f"{title} ({endpoint.method} {endpoint.path}).",
            "inputSchema": {"type": "object", "properties": parts, "required": needed, "additionalProperties": False},
            "annotations": {"readOnlyHint": endpoint.method == "GET", "openWorldHint": False},
        }  # fmt: skip
