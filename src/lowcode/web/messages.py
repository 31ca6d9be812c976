"""Requests and responses as the door sees them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson

from lowcode.kernel.definitions.wording import no_json
from lowcode.kernel.diagnostics import TOLD, Problem, Rejected, suggestion
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.show import plain
from lowcode.kernel.storage.types import unfit

Meaning = TypeVar("Meaning")
JSON = "application/json"
PROBLEM = "application/problem+json"
BAD_JSON = {"en": "the body is not JSON: {reason}", "zh-CN": "请求内容不是 JSON：{reason}"}
NOT_OBJECT = {"en": "an object is expected", "zh-CN": "请求内容应为对象"}
VISITORS = ("public/", "confirm/", "ticket/")
"""The pages of visitors, who choose a language there (`lang`)."""
DOORS = ("api/", *VISITORS)
"""What the door answers; every other address is a file of the page."""
FILES = ("api/files", "api/import/", "api/mailboxes/", "api/operations/app.")
FILE_LIMIT = 60 * 2**20
JSON_LIMIT = 4 * 2**20
PUBLIC_LIMIT = 64 * 2**10
VISITORS_FILE_LIMIT = 11 * 2**20
"""A file of a visitor with what stands around it; the form says that it is too large, and not this."""
ADDRESS_LIMIT = 16 * 2**10
HEADERS_LIMIT = 64 * 2**10
GIVEN_TWICE = {
    "en": "'{name}' is given more than once, and takes one value",
    "zh-CN": "“{name}”出现了多次，只能有一个值",
}
BAD_NUMBER = {
    "en": "'{seen}' is not a whole number from 0 to 999999999",
    "zh-CN": "“{seen}”不是 0 到 999999999 之间的整数",
}
UNKNOWN = {"en": "there is no parameter '{name}'. {known}", "zh-CN": "没有参数“{name}”。{known}"}


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
    lasting: bool = False
    """Whether the shell can keep an answer open for hours."""
    elsewhere: bool = False
    """Whether the shell has threads apart for what may have to wait for its turn, and is answered with `Elsewhere`."""
    again: bool = False
    """Whether this was asked some time ago, and who asked is looked at once more."""
    named: Actor | None = None
    """Who the embedding program says it is, where that had to be waited for."""
    anew: Callable[[], Coroutine[Any, Any, None]] | None = None
    """Finds that out once more."""
    asked: str = ""
    """What is written down of a use by a key, where the address does not say it."""
    head: int = -1
    """Characters of all headers, where the shell has counted them."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """The query parameters; the last of a name counts."""
        return _short(_parameters, self.query)

    def known(self, names: Iterable[str], lists: Collection[str] = ()) -> Mapping[str, str]:
        """The query parameters, which are of these names; those of `lists` may be given several times, and are read as
        one with commas. Raises Rejected, with everything that is wrong."""
        if not self.query:
            return {}
        read: Callable[..., Mapping[str, str]] = _known if len(self.query) <= REMEMBERED else _known.__wrapped__
        return read(self.query, tuple(names), tuple(lists))

    @property
    def size(self) -> int:
        """Characters of all headers."""
        return self.head if self.head >= 0 else sum(len(name) + len(value) for name, value in self.headers.items())

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies; of two with one name the first, which is the one whose path fits best (RFC 6265, 5.4)."""
        return _short(_cookies, self.headers.get("cookie", ""))

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Rejected."""
        return read_object(self.body or b"{}")

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


REMEMBERED = 2000
"""Longer texts are read anew each time, so that nobody can fill the memory with them."""


def _short(read: Callable[[str], Meaning], text: str) -> Meaning:
    """What a text means, from memory where it is short."""
    found: Meaning = read(text) if len(text) <= REMEMBERED else read.__wrapped__(text)  # type: ignore[attr-defined]
    return found


@lru_cache(maxsize=1000)
def _known(query: str, names: tuple[str, ...], lists: tuple[str, ...]) -> Mapping[str, str]:
    """The parameters of a query by the names there are; pages ask the same ones again and again. Raises Rejected."""
    problems, found = [], dict[str, str]()
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in names:
            near = {each: suggestion(name, names, each) for each in UNKNOWN}
            values = {"name": name, "known": near}
            problems.append(Problem("http.unknown-parameter", UNKNOWN, f"/{name}", values))
        elif name in found and name not in lists:
            problems.append(Problem("http.given-twice", GIVEN_TWICE, f"/{name}", {"name": name}))
        else:
            found[name] = f"{found[name]},{value}" if name in found else value
    if problems:
        raise Rejected(problems[:TOLD])
    return MappingProxyType(found)


@lru_cache(maxsize=1000)
def _parameters(query: str) -> Mapping[str, str]:
    """A query as parameters."""
    return MappingProxyType(dict(parse_qsl(query, keep_blank_values=True)) if query else {})


@lru_cache(maxsize=1000)
def _cookies(header: str) -> Mapping[str, str]:
    """A cookie header by name; a browser sends the same one with every request."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, separator, value = part.strip().partition("=")
        if separator and name:
            found.setdefault(name, value.strip('"'))
    return MappingProxyType(found)


def body_limit(path: str) -> int:
    """How many bytes an address takes: files are large, what everybody may send is small."""
    if path.startswith(FILES):
        return FILE_LIMIT
    if path.startswith("public/") and path.endswith("/files") and path.count("/") == 3:
        return VISITORS_FILE_LIMIT
    return JSON_LIMIT if path.startswith("api/") else PUBLIC_LIMIT


def read_object(text: bytes | str) -> dict[str, Any]:
    """A JSON object that every part behind the door can hold. Raises Rejected."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Rejected(Problem("http.bad-json", BAD_JSON, "", {"reason": no_json(error)})) from None
    if not isinstance(found, dict):
        raise Rejected(Problem("http.not-an-object", NOT_OBJECT))
    look(found)
    return found


def look(found: Any) -> None:
    """Hold what was brought, by whichever door, to what every part behind it can take. Raises Rejected for what is
    nested too deeply, numbers beyond 64 bits and texts with a null character."""
    reason = unfit(found)
    if reason is not None:
        raise Rejected(Problem("http.bad-json", BAD_JSON, "", {"reason": reason}))


@dataclass
class Response:
    """One answer."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    """All of it, or pieces that are made while it is sent."""
    media_type: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Elsewhere(Response):
    """No answer yet: the shell is to ask again in one of the threads it has for what waits for its turn."""


def answer(value: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """A JSON answer."""
    return Response(status, to_json(value), JSON, list(headers))


def to_json(value: Any) -> bytes:
    """JSON as it leaves: decimals as text, instants in UTC."""
    try:
        return orjson.dumps(value, default=plain, option=orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError:  # with keys that are no texts it takes twice as long
        return orjson.dumps(value, default=plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def number_of(text: str, name: str) -> int:
    """The whole number of a parameter. Raises Rejected for any other text, whatever Python would take for digits."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Rejected(Problem("http.not-a-number", BAD_NUMBER, f"/{name}", {"seen": text[:100]}))
