"""What a message carries, and what is wrong with one.

Until 2025-11-25 a client said once, with `initialize`, which version it speaks; since 2026-07-28 each request says it
by itself (`_meta`), and over HTTP in headers beside it, so that a proxy need not read the body. Both are answered at
the same address.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.diagnostics import Rejected

MODERN = ("2026-07-28",)
"""The versions of which each request says by itself what it is."""
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""The versions that begin with `initialize`."""
VERSIONS = MODERN + LEGACY
"""The versions of the protocol that are spoken, the newest first."""
PREFIX = "io.modelcontextprotocol/"
VERSION, CAPABILITIES = f"{PREFIX}protocolVersion", f"{PREFIX}clientCapabilities"
SERVER, SUBSCRIPTION = f"{PREFIX}serverInfo", f"{PREFIX}subscriptionId"
PARSE, INVALID, NO_METHOD, BAD_PARAMETERS = -32700, -32600, -32601, -32602
NOT_FOUND = -32002
"""A resource is not there, in the versions that begin with `initialize`."""
MISMATCH, UNSUPPORTED = -32020, -32022
STATUS = {PARSE: 400, INVALID: 400, BAD_PARAMETERS: 400, MISMATCH: 400, UNSUPPORTED: 400, NO_METHOD: 404}
"""What HTTP says of an error to a request that says by itself what it is."""
REPEATED = frozenset({b"mcp-protocol-version", b"mcp-method", b"mcp-name"})
"""The headers that repeat something of the body, as they arrive."""
NAMED = {"tools/call": "name", "resources/read": "uri", "prompts/get": "name"}
"""Which parameter of a method is repeated in a header."""
FRESH = 60_000
"""Milliseconds a client may go on with what it was listed."""


@dataclass
class Answer:
    """What goes back, if anything; what was asked and how it ended, for the list of uses."""

    message: dict[str, Any] | None
    asked: str = ""
    refused: Rejected | None = None
    status: int = 200


def meta(message: Any) -> Mapping[str, Any]:
    """What a request says of itself."""
    params = message.get("params") if isinstance(message, Mapping) else None
    found = params.get("_meta") if isinstance(params, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def is_modern(message: Any, headers: Mapping[str, str] | None) -> bool:
    """Whether a message says by itself what it is."""
    return VERSION in meta(message) or (headers is not None and headers.get("mcp-protocol-version") in MODERN)


def misfit(message: Mapping[str, Any], headers: Mapping[str, str] | None) -> dict[str, Any] | None:
    """What is wrong with what a request says of itself, or its headers say of it; None when nothing is."""
    identity, said = message.get("id"), meta(message)
    missing = [each for each in (VERSION, CAPABILITIES) if each not in said]
    if missing:
        return error(identity, BAD_PARAMETERS, f"'params' has no '_meta' with {' and '.join(missing)}")
    for name, sent, meant in _repeated(message, headers) if headers is not None else ():
        if sent != meant:
            told = f"the header {name} is {sent!r}" if sent is not None else f"there is no header {name} that is read"
            return error(identity, MISMATCH, f"{told}, and the body has {meant!r}; send the same in both")
    if said[VERSION] not in MODERN:
        return unsupported(identity, said[VERSION])
    return None


def twice(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """One of the headers that repeat something of the body, where it stands there twice: a program on the way may have
    read the other one."""
    names = [name.lower() for name, _ in headers if name.lower() in REPEATED]
    return next((each.decode() for each in names if names.count(each) > 1), None)


def unsupported(identity: Any, spoken: Any) -> dict[str, Any]:
    """The answer to a version that is not spoken here."""
    told = f"the protocol version {spoken} is not spoken here; possible: {', '.join(VERSIONS)}"
    return error(identity, UNSUPPORTED, told, {"supported": list(VERSIONS), "requested": str(spoken)})


def _repeated(message: Mapping[str, Any], headers: Mapping[str, str]) -> list[tuple[str, str | None, Any]]:
    """The headers that repeat something of the body: the name of each, what it holds, and what it should."""
    method = message.get("method")
    found = [
        ("MCP-Protocol-Version", headers.get("mcp-protocol-version"), meta(message)[VERSION]),
        ("Mcp-Method", headers.get("mcp-method"), method),
    ]
    name = NAMED.get(method) if isinstance(method, str) else None
    if name is not None:
        found.append(("Mcp-Name", _decoded(headers.get("mcp-name")), message["params"].get(name)))
    return found


def _decoded(header: str | None) -> str | None:
    """What a header holds: as it is, or as base64 between marks; None where that is none."""
    if header is None or not (header.startswith("=?base64?") and header.endswith("?=")):
        return header
    try:
        return base64.b64decode(header[9:-2], validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def result(identity: Any, found: dict[str, Any]) -> dict[str, Any]:
    """What was asked for."""
    return {"jsonrpc": "2.0", "id": identity, "result": found}


def error(identity: Any, code: int, said: str, data: Any = None) -> dict[str, Any]:
    """What is wrong."""
    return {
        "jsonrpc": "2.0", "id": identity,
        "error": {"code": code, "message": said, **({"data": data} if data is not None else {})},
    }  # fmt: skip


def unreadable(reason: Exception) -> dict[str, Any]:
    """The answer to what is no JSON."""
    return error(None, PARSE, f"no JSON: {reason}")
