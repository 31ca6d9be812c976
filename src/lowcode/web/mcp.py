"""The app as a server of the Model Context Protocol: operations are tools, asked through the same gate.

`answer_to` is the whole protocol, one message in, at most one out; the door carries it over Streamable HTTP
(`POST api/mcp`, stateless, without a stream of its own) and the command line over standard input and output.
"""

from __future__ import annotations

import base64
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from lowcode.kernel.diagnostics import Problem, Rejected, Unauthenticated, localized, nearest
from lowcode.kernel.identity import Actor
from lowcode.web.messages import Request, Response, answer, look, to_json
from lowcode.web.problems import problem_document
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.host import Host
    from lowcode.web.door import Door

log = logging.getLogger("lowcode.web")

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""The versions of the protocol that are spoken, the newest first."""
NEEDS_KEY = {
    "en": "an agent needs a key: Authorization: Bearer lc_… (made with api.create_key)",
    "zh-CN": "智能体需要密钥：Authorization: Bearer lc_…（由 api.create_key 创建）",
}
ADVICE = (
    "Tools are the operations of this app, with the permissions of the key's person. Begin with api_forms (which forms "
    'there are) and api_form (fields of one); read with records_list (where: an expression such as stage = "won"), '
    "records_get, records_aggregate; write with records_create and records_update. Leave out what is not "
    "required and not meant. A refusal says what is wrong and how to put it right."
)
OWN = frozenset({"operation", "with"})
"""What of a tool stays here."""
PAGE = 60
"""So many tools are listed at a time: some 30 kB."""
PARSE, INVALID, NO_METHOD, BAD_PARAMETERS = -32700, -32600, -32601, -32602


@dataclass
class Answer:
    """What goes back, if anything; what was asked and how it ended, for the list of uses."""

    message: dict[str, Any] | None
    asked: str = ""
    refused: Rejected | None = None


def serve(door: Door, request: Request, caller: Caller) -> Response:
    """One message over Streamable HTTP."""
    if caller.actor.id is None:
        raise Unauthenticated(Problem("http.needs-key", NEEDS_KEY))
    try:
        message = orjson.loads(request.body)
    except ValueError as error:
        return answer(unreadable(error), 400)
    spoken = request.headers.get("mcp-protocol-version")
    if spoken is not None and spoken not in VERSIONS:
        identity = message.get("id") if isinstance(message, Mapping) else None
        said = f"the protocol version {spoken} is not spoken here; possible: {', '.join(VERSIONS)}"
        return answer(_error(identity, INVALID, said), 400)
    found = answer_to(door.host, caller.actor, message, door.locale(request, caller))
    request.asked = f"{request.method} {request.path} {found.asked}".strip()
    if found.refused is not None:
        door.refusals.note(door, request, caller, found.refused)
    return Response(202) if found.message is None else Response(200, orjson.dumps(found.message))


def answer_to(host: Host, actor: Actor, message: Any, locale: str | None) -> Answer:
    """The answer to a message; none to a notification."""
    if not isinstance(message, Mapping) or message.get("jsonrpc") != "2.0":
        return Answer(_error(None, INVALID, "send one JSON-RPC 2.0 message"))
    method, identity = message.get("method"), message.get("id")
    if identity is None or method is None:  # a notification, or an answer to what is never asked
        return Answer(None)
    if not isinstance(identity, str | int | float) or isinstance(identity, bool):
        return Answer(_error(None, INVALID, "'id' is a text or a number"))
    if not isinstance(method, str):
        return Answer(_error(identity, INVALID, "'method' is a text"))
    params = message.get("params", {})
    if not isinstance(params, Mapping):
        return Answer(_error(identity, BAD_PARAMETERS, "'params' is an object"))
    match method:
        case "initialize":
            return Answer(_result(identity, _welcome(host, params, locale)), "initialize")
        case "ping":
            return Answer(_result(identity, {}), "ping")
        case "tools/list":
            return Answer(_listed(identity, _tools(host, actor), params.get("cursor")), "tools/list")
        case "tools/call":
            return _call(host, actor, identity, params, locale)
    known = "initialize, ping, tools/list, tools/call"
    return Answer(_error(identity, NO_METHOD, f"there is no method '{method}'; possible: {known}"))


def _listed(identity: Any, tools: list[dict[str, Any]], cursor: Any) -> dict[str, Any]:
    """A page of tools. The cursor is the name of the last one of the page before, and opaque to clients."""
    names = [each["name"] for each in tools]
    if cursor is not None and cursor not in names:
        return _error(identity, BAD_PARAMETERS, "'cursor' is none of an answer of now; begin without one")
    begin = names.index(cursor) + 1 if cursor is not None else 0
    end = begin + PAGE
    page = [{word: each[word] for word in each if word not in OWN} for each in tools[begin:end]]
    return _result(identity, {"tools": page} | ({"nextCursor": names[end - 1]} if end < len(names) else {}))


def _welcome(host: Host, params: Mapping[str, Any], locale: str | None) -> dict[str, Any]:
    wanted, definition = params.get("protocolVersion"), host.app.definition
    return {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {
            "name": definition.name, "title": localized(definition.called, locale), "version": definition.version,
        },
        "instructions": ADVICE,
    }  # fmt: skip


def _tools(host: Host, actor: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = host.ask(actor, "api.tools")["items"]
    return found


def _call(host: Host, actor: Actor, identity: Any, params: Mapping[str, Any], locale: str | None) -> Answer:
    name, sent = params.get("name"), params.get("arguments", {})
    operations = {each["name"]: (each["operation"], each.get("with", {})) for each in _tools(host, actor)}
    if not isinstance(name, str):
        return Answer(_error(identity, BAD_PARAMETERS, "'name' is a text; see tools/list"), "? 422")
    if name not in operations:
        near = nearest(name, operations)
        said = f"there is no tool '{name}' for you; " + (f"did you mean '{near}'?" if near else "see tools/list")
        return Answer(_error(identity, BAD_PARAMETERS, said), "? 404")
    if not isinstance(sent, Mapping):
        return Answer(_error(identity, BAD_PARAMETERS, "'arguments' is an object"), f"{name} 422")
    try:
        operation, given = operations[name]
        look(sent)
        value = host.ask(actor, operation, **{str(key): each for key, each in sent.items()}, **given)
    except Rejected as refused:
        said = "\n".join(
            f"{each.pointer}: {each.words(locale)}" if each.pointer else each.words(locale) for each in refused.problems
        )
        told = orjson.loads(to_json(problem_document(refused, locale, **refused.details)))
        return Answer(
            _result(identity, {**_refusal(said), "structuredContent": told}), f"{name} {refused.status}", refused
        )
    except Exception as error:
        reference = uuid.uuid4().hex[:12]
        log.error("the tool %s failed (%s)", name, reference, exc_info=error)
        return Answer(_result(identity, _refusal(f"this went wrong on the server ({reference})")), f"{name} 500")
    return Answer(_result(identity, _done(value, str(name))), f"{name} 200")


def unreadable(error: Exception) -> dict[str, Any]:
    """The answer to what is no JSON."""
    return _error(None, PARSE, f"no JSON: {error}")


def _refusal(said: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": said}], "isError": True}


def _done(value: Any, name: str) -> dict[str, Any]:
    """The value as text and as an object; a file as a resource."""
    content: list[dict[str, Any]] = []
    if isinstance(value, Mapping) and isinstance(value.get("content"), bytes):
        uri = f"lowcode://{name}/{value.get('name') or 'file'}"
        file = {"uri": uri, "mimeType": value.get("media_type"), "blob": base64.b64encode(value["content"]).decode()}
        content.append({"type": "resource", "resource": file})
        value = {key: each for key, each in value.items() if key != "content"}
    shown = orjson.loads(to_json(value))
    content.insert(0, {"type": "text", "text": orjson.dumps(shown).decode()})
    return {"content": content, "structuredContent": shown if isinstance(shown, dict) else {"result": shown}}


def _result(identity: Any, result: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "result": result}


def _error(identity: Any, code: int, said: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": said}}
