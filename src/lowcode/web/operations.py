"""Any operation over the network, the description of all of them, and what other programs send in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import NotFound, Problem, nearest
from lowcode.publishing import protocol
from lowcode.web.cookies import SESSION, called
from lowcode.web.messages import Request, Response, answer
from lowcode.web.once import once
from lowcode.web.problems import problem_response
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

OWN_DOORS = frozenset(
    {
        "identity.sign_in", "identity.ask_password_link", "identity.use_password_link",
        "api.intake", "api.endpoint", "api.endpoint_read",
        "flows.decide_by_link", "printing.cover", "printing.send_code",
        "printing.open", "printing.give", "forms.receive", "forms.public_look", "forms.public_upload",
        "push.subscribe",
    }
)  # fmt: skip
"""Operations with an address of their own: they are told where a request comes from, and must not be told by it."""
PUBLISHING = "app."
"""What a command line elsewhere asks by a key, which may be of another version; a page comes from the host itself."""
UNKNOWN = {"en": "there is no operation '{name}'. {near}", "zh-CN": "没有操作“{name}”。{near}"}


def ask(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """Ask an operation; its parameters are the body."""
    found = door.host.app.operations.get(name)
    if found is None or found.access == "internal" or name in OWN_DOORS:
        known = [each for each, operation in door.host.app.operations.items() if operation.access != "internal"]
        raise NotFound(
            Problem("ask.unknown-operation", UNKNOWN, "", {"name": name, "near": nearest(name, known) or ""})
        )
    if name.startswith(PUBLISHING) and caller.actor.key:
        protocol.understand(request.headers.get(protocol.HEADER))
    sent: dict[str, Any] = request.json()
    if "idempotency-key" in request.headers and found.writes and not found.outside:
        status, body = once(door, request, caller, lambda context: (200, context.ask(name, **sent)))
        return answer(body, status)
    return answer(door.ask(caller, name, **sent))


def openapi(door: Door, request: Request, caller: Caller) -> Response:
    """The description of the API for whoever asks, as far as they may use it (OpenAPI 3.1)."""
    return answer(door.ask(caller, "api.openapi", root=request.root, cookie=called(request, SESSION)))


def letter(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """A letter as it came (RFC 5322), handed over by a mail server or service."""
    return answer(door.ask(caller, "api.take_mail", mailbox=name, content=request.body))


def intake(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """What another program or a web form sends in."""
    found = door.ask(
        caller, "api.intake", name=name, method=request.method, headers=dict(request.headers), body=request.body,
        address=request.address, query=request.parameters,
    )  # fmt: skip
    refused = found.get("refused")
    if refused is not None:
        door.refusals.note(door, request, caller, refused)
        response = problem_response(refused, door.locale(request, caller), **refused.details)
        response.headers.extend(found["headers"])
        return response
    if found["body"] is None:
        return Response(found["status"], headers=list(found["headers"]))
    return answer(found["body"], found["status"], found["headers"])
