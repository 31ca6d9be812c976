"""Requests and responses as the door sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records.show import plain

JSON = "application/json"
PROBLEM = "application/problem+json"
BAD_JSON = {"en": "the body is not JSON: {reason}", "zh-CN": "请求内容不是 JSON：{reason}"}
NOT_OBJECT = {"en": "an object is expected", "zh-CN": "请求内容应为对象"}
UNKNOWN = {"en": "there is no parameter '{name}'. {near}", "zh-CN": "没有参数“{name}”。{near}"}


@dataclass
class Request:
    """One request. `path` is relative to where the app is mounted, without a leading slash."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""
    scheme: str = "http"
    root: str = ""
    state: Any = None
    """What the embedding program attached: its own request, for finding out who asks."""

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query parameters; the last of a name counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True)) if self.query else {}

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies; of two with one name the first, which is the one whose path fits best (RFC 6265, 5.4)."""
        found: dict[str, str] = {}
        for part in self.headers.get("cookie", "").split(";"):
            name, separator, value = part.strip().partition("=")
            if separator and name:
                found.setdefault(name, value.strip('"'))
        return found

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Rejected."""
        try:
            found = orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError as error:
            raise Rejected(Problem("http.bad-json", BAD_JSON, "", {"reason": str(error)})) from None
        if not isinstance(found, dict):
            raise Rejected(Problem("http.not-an-object", NOT_OBJECT))
        return found

    @property
    def languages(self) -> list[str]:
        """What the reader prefers, best first."""
        found = []
        for index, part in enumerate(self.headers.get("accept-language", "").split(",")):
            tag, _, quality = part.strip().partition(";q=")
            if tag and tag != "*":
                try:
                    found.append((-float(quality or 1), index, tag))
                except ValueError:
                    continue
        return [tag for _, _, tag in sorted(found)]


@dataclass
class Response:
    """One answer."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    media_type: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)
    stream: Any = None
    """An asynchronous iterator of chunks, for what goes on (server-sent events)."""


def answer(value: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """A JSON answer."""
    return Response(status, to_json(value), JSON, list(headers))


def to_json(value: Any) -> bytes:
    """JSON as it leaves: decimals as text, instants in UTC."""
    return orjson.dumps(value, default=plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
