"""What people take along: the calendar a program of theirs asks for, a card, notices on a device."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lowcode.web.files import attachment
from lowcode.web.messages import Request, Response, answer
from lowcode.web.session import Caller
from lowcode.web.tags import has_already

if TYPE_CHECKING:
    from lowcode.web.door import Door


def calendar(door: Door, request: Request, caller: Caller, word: str) -> Response:
    """A calendar under its secret address; calendar programs ask again and again, so most answers are 304."""
    host = door.host
    made = host.ask(host.app_actor, "api.calendar_file", word=word, address=request.address)
    tag = f'"{hashlib.sha256(made["body"]).hexdigest()[:20]}"'
    headers = [attachment(made["name"], inline=True), ("ETag", tag), ("Cache-Control", "private, no-cache")]
    if has_already(request, tag):
        return Response(304, headers=headers)
    return Response(200, made["body"], "text/calendar; charset=utf-8", headers)


def subscribe(door: Door, request: Request, caller: Caller) -> Response:
    """A browser shows notices, as long as the session it is in lasts."""
    agent = request.headers.get("user-agent", "")
    return answer(
        door.ask(caller, "push.subscribe", **{**request.json(), "token": caller.token or "", "agent": agent[:1000]})
    )


def card(door: Door, request: Request, caller: Caller, name: str, id: int) -> Response:
    """A record as a file that a phone takes into its address book."""
    made = door.ask(caller, "api.card", name=name, id=id, **request.known(("version",)))
    return Response(
        200,
        made["content"],
        f"{made['media_type']}; charset=utf-8",
        [attachment(made["name"]), ("Cache-Control", "no-store")],
    )
