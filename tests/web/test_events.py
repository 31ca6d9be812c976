"""The stream of events: what changed, to whom may see it."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.storage import tables as t
from lowcode.seeding import seed
from lowcode.web import asgi_app
from lowcode.web.door import Door
from lowcode.web.events import Reader, messages
from lowcode.web.session import Caller
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor


async def listen(
    app: Any,
    headers: str | dict[str, str],
    act: Any,
    seconds: float = 3.0,
    query: str = "",
    after: int | None = None,
    until: str = "record",
) -> str:
    """What the stream says while something happens; `headers`, or the cookie alone."""
    said: list[bytes] = []
    began, gone = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not began.is_set():
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        began.set()
        said.append(message.get("body", b""))

    sent = headers if isinstance(headers, dict) else {"cookie": headers}
    scope = {
        "type": "http", "method": "GET", "path": "/api/events", "query_string": query.encode(),
        "scheme": "http", "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }  # fmt: skip
    if after is not None:
        scope["headers"].append((b"last-event-id", str(after).encode()))  # type: ignore[attr-defined]
    stream = asyncio.ensure_future(app(scope, receive, send))
    await began.wait()
    await asyncio.sleep(0.1)
    await asyncio.to_thread(act)
    end = asyncio.get_running_loop().time() + seconds
    while not stream.done() and asyncio.get_running_loop().time() < end:
        if re.search(until, b"".join(said).decode()):
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    gone.set()
    await asyncio.wait_for(stream, 5)
    return b"".join(said).decode()


def test_people_hear_of_what_they_may_see(open_shop: Open, tmp_path: Any) -> None:
    """A record one may read is told; another's is not, neither while it is there nor when it goes."""
    shop = open_shop(database=f"sqlite:///{tmp_path / 'events.sqlite3'}")
    app = asgi_app(shop.host)
    visitor = Visitor(shop, app=app).sign_in("li")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())

    def act() -> None:
        shop.ask("zhao", "records.create", type="lead", values={"company": "Other's"})
        shop.ask("li", "records.create", type="lead", values={"company": "Own"})

    said = run_apart(lambda: listen(app, cookie, act))
    own = shop.ask("li", "records.list", type="lead")["items"][0]["id"]
    assert f'"form":"lead","id":{own},"version":1,"event":"created"' in said
    assert 1 == said.count("event: record")
    others = shop.ask("zhao", "records.list", type="lead")["items"][0]["id"]

    def delete() -> None:
        shop.ask("head", "records.delete", type="lead", id=others)
        shop.ask("head", "records.delete", type="lead", id=own)

    said = run_apart(lambda: listen(app, cookie, delete))
    assert f'"form":"lead","id":{own},"version":2,"event":"deleted"' in said
    assert 1 == said.count("event: record")
    assert not shop.host.listeners


@pytest.mark.requirement("A4")
def test_who_was_cut_off_goes_on(open_shop: Open, tmp_path: Any) -> None:
    """What happened meanwhile comes first, once and in order; what another process does is heard too."""
    database = f"sqlite:///{tmp_path / 'events.sqlite3'}"
    shop = open_shop(database=database)
    other = Host(shop.host.documents, database, clock=shop.clock)
    app = asgi_app(shop.host)
    visitor = Visitor(shop, app=app).sign_in("li")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())

    def make(host: Host, company: str) -> Any:
        shop.clock.advance(timedelta(minutes=1))
        return lambda: host.ask(host.actor("li"), "records.create", type="lead", values={"company": company})

    said = run_apart(lambda: listen(app, cookie, make(shop.host, "One")))
    last = max(int(number) for number in re.findall(r"^id: (\d+)$", said, re.M))
    make(shop.host, "Two")()
    shop.ask("zhao", "records.create", type="lead", values={"company": "Other's"})
    shop.ask("head", "records.create", type="contract", values={"number": "C1"})
    said = run_apart(
        lambda: listen(app, cookie, make(other, "Three"), 8, "forms=lead", last, until=r'"id":(?!2,)\d+'),
    )
    three = max(each["id"] for each in shop.ask("li", "records.list", type="lead")["items"])
    assert ["2", str(three)] == re.findall(r'"id":(\d+),', said)
    assert last < min(int(number) for number in re.findall(r"^id: (\d+)\nevent", said, re.M))
    other.close()


@pytest.mark.requirement("A4")
def test_who_was_away_for_too_long_begins_anew(open_shop: Open, tmp_path: Any) -> None:
    """What they missed is no longer kept: they are told another number than theirs, and no part of it as the whole."""
    shop = open_shop(database=f"sqlite:///{tmp_path / 'events.sqlite3'}")

    def begin(after: int) -> int:
        door = Door(shop.host)
        return Reader(door, Caller(shop.host.actor("li")), after, frozenset()).begin()

    made = [shop.ask("li", "records.create", type="lead", values={"company": f"Number {each}"}) for each in range(6)]
    assert 6 == len(made)
    with shop.host.database.transaction() as unit:
        ids = sorted(row["id"] for row in unit.fetch(t.event.select()))
        unit.run(t.event.delete().where(t.event.c.id <= ids[2]))
    newest = ids[-1]
    assert [newest, newest, ids[2], ids[3]] == [begin(after) for after in (0, ids[1], ids[2], ids[3])]


def test_nobody_hears_nothing(open_shop: Open) -> None:
    """Without a session there is no stream."""
    assert 401 == Visitor(open_shop()).get("api/events").status_code


def test_people_hear_of_what_waits_for_them(tmp_path: Any) -> None:
    """Who is asked hears of a task; who may read the record hears that its flow went on; nobody else hears anything."""
    host = Host("tests/testing/app", f"sqlite:///{tmp_path / 'flows.sqlite3'}")
    host.publish()
    seed(host, forms=())
    people = {login: host.actor(login) for login in ("ann", "bob", "eve")}
    request = host.ask(people["ann"], "records.create", type="request", values={"reason": "x", "days": 1})["id"]

    def heard(by: str, event: str, **body: Any) -> list[str]:
        return [name for name, _ in messages(event, "request", request, body, people[by].id or 0)]

    told: list[tuple[str, Any]] = []
    host.listeners.append(lambda event, kind, identity, body: told.append((event, body)))
    host.ask(people["ann"], "records.update", type="request", id=request, values={"stage": "asked"})
    host.settle()
    asked = [body for event, body in told if event == "flow.asked"]
    assert [people["eve"].id] == [body["person"] for body in asked]
    assert ["task", "flow"] == heard("eve", "flow.asked", **asked[0])
    assert ["flow"] == heard("ann", "flow.asked", **asked[0])
    told.clear()
    task = host.ask(people["eve"], "flows.list_tasks", state="open")["items"][0]["id"]
    host.ask(people["eve"], "flows.decide", task=task, decision="approve", opinion="OK")
    assert "flow.decided" in [event for event, _ in told]
    assert [] == heard("ann", "something.else")
    host.close()
