"""`request`: any HTTP interface, described in the document: where values go, and what a yes looks like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

import orjson
from pydantic import Field

from lowcode.api.connectors.codes import NO_OBJECT, both, object_of
from lowcode.api.connectors.kind import (
    Access,
    Call,
    Channel,
    Keys,
    Message,
    Notice,
    Refused,
    TargetPart,
    Verdict,
    needed,
)
from lowcode.kernel import reasons
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.records.show import plain

HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class YesDocument(Part):
    """What a yes looks like in an answer: `{"at": "data.code", "is": 0}`."""

    at: str
    is_: Any = Field(alias="is")
    words: str | None = Field(None, description="Where the answer says why not.")


ELSEWHERE = both("the path makes another host of the address: begin it with /", "路径改变了地址中的主机名，请以 / 开头")


class RequestDocument(TargetPart):
    """An HTTP interface. `{name}` in the path, the query and the body stands for a value of the message."""

    type: Literal["request"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"  # type: ignore[assignment]
    path: str = ""
    query: dict[str, str] = Field(default_factory=dict)
    body: Any = Field(None, description="JSON with `{name}` in its texts; left out: every value that is given.")
    encoding: Literal["json", "form"] = "json"
    reach: Literal["room", "phone", "email", "account"] | None = Field(
        None, description="Makes it a channel for people: the message has `to`, `title`, `text` and `link`."
    )
    yes: YesDocument | None = None


class Request:
    """The values are kept as they are given; the request is made of them when it goes out."""

    name = "request"
    model = RequestDocument

    def write(self, document: RequestDocument, message: Message) -> str:
        """The values, all that the document names among them."""
        needed(message.values, holes((document.path, document.query, document.body)))
        for name in holes(document.path):
            if not _text(message.values.get(name)).strip("."):
                raise reasons.Reasoned(
                    reasons.both(
                        f"'{name}' is part of an address, and dots alone would lead to another one",
                        f"“{name}”是地址的一部分，只有点会指向别的地址",
                    )
                )
        return orjson.dumps(plain(dict(message.values)), option=orjson.OPT_NON_STR_KEYS).decode()

    def judge(self, document: RequestDocument, answer: str) -> Verdict | None:
        """Compare with what the document calls a yes."""
        if document.yes is None:
            return None
        found: Any = object_of(answer)
        if found is None:
            return NO_OBJECT
        said = _at(found, document.yes.at)
        if said == document.yes.is_:
            return None
        words = _at(found, document.yes.words) if document.yes.words else ""
        return Verdict("again", both("{code}: {words}", "{code}：{words}", code=said, words=words))

    def _sign(self, document: RequestDocument, call: Call, keys: Keys) -> Call:
        values = orjson.loads(call.body)
        url = call.url + HOLE.sub(lambda hole: quote(_text(values.get(hole[1])), safe=""), document.path)
        if urlsplit(url).netloc != urlsplit(call.url).netloc:  # `.evil.example` behind a host is another host
            raise Refused(Verdict("setup", ELSEWHERE))
        if document.query:
            url += ("&" if urlsplit(url).query else "?") + urlencode(filled(document.query, values))
        body = filled(document.body, values) if document.body is not None else values
        if document.method in ("GET", "DELETE"):
            return replace(call, url=url, body=b"")
        if document.encoding == "form":
            headers = {**call.headers, "Content-Type": "application/x-www-form-urlencoded"}
            texts = {name: _text(value) for name, value in body.items()}
            return replace(call, url=url, headers=headers, body=urlencode(texts).encode())
        return replace(call, url=url, body=orjson.dumps(body))

    def _say(self, document: RequestDocument, notice: Notice) -> Mapping[str, Any]:
        to = notice.to[0] if len(notice.to) == 1 else list(notice.to)
        said = {"title": notice.title, "text": notice.text or notice.title, "link": notice.link}
        return {**said, **notice.values, "to": to}

    @property
    def access(self) -> Access:
        """The request is made just before it goes out, so that nothing of it is kept twice."""
        return Access(self._sign)

    def channel(self, document: RequestDocument) -> Channel | None:
        """Only where the document says so."""
        most = 100 if document.reach == "room" else 1
        return Channel(document.reach, self._say, most) if document.reach is not None else None


def holes(written: Any) -> list[str]:
    """The names of values in every text of something written."""
    return list(dict.fromkeys(HOLE.findall(json.dumps(written, ensure_ascii=False, default=str))))


def filled(written: Any, values: Mapping[str, Any]) -> Any:
    """The same with values in place of names; a text that is one name becomes the value itself."""
    match written:
        case str():
            whole = HOLE.fullmatch(written)
            return values.get(whole[1]) if whole else HOLE.sub(lambda hole: _text(values.get(hole[1])), written)
        case dict():
            return {name: filled(value, values) for name, value in written.items()}
        case list():
            return [filled(value, values) for value in written]
        case _:
            return written


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()


def _at(found: Any, path: str) -> Any:
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


REQUEST = Request()
