"""Operations as tools: listed, found by what they do, and called."""

from __future__ import annotations

import base64
import logging
import uuid
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import orjson

from lowcode.kernel.diagnostics import Rejected, nearest
from lowcode.web.mcp.asked import Asked
from lowcode.web.mcp.messages import Answer
from lowcode.web.messages import look, to_json

log = logging.getLogger("lowcode.web")

OWN = frozenset({"operation", "with"})
"""What of a tool stays here."""
CALL = "call_tool"
"""The tool that calls any other one: for a client that is listed a few only."""
TITLES = {"en": "Call a tool", "zh-CN": "调用工具"}
MORE = {
    "en": "Any tool that api_find_tools finds, with the arguments that its inputSchema asks for.",
    "zh-CN": "调用 api_find_tools 找到的任一工具，参数须符合其 inputSchema。",
}
CALLING: Mapping[str, Any] = {
    "name": CALL,
    "inputSchema": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "arguments": {"type": "object", "default": {}}},
    },
    "annotations": {"readOnlyHint": False, "openWorldHint": True},
}


def listed(asked: Asked) -> Answer:
    """A page of the tools that are to be listed."""
    found = _tools(asked)
    unknown = [each for each in asked.only if not any(fnmatchcase(tool["name"], each) for tool in found)]
    if unknown:
        near = nearest(unknown[0], [each["name"] for each in found])
        said = f"did you mean '{near}'?" if near else "leave out 'tools' to see all"
        return asked.wrong(f"the address names the tool '{unknown[0]}', and there is none for you; {said}")
    items = [{word: each[word] for word in each if word not in OWN} for each in found if _named(asked, each["name"])]
    return asked.page("tools", items, "name", "tools/list")


def _named(asked: Asked, name: str) -> bool:
    return any(fnmatchcase(name, each) for each in asked.only) if asked.only else name != CALL


def _tools(asked: Asked) -> list[dict[str, Any]]:
    """Every tool there is for whoever asks."""
    tag = "zh-CN" if (asked.locale or "").startswith("zh") else "en"
    calling = {**CALLING, "title": TITLES[tag], "description": f"{TITLES[tag]}. {MORE[tag]}"}
    return [*asked.host.ask(asked.actor, "api.tools")["items"], calling]


def call(asked: Asked) -> Answer:
    """What a tool answers."""
    name, sent = asked.params.get("name"), asked.params.get("arguments", {})
    listable = {each["name"]: each for each in _tools(asked)}
    if name == CALL and _named(asked, CALL) and isinstance(sent, Mapping):  # any other one, listed or not
        name, sent = sent.get("name"), sent.get("arguments", {})
        known = {each: listable[each] for each in listable if each != CALL}
    else:
        known = {each: listable[each] for each in listable if each != CALL and _named(asked, each)}
    if not isinstance(name, str):
        return asked.wrong("'name' is a text; see tools/list", "? 422")
    if name not in known:
        near = nearest(name, known)
        said = f"there is no tool '{name}' for you; " + (f"did you mean '{near}'?" if near else "see tools/list")
        return asked.wrong(said, "? 404")
    if not isinstance(sent, Mapping):
        return asked.wrong("'arguments' is an object", f"{name} 422")
    return _called(asked, name, known[name], sent)


def _called(asked: Asked, name: str, tool: Mapping[str, Any], sent: Mapping[str, Any]) -> Answer:
    try:
        look(sent)
        given = {**{str(key): each for key, each in sent.items()}, **tool.get("with", {})}
        value = asked.host.ask(asked.actor, tool["operation"], **given)
    except Rejected as refused:
        found = {**_refusal(asked.words(refused)), "structuredContent": asked.document(refused)}
        made = asked.done(found, f"{name} {refused.status}")
        made.refused = refused
        return made
    except Exception as error:
        reference = uuid.uuid4().hex[:12]
        log.error("the tool %s failed (%s)", name, reference, exc_info=error)
        return asked.done(_refusal(f"this went wrong on the server ({reference})"), f"{name} 500")
    return asked.done(_done(value, name), f"{name} 200")


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
