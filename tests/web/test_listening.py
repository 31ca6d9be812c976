"""Whoever listens is held to what they may at that moment, is counted, and is written down like anybody who asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, MutableMapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lowcode.web import asgi_app
from lowcode.web.events import HEARTBEAT, STREAMS
from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor, problem
from tests.web.test_events import listen


@pytest.fixture
def shop(open_shop: Open, tmp_path: Path) -> Shop:
    return open_shop(database=f"sqlite:///{tmp_path / 'listening.sqlite3'}")


def heard(shop: Shop, headers: dict[str, str], act: Callable[[], None]) -> str:
    """What the stream says, until it ends or something is said of a record."""
    return run_apart(lambda: listen(asgi_app(shop.host), headers, act, 2.5))


def signed_in(shop: Shop, login: str) -> dict[str, str]:
    return cookie(Visitor(shop).sign_in(login))


def cookie(visitor: Visitor) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())}


def leaves(shop: Shop) -> None:
    shop.ask("root", "identity.save_person", login="head", active=False)


def changes_role(shop: Shop) -> None:
    shop.ask("root", "identity.save_person", login="head", roles=[])


def revokes(shop: Shop) -> None:
    shop.ask("root", "api.revoke_key", id=1)


def runs_out(shop: Shop) -> None:
    shop.clock.advance(timedelta(hours=2))


@pytest.mark.requirement("A4", "A9", "X24")
@pytest.mark.parametrize(
    ("by_key", "end"),
    [(False, leaves), (False, changes_role), (True, leaves), (True, changes_role), (True, revokes), (True, runs_out)],
)
def test_rights_that_end_in_the_middle(shop: Shop, by_key: bool, end: Callable[[Shop], None]) -> None:
    """Who left, lost the role that lets them see, or whose key was revoked or ran out hears of nothing after that,
    though the stream was open before; until then they did."""
    expires = shop.clock.now() + timedelta(hours=1)
    headers = (
        {"authorization": f"Bearer {shop.key('head', 'form:lead:read', expires_at=expires)}"}
        if by_key
        else signed_in(shop, "head")
    )

    def make() -> None:
        shop.ask("zhao", "records.create", type="lead", values={"company": "Other's"})

    assert 1 == heard(shop, headers, make).count("event: record")

    def end_then_make() -> None:
        end(shop)
        make()

    assert "event: record" not in heard(shop, headers, end_then_make)
    assert not shop.host.listeners


def timed(app: Any, headers: dict[str, str], act: Callable[[], None], until: str) -> tuple[str, bool]:
    """What a stream says until it ends, and whether it did."""
    began = time.monotonic()
    said = run_apart(lambda: listen(app, headers, act, HEARTBEAT / 2, until=until))
    return said, time.monotonic() - began < HEARTBEAT / 2


def test_signing_out_ends_what_other_tabs_hear(shop: Shop) -> None:
    """At once, and not when it is looked next; what others hear goes on."""
    app = asgi_app(shop.host)

    def leave(*also: str) -> None:
        assert visitor.delete("api/session").status_code == 204
        for company in also:
            shop.ask("zhao", "records.create", type="lead", values={"company": company})

    visitor = Visitor(shop, app=app).sign_in("head")
    assert "event: record" in timed(app, signed_in(shop, "zhao"), partial(leave, "Later"), "record")[0]
    visitor = Visitor(shop, app=app).sign_in("head")
    assert timed(app, cookie(visitor), leave, "never")[1]


def test_a_server_that_stops_ends_what_is_heard(shop: Shop) -> None:
    """Those who listen and those who begin to."""
    app = asgi_app(shop.host)
    for _ in range(2):
        assert timed(app, signed_in(shop, "head"), app.door.listening.end, "never")[1]


@pytest.mark.requirement("A10")
def test_listening_is_one_use_of_a_key(shop: Shop) -> None:
    """However long it lasts and however often it is looked who listens; and it is in the list of uses."""
    key = shop.key("head", "form:lead:read", rate=2)

    def make() -> None:
        for number in range(4):
            shop.ask("zhao", "records.create", type="lead", values={"company": f"Number {number}"})

    app = asgi_app(shop.host)
    said = run_apart(
        lambda: listen(app, {"authorization": f"Bearer {key}"}, make, 5.0, until=r"(?s)(event: record.*){4}")
    )
    assert 4 == said.count("event: record")
    uses = shop.ask("head", "api.key_uses", id=shop.ask("head", "api.list_keys")["items"][0]["id"])["items"]
    assert [("GET api/events", 200)] == [(each["what"], each["status"]) for each in uses]


def test_nobody_opens_streams_without_end(shop: Shop) -> None:
    """So many of one person or key, and no more; another person may."""
    app = asgi_app(shop.host)
    visitor, other = Visitor(shop, app=app).sign_in("li"), shop.host.actor("zhao")
    for _ in range(STREAMS):
        app.door.listening.take(f"person {shop.host.actor('li').id}")
    answer = visitor.get("api/events")
    assert (429, "http.too-many-streams") == problem(answer)[:2]
    assert "60" == answer.headers["retry-after"]
    assert 0 == app.door.listening[f"person {other.id}"]


def test_streams_begun_together_are_counted(shop: Shop) -> None:
    """Who asks for many at once gets as many as one after the other; those that end, and those whose listener goes
    before the first word, leave room."""
    app, headers = asgi_app(shop.host), signed_in(shop, "li")
    whose = f"person {shop.host.actor('li').id}"
    scope = {"type": "http", "method": "GET", "path": "/api/events", "query_string": b"", "scheme": "http",
             "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}  # fmt: skip
    answers: list[int] = []

    async def stream(gone: asyncio.Event, there: bool) -> None:
        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answers.append(message["status"])
                if not there:
                    raise ConnectionResetError

        await app(scope, receive, send)

    async def together(count: int, there: bool = True) -> int:
        """So many at once; how many were open then."""
        gone = asyncio.Event()
        streams = [asyncio.ensure_future(stream(gone, there)) for _ in range(count)]
        while len(answers) < count:
            await asyncio.sleep(0.01)
        open_now = app.door.listening[whose]
        gone.set()
        await asyncio.wait(streams)
        return open_now

    for count, there, admitted in ((STREAMS + 10, True, STREAMS), (STREAMS, False, STREAMS), (STREAMS, True, STREAMS)):
        answers.clear()
        open_then = run_apart(partial(together, count, there))
        assert (answers.count(200), answers.count(429)) == (admitted, count - admitted)
        assert open_then == (STREAMS if there else 0)
        assert 0 == app.door.listening[whose]


def test_who_may_not_listen_is_written_down(shop: Shop) -> None:
    """A key that is none gets the refusal it gets everywhere, and the administrators see it."""
    program = Visitor(shop)
    program.headers["authorization"] = "Bearer lc_made_up"
    assert (401, "api.bad-key") == problem(program.get("api/events"))[:2]
    assert (401, "http.sign-in") == problem(Visitor(shop).get("api/events"))[:2]
    found = shop.ask("root", "identity.refusals")["items"]
    assert [("api.bad-key", "GET api/events")] == [(each["code"], each["what"]) for each in found]


def test_a_server_that_keeps_nothing_open_says_so(shop: Shop) -> None:
    """Over WSGI there is no stream; the page asks now and then instead."""
    said = []
    application = wsgi_app(shop.host, identity=lambda request: shop.host.actor("li"))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/events", "QUERY_STRING": ""}
    list(application(environ, lambda status, headers: said.append(status)))
    assert ["404 Not Found"] == said
