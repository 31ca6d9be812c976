"""One call: the endpoint of the address, the caller admitted, what was sent checked, the steps taken, the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from pydantic import Field as Key

from lowcode.api import run, schemas
from lowcode.api.diagnostics import problem
from lowcode.api.endpoints.answering import answered
from lowcode.api.endpoints.plan import Endpoint
from lowcode.api.endpoints.steps import Call, take
from lowcode.api.misfits import misfits
from lowcode.api.plan import plan_of
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, Unauthenticated, nearest
from lowcode.kernel.identity.acting import acting_as
from lowcode.kernel.identity.rates import Rates

PUBLIC_LIMIT = 30
TOTAL_LIMIT = 3000
"""Calls a minute from all addresses together, where anybody may call."""
"""Calls a minute from one address, where anybody may call and the document says nothing of it."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Arrived(Parameters):
    """A call as it came over HTTP; `path` is what stands behind `api/endpoints/`."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = Key(default_factory=dict)
    body: bytes = b""
    address: str = ""


class Asked(Parameters):
    """A call by name, with its parts as values."""

    name: str
    path: dict[str, Any] = Key(default_factory=dict)
    query: dict[str, Any] = Key(default_factory=dict)
    payload: dict[str, Any] = Key(default_factory=dict)


class MethodUnknown(Rejected):
    """There is an endpoint at the address, and none for this method."""

    status = 405
    title = "Method not allowed"


def endpoint_at(context: Context, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The endpoint of an address, and the parts of the path. Raises NotFound, MethodUnknown."""
    method = "GET" if method == "HEAD" else method
    endpoints = plan_of(context).endpoints.values()
    possible: dict[str, None] = {}
    for endpoint in sorted(endpoints, key=lambda each: each.generality):
        matched = endpoint.pattern.fullmatch(path)
        if matched is None:
            continue
        if endpoint.method == method:
            return endpoint, matched.groupdict()
        possible[endpoint.method] = None
    if possible:
        raise MethodUnknown(
            problem("no-method", method=method, possible=[each for each in METHODS if each in possible])
        )
    near = nearest(path, [each.path for each in endpoints if each.public or context.actor.id is not None]) or ""
    raise NotFound(problem("no-endpoint", name=path, near=near))


def origins(context: Context, params: Arrived) -> list[tuple[str, str]]:
    """The headers that let a page of another origin call a public endpoint, or see why it may not."""
    endpoints = [each for each in plan_of(context).endpoints.values() if each.pattern.fullmatch(params.path)]
    origin = params.headers.get("origin")
    allowed = [each for each in endpoints if each.public and {origin, "*"} & each.origins]
    if origin is None or not allowed:
        return []
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", ", ".join(each.method for each in allowed)),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, If-None-Match"),
        ("Access-Control-Max-Age", "600"),
    ]


def arrived(context: Context, params: Arrived, rates: Rates) -> dict[str, Any]:
    """Answer a call that came over HTTP: `{"status", "headers", "body"}`. Raises Rejected."""
    endpoint, parts = endpoint_at(context, params.method, params.path)
    admit(context, endpoint, rates, params.address, params.headers.get("origin"))
    path = schemas.from_text(endpoint.path_schema, {name: [value] for name, value in parts.items()})
    asked = parse_qs(params.query, keep_blank_values=True)
    known = schemas.properties(endpoint.query_schema)
    twice = [name for name, texts in asked.items() if len(texts) > 1 and not schemas.is_list(known.get(name))]
    if twice:
        raise Rejected(problem("given-twice", f"/query/{escape(name)}", name=name) for name in twice)
    query = schemas.from_text(endpoint.query_schema, asked)
    payload: dict[str, Any] = {}
    if endpoint.payload_schema is not None:
        media_type = params.headers.get("content-type", "")
        payload = run.read_body(endpoint.payload_schema, media_type, params.body)
    return answer(context, endpoint, path, query, payload)


def asked(context: Context, params: Asked, rates: Rates) -> dict[str, Any]:
    """Answer a call by name. Raises Rejected."""
    endpoints = plan_of(context).endpoints
    endpoint = endpoints.get(params.name)
    if endpoint is None:
        raise NotFound(problem("no-endpoint", name=params.name, near=nearest(params.name, endpoints) or ""))
    admit(context, endpoint, rates, "", None)
    return answer(context, endpoint, params.path, params.query, params.payload)


def may_call(context: Context, endpoint: Endpoint) -> Rejected | None:
    """Why this actor may not call it; None when they may."""
    actor = context.actor
    if endpoint.public or actor.is_app:
        return None
    if actor.id is None:
        return Unauthenticated(problem("sign-in-to-call"))
    if actor.key and not endpoint.key:
        return Forbidden(problem("no-keys-here", name=endpoint.name))
    if not actor.key and not endpoint.session:
        return Forbidden(problem("keys-only", name=endpoint.name))
    scoped = actor.limits or actor.narrowed
    if actor.key and scoped and not ({"endpoint", f"endpoint:{endpoint.name}"} & actor.limits):
        return Forbidden(problem("key-scope-endpoint", name=endpoint.name))
    if endpoint.roles and not (endpoint.roles & actor.roles or actor.is_administrator):
        return Forbidden(problem("role-needed", name=endpoint.name))
    return None


def admit(context: Context, endpoint: Endpoint, rates: Rates, address: str, origin: str | None) -> None:
    """Refuse who may not call. Raises Rejected."""
    refused = may_call(context, endpoint)
    if refused is not None:
        raise refused
    actor = context.actor
    if actor.is_app:
        return
    if endpoint.public and origin is not None and endpoint.origins and not ({origin, "*"} & endpoint.origins):
        raise Forbidden(problem("origin", origin=origin))
    if endpoint.public:
        limits = endpoint.limit or PUBLIC_LIMIT, endpoint.limit_total or TOTAL_LIMIT
        rates.take_of_anybody(f"endpoint {endpoint.name}", address, limits, context.now(), "api.too-many")
    elif endpoint.limit is not None:
        caller = actor.key or actor.id
        rates.take(f"endpoint {endpoint.name} {caller}", endpoint.limit, context.now(), "api.too-many")


def answer(
    context: Context, endpoint: Endpoint, path: Mapping[str, Any], query: Mapping[str, Any], payload: Mapping[str, Any]
) -> dict[str, Any]:
    """Check what was sent, take the steps, and answer."""
    sent = (
        ("path", endpoint.path_schema, path, "/path"),
        ("query", endpoint.query_schema or {"properties": {}, "additionalProperties": False}, query, "/query"),
        ("payload", endpoint.payload_schema or {}, payload, ""),
    )
    values: dict[str, Any] = dict.fromkeys(endpoint.blanks)
    values.update(_checked(sent))
    call = Call(acting(context, endpoint), endpoint, payload, values)
    for step in endpoint.steps:
        take(call, step)
    return answered(call)


def _checked(sent: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any], str]]) -> dict[str, Any]:
    """The values of what was sent by their paths. Raises Rejected with everything that does not fit."""
    problems = [found for _, schema, given, pointer in sent for found in misfits(schema, given, pointer)]
    if problems:
        raise Rejected(problems)
    values: dict[str, Any] = {}
    for name, schema, given, pointer in sent:
        values |= run.known_of(schema, given, name, pointer)
    return values


def acting(context: Context, endpoint: Endpoint) -> Context:
    """As whom the steps are asked for."""
    if endpoint.run_as == "caller":
        return context
    found = acting_as(context, endpoint.run_as)
    if found is None:
        raise Rejected(problem("nobody-to-act", login=endpoint.run_as))
    return found
