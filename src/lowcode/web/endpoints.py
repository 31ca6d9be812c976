"""Endpoints of an app's own, over HTTP: `api/endpoints/<path>`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Rejected
from lowcode.web.messages import Request, Response, answer
from lowcode.web.once import once
from lowcode.web.problems import problem_response
from lowcode.web.session import Caller
from lowcode.web.tags import has_already

if TYPE_CHECKING:
    from lowcode.web.door import Door


def serve(door: Door, request: Request, caller: Caller, path: str) -> Response:
    """One call; pages of other origins see the answer to what is open to them."""
    sent: dict[str, Any] = {
        "method": request.method, "path": path, "query": request.query, "headers": dict(request.headers),
        "body": request.body, "address": request.address,
    }  # fmt: skip
    origins = []
    if "origin" in request.headers:
        origins = door.host.ask(door.host.app_actor, "api.endpoint_origins", **sent)
    if request.method == "OPTIONS":
        return Response(204, headers=origins)
    try:
        response = _answered(door, request, caller, sent)
    except Rejected as refused:
        if not origins:
            raise
        door.refusals.note(door, request, caller, refused)
        response = problem_response(refused, door.locale(request, caller), **refused.details)
    response.headers.extend(origins)
    return response


def _answered(door: Door, request: Request, caller: Caller, sent: dict[str, Any]) -> Response:
    if request.method in ("GET", "HEAD"):
        return _matched(request, _response(door.ask(caller, "api.endpoint_read", **sent)))
    if "idempotency-key" not in request.headers:
        return _response(door.ask(caller, "api.endpoint", **sent))

    def work(context: Any) -> tuple[int, Any]:
        found = context.ask("api.endpoint", **sent)
        return found["status"], found

    return _response(once(door, request, caller, work)[1])


def _response(found: dict[str, Any]) -> Response:
    headers = [(str(name), str(value)) for name, value in found["headers"]]
    if found["body"] is None:
        return Response(found["status"], headers=headers)
    return answer(found["body"], found["status"], headers)


def _matched(request: Request, response: Response) -> Response:
    """With a tag of what it says; whoever has this already is told so."""
    if response.status != 200 or not isinstance(response.body, bytes):
        return response
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    if not any(name.lower() == "cache-control" for name, _ in response.headers):
        response.headers.append(("Cache-Control", "private, no-cache"))
    response.headers.append(("ETag", tag))
    if has_already(request, tag):
        return Response(304, headers=response.headers)
    return response
