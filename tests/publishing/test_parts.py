"""Parts of an app, switched off and on while people work with it: nothing of a part that is off is reached, listed or
run, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Conflict, DefinitionError, Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.web import asgi_app
from tests.api.receiver import Receiver, receiver
from tests.flows.app import APPLICATION, QUOTE, Office, approval, document
from tests.support.apart import run_apart

__all__ = ["receiver"]

PARTS = [
    {"name": "approvals", "title": {"en": "Approvals", "zh-CN": "审批"}},
    {"name": "visits", "title": {"en": "Visits", "zh-CN": "拜访"}},
    {"name": "routes", "title": {"en": "Routes", "zh-CN": "路线"}, "needs": ["visits"]},
]
CORE = {
    **APPLICATION,
    "parts": PARTS,
    "menus": [{"title": "Work", "items": [{"form": "quote"}, {"form": "visit"}, {"report": "by_place"}]}],
}
FLOW = document(
    part="approvals", nodes=approval({"user": "head"}, deadline={"days": 1, "then": "approve"})
)  # fmt: skip
WITH_VISIT = {
    **QUOTE,
    "fields": [
        *QUOTE["fields"],
        {"name": "visit", "type": "link", "to": "visit"},
        {"name": "place", "type": "formula", "expression": "visit.place"},
    ],
}
EVERYBODY = [{"role": ["sales", "director"], "can": ["create", "read", "edit", "delete", "export"]}]
MORE: dict[str, Any] = {
    "app.json": CORE,
    "forms/quote.json": WITH_VISIT,
    "forms/visit.json": {
        "name": "visit", "part": "visits", "title": "Visit", "label": "place", "permissions": EVERYBODY,
        "fields": [{"name": "place", "type": "text", "search": True}, {"name": "on", "type": "date"}],
    },
    "forms/route.json": {
        "name": "route", "part": "routes", "title": "Route", "label": "name", "permissions": EVERYBODY,
        "fields": [
            {"name": "name", "type": "text"}, {"name": "visit", "type": "link", "to": "visit", "required": True},
        ],
    },
    "rules/noted.json": {
        "name": "noted", "part": "visits", "form": "quote", "on": {"created": True}, "phase": "before",
        "actions": [{"set": {"note": '"by the part"'}}],
    },
    "rules/later.json": {
        "name": "later", "part": "visits", "form": "visit", "on": {"created": True}, "run_as": "app",
        "actions": [{"wait": {"for": {"hours": 2}}}, {"set": {"place": 'place & " (seen)"'}}],
    },
    "reports/by_place.json": {
        "name": "by_place", "part": "visits", "type": "report", "form": "visit", "title": "Visits by place",
        "dimensions": [{"name": "place", "expression": "place"}],
        "measures": [{"name": "count", "expression": "COUNT()"}],
    },
    "reports/board.json": {
        "name": "board", "type": "dashboard", "title": "Board",
        "tiles": [
            {"heading": "Here", "x": 0, "y": 0, "w": 12, "h": 1},
            {"report": "by_place", "x": 0, "y": 1, "w": 6, "h": 4},
        ],
    },
    "printing/slip.json": {
        "name": "slip", "part": "visits", "form": "visit", "title": "Slip", "page": {"size": "A4"},
        "body": [{"type": "text", "text": "{{ place }}"}],
    },
    "api/places.json": {
        "name": "places", "part": "visits", "type": "endpoint", "method": "GET", "path": "places",
        "access": {"session": True, "key": True},
        "steps": [{"list": {"form": "visit", "sort": ["place"], "limit": 50, "as": "found"}}],
        "answer": {"body": {"items": {"for_each": "found", "body": {"place": "place"}}}},
    },
}  # fmt: skip


def office(database: str = "sqlite://", **more: Any) -> Office:
    """The office with its parts, all on."""
    return Office(FLOW, database=database, more={**MORE, **more})


def switched(*off: str) -> dict[str, Any]:
    """The app with these parts off."""
    parts = [{**each, "enabled": False} if each["name"] in off else each for each in PARTS]
    return {"app.json": {**CORE, "parts": parts}}


def switch(held: Office, *off: str) -> dict[str, Any]:
    """Switch these parts off and all others on; the plan that was consented to."""
    seen: dict[str, Any] = held.ask("root", "app.plan", documents=switched(*off))
    assert [] == seen["findings"]
    held.ask("root", "app.publish", documents=switched(*off), plan=seen["plan"], allow=seen["consents"])
    return seen


def get(held: Office, path: str, login: str) -> httpx.Response:
    """What somebody gets by HTTP, with a key of theirs."""
    key = held.ask(login, "api.create_key", name="test", scopes=("*",))["key"]

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=asgi_app(held.host))
        async with httpx.AsyncClient(transport=transport, base_url="http://small.test") as client:
            return await client.get(path, headers={"authorization": f"Bearer {key}"})

    return run_apart(once)


def described(held: Office, login: str = "li") -> dict[str, Any]:
    """What the page draws the app from."""
    found: dict[str, Any] = get(held, "/api/app", login).json()
    return found


@pytest.mark.requirement("SP07", "SP05")
def test_a_part_that_is_off_is_not_there_and_not_lost(database_url: str) -> None:
    """Forms, links, reports, tiles, papers, addresses, rules and menus of it are gone; its records stay as they were,
    what others compute from them too, and with an undo everything is there again."""
    held = office(database_url)
    visit = held.ask("li", "records.create", type="visit", values={"place": "Suzhou"})["id"]
    quote = held.quote(visit=visit)
    before = held.ask("li", "records.get", type="quote", id=quote)
    assert ("by the part", "Suzhou", visit) == (before["note"], before["place"], before["visit"])
    assert {"visit", "route", "quote"} <= set(described(held)["forms"])

    seen = held.ask("root", "app.plan", documents=switched("visits", "routes"))
    assert ["part:routes", "part:visits"] == sorted(seen["consents"])
    steps = {each["part"]: each for each in seen["steps"]}
    assert {"zh-CN": "停用功能块“拜访 (visits)”", "en": "the part Visits (visits) is switched off"} == (
        steps["visits"]["words"]
    )
    assert [1] == [each["count"] for each in steps["visits"]["findings"]]
    with pytest.raises(Rejected, match="part:routes"):
        held.ask("root", "app.publish", documents=switched("visits", "routes"), plan=seen["plan"])
    switch(held, "visits", "routes")

    app = described(held)
    assert {"quote", "contract"} == set(app["forms"])
    assert [{"form": "quote"}] == app["menus"][0]["items"]
    assert {"visit"}.isdisjoint(each["name"] for each in app["forms"]["quote"]["fields"])
    tiles = held.ask("li", "reports.dashboard", dashboard="board")["tiles"]
    assert ({}, ["Here"]) == (app["reports"], [each["heading"] for each in tiles])
    for login in ("li", "root"):
        for operation, wanted in (("list", {}), ("get", {"id": visit}), ("create", {"values": {"place": "Wuxi"}})):
            with pytest.raises(Forbidden):
                held.ask(login, f"records.{operation}", type="visit", **wanted)
        with pytest.raises(Rejected):
            held.ask(login, "reports.run", report="by_place")
        assert 404 == get(held, "/api/endpoints/places", login).status_code
    found = held.ask("li", "records.get", type="quote", id=quote)
    assert "visit" not in found
    assert "Suzhou" == found["place"]
    with pytest.raises(Rejected, match="visit"):
        held.ask("li", "records.update", type="quote", id=quote, values={"visit": None})
    held.ask("li", "records.update", type="quote", id=quote, values={"number": "Q2"})
    assert held.ask("li", "records.get", type="quote", id=held.quote())["note"] is None

    undone = held.ask("root", "app.plan_undo")
    held.ask("root", "app.undo", plan=undone["plan"], allow=undone["consents"])
    assert {**before, "number": "Q2"}.items() <= {**held.ask("li", "records.get", type="quote", id=quote), **{
        name: before[name] for name in ("version", "updated_at", "updated_by")
    }}.items()  # fmt: skip
    assert {"visit", "route"} <= set(described(held)["forms"])
    assert [{"place": "Suzhou"}] == get(held, "/api/endpoints/places", "li").json()["items"]


@pytest.mark.requirement("SP07")
def test_what_is_under_way_waits_while_its_part_is_off(database_url: str) -> None:
    """A flow that waits for somebody is not listed and not decided, its deadline passes without effect, and a rule that
    waited does not go on; when the part is on again, all of it goes on by itself."""
    held = office(database_url)
    visit = held.ask("li", "records.create", type="visit", values={"place": "Suzhou"})["id"]
    quote = held.submitted()
    held.host.settle()
    [task] = held.tasks("head")
    seen = switch(held, "approvals", "visits", "routes")
    [step] = [each for each in seen["steps"] if each["part"] == "approvals"]
    assert "and go on when it is on: 1" in step["findings"][0]["words"]["en"]

    assert [] == held.tasks("head")
    assert [] == held.tasks("li", "started")
    with pytest.raises(Conflict, match="switched off"):
        held.ask("head", "flows.decide", task=task["id"], decision="approve")
    for _ in range(30):
        held.clock.advance(timedelta(hours=6))
        held.host.settle()
    assert "approving" == held.stage(quote)
    assert [] == held.ask("root", "jobs.dead")["items"]

    switch(held)
    assert "Suzhou" == held.ask("li", "records.get", type="visit", id=visit)["place"]
    for _ in range(4):
        held.clock.advance(timedelta(minutes=15))
        held.host.settle()
    assert "Suzhou (seen)" == held.ask("li", "records.get", type="visit", id=visit)["place"]
    assert "approved" == held.stage(quote)


BILLS: dict[str, Any] = {
    "forms/bill.json": {
        "name": "bill", "part": "visits", "title": "Bill", "label": "payer", "permissions": EVERYBODY,
        "fields": [
            {"name": "quote", "type": "link", "to": "quote", "on_delete": "clear"},
            {"name": "held", "type": "link", "to": "quote", "on_delete": "restrict"},
            {"name": "quotes", "type": "links", "to": "quote", "on_delete": "clear"},
            {"name": "any", "type": "link_any", "to": ["quote", "visit"], "on_delete": "clear"},
            {"name": "payer", "type": "text", "privacy": {"purpose": "bill", "basis": "contract"}},
        ],
        "privacy": {"subject": "quote"},
    },
    "forms/quote.json": {
        **WITH_VISIT,
        "fields": [
            *WITH_VISIT["fields"], {"name": "buyer", "type": "text", "privacy": {"purpose": "x", "basis": "contract"}},
        ],
        "privacy": {"identify": ["buyer"]},
    },
}  # fmt: skip


def test_what_is_done_to_a_record_follows_in_parts_that_are_off(database_url: str) -> None:
    """Links of records that nobody reaches are emptied, protect, and move with what is merged, and back; whom a record
    is about is erased there as well. Whoever asks for a view of such a form is told that there is none."""
    held = office(database_url, **BILLS)
    visit = held.ask("li", "records.create", type="visit", values={"place": "Wuxi"})["id"]
    gone, kept, one = (held.quote() for _ in range(3))
    other = held.quote(buyer="Ms Wang", visit=visit)

    def bill(**values: Any) -> int:
        return int(held.ask("li", "records.create", type="bill", values=values)["id"])

    first = bill(quote=gone, held=kept, quotes=[gone, kept], any={"form": "quote", "id": gone})
    second = bill(quote=other, quotes=[other], any={"form": "quote", "id": other}, payer="Ms Wang")
    switch(held, "visits", "routes")
    held.ask("li", "records.delete", type="quote", id=gone)
    with pytest.raises(Rejected):
        held.ask("li", "records.delete", type="quote", id=kept)
    merged = held.ask("li", "forms.merge", form="quote", into=one, others=[other])
    with pytest.raises(NotFound):
        held.ask("li", "forms.view", form="bill", name="all")

    def bills(*fields: str) -> list[list[Any]]:
        found = [held.ask("li", "records.get", type="bill", id=each) for each in (first, second)]
        return [[each[name] for name in fields] for each in found]

    switch(held)
    links = ("quote", "held", "quotes", "any")
    assert [[None, kept, [kept], None], [one, None, [one], f"quote/{one}"]] == bills(*links)
    assert visit == held.ask("li", "records.get", type="quote", id=one)["visit"]
    switch(held, "visits", "routes")
    held.ask("li", "forms.undo_merge", merge=merged["merge"])
    held.ask("root", "forms.erase", form="quote", id=other)
    switch(held)
    assert [[None, None], [other, None]] == bills("quote", "payer")
    assert visit == held.ask("li", "records.get", type="quote", id=other)["visit"]


ROUND: dict[str, Any] = {
    "api/told.json": {
        "name": "told", "part": "visits", "type": "webhook", "url": {"secret": "TOLD"},
        "on": {"form": "quote", "event": "created"}, "body": {"number": "number"},
    },
    "rules/heard.json": {
        "name": "heard", "part": "visits", "form": "quote", "on": {"created": True}, "run_as": "app",
        "actions": [{"set": {"note": '"heard"'}}],
    },
}  # fmt: skip


def test_what_is_on_its_way_when_a_part_goes_off_comes_when_it_is_on(receiver: Receiver, database_url: str) -> None:
    """An event that a rule has not heard yet, a message that is being sent, papers that are asked for: none of it is
    given up, however long the part is off."""
    held = Office(
        FLOW, database=database_url, more={**MORE, **ROUND}, secrets={"TOLD": receiver.url},
        allow_private=("127.0.0.0/8",),
    )  # fmt: skip
    receiver.answers = [(500, {})]
    held.quote()
    held.host.settle()
    assert 1 == len(receiver.got)
    unheard = held.quote()
    visit = held.ask("li", "records.create", type="visit", values={"place": "Wuxi"})["id"]
    batch = held.ask("li", "printing.batch", template="slip", ids=[visit])["batch"]

    switch(held, "visits", "routes")
    for _ in range(3):
        held.clock.advance(timedelta(hours=1))
        held.host.settle()
    assert 1 == len(receiver.got)
    switch(held)
    held.clock.advance(timedelta(hours=1))
    held.host.settle()
    assert 3 == len(receiver.got)
    assert "heard" == held.ask("boss", "records.get", type="quote", id=unheard)["note"]
    assert "done" == held.ask("li", "printing.progress", batch=batch)["state"]
    assert [] == held.ask("li", "printing.progress", batch=batch)["refused"]


def test_what_others_need_is_not_switched_off_without_them() -> None:
    """The plan names the part that is in the way, in both languages, and does nothing."""
    held = office()
    seen = held.ask("root", "app.plan", documents=switched("visits"))
    assert seen["plan"] is None
    [found] = seen["findings"]
    assert ("parts.off-and-needed", "app.json", "/parts/2/needs/0") == (
        found["code"], found["document"], found["pointer"]
    )  # fmt: skip
    assert "'routes' is switched on and needs 'visits'" in found["message"]
    with pytest.raises(DefinitionError):
        held.host.compile(load({**MORE, **switched("visits")}))


@pytest.mark.requirement("SP08")
def test_an_app_goes_live_in_phases(database_url: str) -> None:
    """The core alone at first; approvals when people know it, then what else there is: each a plan of its own, and what
    was kept meanwhile stays."""
    held = Office(FLOW, database=database_url, more={**MORE, **switched("approvals", "visits", "routes")})
    listed = {each["name"]: each for each in held.ask("root", "app.parts")["items"]}
    assert (False, ["routes"], {"forms": 1, "rules": 2, "reports": 1, "printing": 1, "api": 1}) == (
        listed["visits"]["enabled"], listed["visits"]["needed_by"], listed["visits"]["counts"]
    )  # fmt: skip
    both = held.ask("root", "app.switch_parts", on=["routes"])
    assert ({"routes": True, "visits": True}, switched("approvals")) == (both["switched"], both["documents"])
    with pytest.raises(NotFound, match="visits"):
        held.ask("root", "app.switch_parts", off=["visit"])
    first = held.submitted()
    assert ({"quote", "contract"}, []) == (set(described(held)["forms"]), held.tasks("head"))
    switch(held, "visits", "routes")
    second = held.submitted()
    [task] = held.tasks("head")
    held.ask("head", "flows.decide", task=task["id"], decision="approve")
    assert ("approving", "approved") == (held.stage(first), held.stage(second))
    switch(held)
    visit = held.ask("li", "records.create", type="visit", values={"place": "Wuxi"})["id"]
    held.ask("li", "records.update", type="quote", id=first, values={"visit": visit})
    assert "Wuxi" == held.host.ask(APP, "records.get", type="quote", id=first)["place"]
