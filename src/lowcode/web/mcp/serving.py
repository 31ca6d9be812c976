"""Which method is answered by what, over HTTP and elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from lowcode.kernel.diagnostics import Problem, Unauthenticated, localized
from lowcode.kernel.identity import Actor
from lowcode.web.mcp import listening, messages, resources, tools
from lowcode.web.mcp.asked import Asked
from lowcode.web.mcp.messages import BAD_PARAMETERS, FRESH, INVALID, LEGACY, NO_METHOD, STATUS, VERSIONS, Answer, error
from lowcode.web.messages import Request, Response, answer
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.host import Host
    from lowcode.web.door import Door

NEEDS_KEY = {
    "en": "an agent needs a key: Authorization: Bearer lc_… (made with api.create_key)",
    "zh-CN": "智能体需要密钥：Authorization: Bearer lc_…（由 api.create_key 创建）",
}
ADVICE = (
    "Tools are the operations of this app, with the permissions of the key's person. Begin with api_forms (which forms "
    'there are) and api_form (fields of one); read with records_list (where: an expression such as stage = "won"), '
    "records_get, records_aggregate; write with records_create and records_update. api_find_tools finds what else "
    "there is. Leave out what is not required and not meant. A refusal says what is wrong and how to put it right."
)

BOTH: Mapping[str, Callable[[Asked], Answer]] = {
    "tools/list": tools.listed,
    "tools/call": tools.call,
    "resources/list": resources.listed,
    "resources/templates/list": resources.templates,
    "resources/read": resources.read,
}
"""What is asked the same way in either era."""


def serve(door: Door, request: Request, caller: Caller) -> Response:
    """One message over Streamable HTTP."""
    if caller.actor.id is None:
        raise Unauthenticated(Problem("http.needs-key", NEEDS_KEY))
    try:
        message = orjson.loads(request.body)
    except ValueError as reason:
        return answer(messages.unreadable(reason), 400)
    spoken = request.headers.get("mcp-protocol-version")
    if spoken is not None and spoken not in VERSIONS and not messages.meta(message):
        identity = message.get("id") if isinstance(message, Mapping) else None
        return answer(messages.unsupported(identity, spoken), 400)
    scope = request.state if isinstance(request.state, Mapping) else {}
    double = messages.twice(scope.get("headers", ()))
    if double is not None:
        identity = message.get("id") if isinstance(message, Mapping) else None
        return answer(error(identity, messages.MISMATCH, f"the header {double} stands there twice"), 400)
    only = tuple(each for each in request.known(("tools",), ("tools",)).get("tools", "").split(",") if each)
    if listening.wanted(message) and request.lasting and messages.misfit(message, request.headers) is None:
        request.asked = f"{request.method} {request.path} {listening.METHOD}"
        return listening.admit(door, request, caller, message)
    locale, lasting = door.locale(request, caller), request.lasting
    found = answer_to(door.host, caller.actor, message, locale, request.headers, only, lasting=lasting)
    request.asked = f"{request.method} {request.path} {found.asked}".strip()
    if found.refused is not None:
        door.refusals.note(door, request, caller, found.refused)
    return Response(202) if found.message is None else Response(found.status, orjson.dumps(found.message))


def answer_to(
    host: Host,
    actor: Actor,
    message: Any,
    locale: str | None,
    headers: Mapping[str, str] | None = None,
    only: tuple[str, ...] = (),
    *,
    lasting: bool = False,
) -> Answer:
    """The answer to a message; none to a notification. `headers`: those of HTTP, which repeat some of it; `only`: the
    tools there are to be, by their names, `*` for any rest of one; `lasting`: an answer can be kept open for hours."""
    if not isinstance(message, Mapping) or message.get("jsonrpc") != "2.0":
        return Answer(error(None, INVALID, "send one JSON-RPC 2.0 message"))
    method, identity = message.get("method"), message.get("id")
    if identity is None or method is None:  # a notification, or an answer to what is never asked
        return Answer(None)
    if not isinstance(identity, str | int | float) or isinstance(identity, bool):
        return Answer(error(None, INVALID, "'id' is a text or a number"))
    if not isinstance(method, str):
        return Answer(error(identity, INVALID, "'method' is a text"))
    params = message.get("params", {})
    if not isinstance(params, Mapping):
        return Answer(error(identity, BAD_PARAMETERS, "'params' is an object"))
    modern = messages.is_modern(message, headers)
    asked = Asked(host, actor, identity, params, locale, modern, only, lasting)
    if not modern:
        return _legacy(asked, method)
    wrong = messages.misfit(message, headers)
    found = Answer(wrong) if wrong is not None else _modern(asked, method)
    return _told(asked, found)


def _legacy(asked: Asked, method: str) -> Answer:
    if method == "initialize":
        wanted = asked.params.get("protocolVersion")
        version = wanted if wanted in LEGACY else LEGACY[0]
        return asked.done({"protocolVersion": version, "serverInfo": _server(asked), **_offered(listens=False)}, method)
    if method == "ping":
        return asked.done({}, method)
    return BOTH[method](asked) if method in BOTH else _unknown(asked, method, "initialize", "ping")


def _modern(asked: Asked, method: str) -> Answer:
    if method == "server/discover":
        kept = {"ttlMs": FRESH, "cacheScope": "private"}
        return asked.done({"supportedVersions": list(VERSIONS), **_offered(listens=asked.lasting), **kept}, method)
    more = (listening.METHOD,) if asked.lasting else ()
    return BOTH[method](asked) if method in BOTH else _unknown(asked, method, "server/discover", *more)


def _told(asked: Asked, found: Answer) -> Answer:
    """An answer as a request is given one that says by itself what it is."""
    assert found.message is not None
    if "error" in found.message:
        found.status = STATUS.get(found.message["error"]["code"], 200)
    else:
        server = {messages.SERVER: _server(asked)}
        found.message["result"] = {"resultType": "complete", "_meta": server, **found.message["result"]}
    return found


def _server(asked: Asked) -> dict[str, Any]:
    definition = asked.host.app.definition
    title = localized(definition.called, asked.locale)
    return {"name": definition.name, "title": title, "version": definition.version}


def _offered(*, listens: bool) -> dict[str, Any]:
    """What there is, and how it is used. Whether tools are others now is told to who listens."""
    changes = {"tools": {"listChanged": listens}, "resources": {"listChanged": listens, "subscribe": listens}}
    return {"capabilities": changes, "instructions": ADVICE}


def _unknown(asked: Asked, method: str, *more: str) -> Answer:
    known = ", ".join((*more, *BOTH))
    return Answer(error(asked.identity, NO_METHOD, f"there is no method '{method}'; possible: {known}"))
