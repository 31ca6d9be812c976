"""What is refused is written down, seen by administrators, holds no secret, and cannot fill the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import refusals
from lowcode.kernel.storage import tables as t
from lowcode.web.messages import Request
from lowcode.web.refused import A_MINUTE, what
from tests.api.app import PUBLIC, Shop, open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]


def listed(shop: Shop, **asked: Any) -> list[dict[str, Any]]:
    return list(shop.ask("root", "identity.refusals", **asked)["items"])


def told(shop: Shop, **asked: Any) -> list[tuple[Any, ...]]:
    """Who, under which code, for what; the newest first."""
    return [
        (each["user"] and each["user"]["login"], each["code"], each["status"], each["what"])
        for each in listed(shop, **asked)
    ]


@pytest.mark.requirement("X24", "A9")
def test_every_refusal_is_written_down(open_shop: Open, database_url: str) -> None:
    """A wrong password of somebody who is there and of nobody, a forbidden operation and form, a key that is none, that
    was revoked or may not, a page that is out of date, another site, too many attempts."""
    shop = open_shop(PUBLIC, database=database_url)
    visitor = Visitor(shop)
    visitor.post("api/session", {"login": "li", "password": "not-hers"})
    visitor.post("api/session", {"login": "secret-typed-as-a-name", "password": "x"})
    li = Visitor(shop).sign_in("li")
    assert (
        403 == li.post("api/operations/identity.save_person", {"login": "li", "roles": ["administrator"]}).status_code
    )
    li.headers["x-csrf-token"] = "old"
    assert 403 == li.post("api/operations/identity.away", {}).status_code
    assert 403 == li.post("api/session", {}, headers={"sec-fetch-site": "cross-site"}).status_code
    program = Visitor(shop)
    program.headers["authorization"] = "Bearer lc_made_up"
    assert 401 == program.get("api/records/lead").status_code
    key = shop.key("head", "form:contract:read")
    program.headers["authorization"] = f"Bearer {key}"
    call = {"name": "records_create", "arguments": {"type": "contract", "values": {"number": "1"}}}
    told_agent = program.post("api/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
    assert told_agent.json()["result"]["isError"]
    assert 403 == program.post("api/operations/flows.decide", {"task": 1, "decision": "approve"}).status_code
    assert [
        ("head", "ask.not-allowed", 403, "POST api/operations/flows.decide"),
        ("head", "records.may-not", 403, "POST api/mcp records_create 403"),
        (None, "api.bad-key", 401, "GET api/records/lead"),
        (None, "http.cross-site", 403, "POST api/session"),
        (None, "http.csrf", 403, "POST api/operations/identity.away"),
        ("li", "ask.not-allowed", 403, "POST api/operations/identity.save_person"),
        (None, "identity.wrong-password", 401, "POST api/session"),
        ("li", "identity.wrong-password", 401, "POST api/session"),
    ] == told(shop)
    assert "_".join(key.split("_")[:2]) == listed(shop)[0]["key"]
    with shop.host.database.reading() as unit:
        kept = str(unit.fetch(sa.select(t.refusal)))
    assert not [each for each in ("not-hers", "secret-typed", key, "made_up") if each in kept]


def test_who_looks_and_how(open_shop: Open) -> None:
    """Administrators, not by a key; by code, person, address and day, page by page. That nobody is signed in is no
    refusal."""
    shop = open_shop()
    visitor = Visitor(shop)
    for path in ("api/session", "api/app", "api/records/lead"):
        visitor.get(path)
    quiet = told(shop)
    for login in ("li", "zhao", "li"):
        visitor.post("api/session", {"login": login, "password": "x"})
    shop.clock.advance(timedelta(days=1))
    li = Visitor(shop).sign_in("li")
    assert (403, "ask.not-allowed") == problem(li.post("api/operations/identity.refusals", {}))[:2]
    assert {("li", "identity.wrong-password"), ("li", "ask.not-allowed")} == {
        each[:2] for each in told(shop, login="li")
    }
    assert 3 == len(told(shop, code="identity.wrong-password"))
    assert [] == told(shop, login="nobody") == told(shop, address="203.0.113.1")
    assert 1 == len(told(shop, since=shop.clock.now())) and len(quiet) + 3 == len(told(shop, until=shop.clock.now()))
    with pytest.raises(Rejected, match=r"ask\.bad-parameter"):
        told(shop, since="2026-03-01T00:00:00")  # in which zone?
    page = shop.ask("root", "identity.refusals", limit=2)
    rest = shop.ask("root", "identity.refusals", limit=500, before=page["next"])
    assert len(quiet) + 4 == len(page["items"]) + len(rest["items"]) and rest["next"] is None
    assert ("identity.wrong-password", 3) in [(each["code"], each["count"]) for each in page["codes"]]
    program = Visitor(shop)
    program.headers["authorization"] = f"Bearer {shop.key('root')}"
    assert (403, "identity.not-by-key") == problem(program.post("api/operations/identity.refusals", {}))[:2]


def test_it_cannot_fill_the_disk(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address writes so many lines a minute; what was left out is counted in the next. Old lines go, and so do
    those beyond the most that is kept."""
    shop = open_shop()
    program = Visitor(shop)
    program.headers["authorization"] = "Bearer lc_made_up"
    for _ in range(A_MINUTE + 5):
        program.get("api/records/lead")
    assert A_MINUTE == len(listed(shop, limit=500))
    shop.clock.advance(timedelta(minutes=1))
    program.get("api/records/lead")
    assert 5 == listed(shop)[0]["more"]
    monkeypatch.setattr(refusals, "SWEPT", 1)
    monkeypatch.setattr(refusals, "MOST", 10)
    shop.clock.advance(timedelta(minutes=1))
    program.get("api/records/lead")
    assert 10 == len(listed(shop, limit=500))
    shop.clock.advance(timedelta(days=shop.host.app.definition.keep_refusals_days, minutes=1))
    program.get("api/records/lead")
    assert 1 == len(listed(shop))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("api/shared/3q2x-secret", "GET api/shared/…"),
        ("api/decide/abc", "GET api/decide/…"),
        ("confirm/abc", "GET confirm/…"),
        ("ticket/abc", "GET ticket/…"),
        ("api/boards/shared/abc/x", "GET api/boards/shared/…"),
        (f"api/records/{'a' * 43}", "GET api/records/…"),
        (
            "api/operations/identity.change_password_of_somebody",
            "GET api/operations/identity.change_password_of_somebody",
        ),
    ],
)
def test_an_address_may_be_a_secret(path: str, shown: str) -> None:
    """Links that let somebody in are not written down, nor what was asked behind the question mark."""
    assert shown == what(Request("GET", path, query="token=secret"))


def test_scopes_are_offered(open_shop: Open) -> None:
    """What a key can be given beside forms, with a title; what only administrators may ask, to them alone."""
    shop = open_shop(PUBLIC)
    mine, all_of_them = (
        {each["scope"]: each["title"] for each in shop.ask(login, "api.scopes")["items"]} for login in ("li", "root")
    )
    assert "Website" == mine["intake:landing_page"]
    assert "identity.save_person" in all_of_them and "identity.save_person" not in mine
    assert not [each for each in mine if each.startswith("form:") or each == "*"]
