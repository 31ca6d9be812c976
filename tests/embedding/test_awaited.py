"""Who asks is said by a function that has to be waited for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lowcode import Actor
from lowcode.web import Request, asgi_app, awaited
from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop
from tests.embedding.test_mounting import call
from tests.support.apart import run_apart
from tests.web.calls import Open
from tests.web.test_events import listen


class Sessions:
    """The sessions of an embedding program: who is in, and how often it was asked, in which loop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.inside = {"li", "head"}
        self.asked: list[int] = []

    async def __call__(self, request: Request) -> Actor | None:
        await asyncio.to_thread(bool)  # as a database of sessions is asked that has no way of its own to wait
        self.asked.append(id(asyncio.get_running_loop()))
        login = request.headers.get("x-user")
        if login == "broken":
            raise RuntimeError("no way to the sessions")
        return self.shop.host.actor(login) if login in self.inside else None


@pytest.fixture(params=["file", "memory"])
def sessions(open_shop: Open, tmp_path: Path, request: pytest.FixtureRequest) -> Sessions:
    where = {"database": f"sqlite:///{tmp_path / 'shop.sqlite3'}"} if request.param == "file" else {}
    return Sessions(open_shop(**where))


@pytest.mark.requirement("X1")
def test_it_is_waited_for(sessions: Sessions) -> None:
    """For reads, saves and what runs in threads alike; nobody, an error and a key are as with any other function."""
    app = asgi_app(sessions.shop.host, identity=sessions)
    li, key = {"x-user": "li"}, sessions.shop.key("li", "form:lead:read")

    def status(method: str, path: str, headers: dict[str, str], **more: Any) -> int:
        return int(call(app, method, path, headers=headers, **more).status_code)

    assert 201 == status("POST", "/api/records/lead", li, json={"company": "Acme"})
    assert 200 == status("GET", "/api/records/lead", li)
    assert "li" == call(app, "GET", "/api/session", headers=li).json()["actor"]["login"]
    assert (401, 401) == (status("GET", "/api/records/lead", {}), status("GET", "/api/app", {"x-user": "broken"}))
    before = len(sessions.asked)
    assert 200 == status("GET", "/api/records/lead", {"authorization": f"Bearer {key}", "x-user": "broken"})
    assert before == len(sessions.asked), "a key says who asks"


@pytest.mark.requirement("A4", "X1")
def test_whoever_listens_is_found_out_anew(sessions: Sessions) -> None:
    """In the loop that serves them; whoever is not in any more hears of nothing from then on."""
    app = asgi_app(sessions.shop.host, identity=sessions)

    def make() -> None:
        sessions.shop.ask("zhao", "records.create", type="lead", values={"company": "New"})

    def leave_and_make() -> None:
        sessions.inside.clear()
        make()

    assert "event: record" in run_apart(partial(listen, app, {"x-user": "head"}, make, 5.0))
    asked = sessions.asked[:]
    assert len(asked) > 1 and 1 == len(set(asked)), "of the one loop there was"
    assert "event: record" not in run_apart(partial(listen, app, {"x-user": "head"}, leave_and_make, 2.5))


@pytest.mark.requirement("X1", "X4")
def test_whoever_listens_holds_no_thread_while_they_are_waited_for(sessions: Sessions) -> None:
    """The function may need a thread itself: with as many listeners as there are threads it still gets one, and all of
    them are told."""
    app = asgi_app(sessions.shop.host, identity=sessions)
    done: list[int] = []

    def make() -> None:
        if not done:
            done.append(1)
            sessions.shop.ask("zhao", "records.create", type="lead", values={"company": "New"})

    async def two() -> list[str]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        return await asyncio.gather(*(listen(app, {"x-user": "head"}, make, 5.0) for _ in range(2)))

    assert [True, True] == ["event: record" in each for each in run_apart(two)]


@pytest.mark.requirement("A4", "X1")
def test_whoever_is_not_found_out_in_time_is_nobody(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they listen to ends; the sessions may be gone for longer than anybody waits."""
    monkeypatch.setattr(awaited, "SECONDS", 0.05)
    slow: list[Request] = []

    async def who(request: Request) -> Actor | None:
        if slow:
            await asyncio.sleep(60)
        return await sessions(request)

    def make() -> None:
        slow.append(Request("GET", ""))
        sessions.shop.ask("zhao", "records.create", type="lead", values={"company": "New"})

    assert "event: record" not in run_apart(
        partial(listen, asgi_app(sessions.shop.host, identity=who), {"x-user": "head"}, make, 2.0)
    )


def test_what_cannot_wait_says_so(sessions: Sessions) -> None:
    """A WSGI program has no loop."""

    async def who(_: Request) -> Actor | None:
        return None

    for each in (who, sessions):
        with pytest.raises(TypeError, match="asgi_app waits"):
            wsgi_app(sessions.shop.host, identity=each)  # type: ignore[arg-type]
