"""Deciding from a card in DingTalk, WeCom and Feishu: buttons that lead to the page, and a card that says so when it is
decided, against services that behave as their makers document them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lowcode.api.tables import delivery
from lowcode.host import Host
from lowcode.kernel.diagnostics import Conflict, DefinitionError
from lowcode.web import asgi_app
from tests.api.vendors import DingTalk, Feishu, WeCom, serving
from tests.flows.app import Office, approval, document, documents
from tests.support.apart import run_apart
from tests.support.rows import copies

ADDRESS = "https://crm.example.com/app"
pytestmark = pytest.mark.requirement("W33")


@pytest.fixture
def chatting(database_url: str) -> Iterator[Callable[..., tuple[Office, DingTalk]]]:
    """An office where finance is asked by cards; Fang and Feng are known to DingTalk, the boss is not."""
    with ExitStack() as stack:

        def make(**more: Any) -> tuple[Office, DingTalk]:
            there = DingTalk(lambda: office.clock.now())
            stack.enter_context(serving(there))
            chat = {"name": "ding", "type": "dingtalk_app", "url": there.url, "token_url": there.url,
                    "app_key": "ding1", "agent": "77", "secret": {"secret": "APP_SECRET"}, **more}  # fmt: skip
            due = {"deadline": {"days": 1, "then": "remind"}}
            flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, link_by="ding", **due))
            office = Office(
                flow, database=database_url, more={"api/ding.json": chat}, allow_private=("127.0.0.0/8",),
                secrets={"APP_SECRET": "app-secret", "PUBLIC_URL": ADDRESS},
            )  # fmt: skip
            stack.callback(office.host.close)
            with office.host.session() as app:
                for login in ("fang", "feng"):
                    app.ask("api.link_account", connector="ding", account=f"u-{login}", login=login)
            return office, there

        yield make


@pytest.fixture
def open_office() -> Iterator[Callable[..., Any]]:
    """The same with another service."""
    with ExitStack() as stack:

        def make(sort: str) -> tuple[Office, Any]:
            services: dict[str, tuple[Any, dict[str, Any]]] = {
                "wecom_app": (WeCom, {"corporation": "corp1", "agent": 1000002}),
                "feishu_app": (Feishu, {"app": "cli_1"}),
            }
            service, more = services[sort]
            office: Office
            there = service(lambda: office.clock.now())
            stack.enter_context(serving(there))
            chat = {"name": "chat", "type": sort, "url": there.url, "secret": {"secret": "APP_SECRET"}, **more}
            flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, link_by="chat"))
            office = Office(
                flow, more={"api/chat.json": chat}, allow_private=("127.0.0.0/8",),
                secrets={"APP_SECRET": "app-secret", "PUBLIC_URL": ADDRESS},
            )  # fmt: skip
            stack.callback(office.host.close)
            with office.host.session() as app:
                for login, account in (("fang", "LiNa"), ("feng", "ZhaoLei")):
                    account = account if sort == "wecom_app" else f"ou_{login}"
                    app.ask("api.link_account", connector="chat", account=account, login=login)
            return office, there

        yield make


def addresses(message: dict[str, Any]) -> dict[str, str]:
    """The addresses behind the lines of a WeCom card, or the buttons of a Feishu card."""
    if "template_card" in message:
        return {each["title"]: each["url"] for each in message["template_card"]["jump_list"]}
    return {each["text"]["content"]: each["url"] for each in message["card"]["elements"][1]["actions"]}


def cards(there: DingTalk) -> dict[str, dict[str, Any]]:
    """The newest message each person got."""
    return {each["userid_list"].removeprefix("u-"): each["msg"] for each in there.got}


def visit(office: Office, method: str, url: str, **data: str) -> httpx.Response:
    """A browser without a session at the address behind a button."""

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=asgi_app(office.host))
        async with httpx.AsyncClient(transport=transport, base_url="http://crm.test") as client:
            headers = {"sec-fetch-site": "none" if method == "GET" else "same-origin"}
            return await client.request(method, url.removeprefix(ADDRESS), data=data or None, headers=headers)

    return run_apart(once)


def buttons(card: dict[str, Any]) -> dict[str, str]:
    """The addresses behind the buttons of an action card."""
    return {each["title"]: each["action_url"] for each in card["action_card"]["btn_json_list"]}


def test_buttons_decide_and_the_card_is_taken_back(chatting: Callable[..., tuple[Office, DingTalk]]) -> None:
    """Each person gets a card of their own; its button opens the page with that decision first, and changes nothing;
    once decided the card is gone, for buttons that lead nowhere help nobody."""
    office, there = chatting()
    quote = office.submitted()
    office.host.settle()
    first, second = cards(there)["fang"], cards(there)["feng"]
    assert buttons(first).keys() & {"Approve", "同意"} and len(buttons(first)) == 2
    assert "Check the price · started by Li · due 2026-03-03 09:00" in first["action_card"]["markdown"]
    assert "Quote Q1" in first["action_card"]["title"] and first["action_card"]["btn_orientation"] == "1"
    approve, refuse = buttons(first).values()
    assert approve != refuse and set(buttons(first).values()).isdisjoint(buttons(second).values())
    for url, word in ((approve, "approve"), (refuse, "reject")):
        page = visit(office, "GET", url)
        assert re.findall('name="decision" value="([a-z]+)"', page.text)[0] == word
    assert office.waiting() == {"fang": 1, "feng": 1}
    office.host.settle()
    assert "recalled" not in first
    assert visit(office, "POST", approve, decision="approve").status_code == 200
    office.host.settle()
    assert first["recalled"] and "recalled" not in second
    decide_refuse = list(buttons(second).values())[1]
    assert visit(office, "POST", decide_refuse, decision="reject", opinion="dear").status_code == 200
    office.host.settle()
    assert second["recalled"] and office.stage(quote) == "rejected"
    used = visit(office, "GET", approve)
    assert used.status_code == 409 and f'href="{ADDRESS}/#/tasks"' in used.text


@pytest.mark.parametrize("sort", ["wecom_app", "feishu_app"])
def test_cards_of_other_services(open_office: Callable[..., Any], sort: str) -> None:
    """In WeCom and Feishu too: a card of their own for each person, with an address for each decision, which opens the
    page with it first and changes nothing by itself; taken back once it is decided."""
    office, there = open_office(sort)
    quote = office.submitted()
    office.host.settle()
    first, second = there.got
    assert addresses(first).keys() & {"Approve", "同意"} and len(addresses(first)) == 2
    assert set(addresses(first).values()).isdisjoint(addresses(second).values())
    approve, refuse = addresses(first).values()
    for url, word in ((approve, "approve"), (refuse, "reject")):
        page = visit(office, "GET", url)
        assert re.findall('name="decision" value="([a-z]+)"', page.text)[0] == word
    assert office.waiting() == {"fang": 1, "feng": 1} and "recalled" not in first
    assert visit(office, "POST", approve, decision="approve").status_code == 200
    office.host.settle()
    assert first["recalled"] and "recalled" not in second
    with office.host.database.reading() as unit:
        [*rows] = unit.fetch(sa.select(delivery.c.body).where(delivery.c.state == "delivered"))
    assert rows and "api/decide/" not in str(rows), "the log keeps no word that decides"
    assert visit(office, "POST", list(addresses(second).values())[1], decision="reject", opinion="x").status_code == 200
    assert office.stage(quote) == "rejected"


def test_a_status_bar_says_what_was_decided(chatting: Callable[..., tuple[Office, DingTalk]]) -> None:
    """By whatever way it was: by the card, on the page of the app, or because nobody has to any more; in the language
    of whoever got the card."""
    office, there = chatting(card="status")
    office.ask("feng", "identity.set_locale", locale="zh-CN")
    office.host.forget_directory()
    office.submitted()
    office.host.settle()
    first, second = cards(there)["fang"]["oa"], cards(there)["feng"]["oa"]
    assert {each["status_bar"]["status_bg"] for each in (first, second)} == {"0xFFFF9D46"}
    assert first["message_url"].startswith(f"{ADDRESS}/api/decide/") and first["message_url"] != second["message_url"]
    visit(office, "POST", first["message_url"], decision="approve")
    office.host.settle()
    assert first["status_bar"] == {"status_value": "Approved", "status_bg": "0xFF78C06E"}
    task = office.tasks("feng")[0]["id"]
    office.ask("feng", "flows.decide", task=task, decision="reject", opinion="dear")
    office.host.settle()
    assert second["status_bar"] == {"status_value": "已拒绝", "status_bg": "0xFFF65E5E"}
    office.submitted()
    office.host.settle()
    third = cards(there)["fang"]["oa"]
    office.ask("li", "flows.withdraw", instance=office.tasks("fang")[0]["instance"])
    office.host.settle()
    assert third["status_bar"] == {"status_value": "Nothing to do any more", "status_bg": "0xFF858E99"}


def test_the_log_keeps_no_word_that_decides(chatting: Callable[..., tuple[Office, DingTalk]]) -> None:
    """Once a card is delivered, what it said is gone from the log, for administrators too; it is not sent again. Before
    it is, no row of the database shows it."""
    office, there = chatting()
    office.submitted()
    seen = copies(office.host)
    word = buttons(cards(there)["fang"])[next(iter(buttons(cards(there)["fang"])))].partition("decide/")[2][:20]
    with office.host.session() as app:
        listed = app.ask("api.deliveries")["items"]
        assert len(listed) == 2 and any("'waiting'" in copy for copy in seen)
        assert [] == [copy for copy in seen if word in copy]
        for each in listed:
            assert word not in app.ask("api.delivery", id=each["id"])["body"]
        with pytest.raises(Conflict):
            app.ask("api.redeliver", id=listed[0]["id"])


def test_a_card_that_has_not_gone_out_is_called_off(chatting: Callable[..., tuple[Office, DingTalk]]) -> None:
    """DingTalk is busy; meanwhile it is decided in the app: nobody is asked for what is done."""
    office, there = chatting()
    there.next = [(200, {"accessToken": there.token(), "expireIn": 7200})] + [(200, {"errcode": -1})] * 2
    office.submitted()
    office.host.settle()
    for login in ("fang", "feng"):
        office.ask(login, "flows.decide", task=office.tasks(login)[0]["id"], decision="approve")
    office.host.settle()
    with office.host.session() as app:
        assert {(each["state"], each["error"]) for each in app.ask("api.deliveries")["items"]} == {("dead", "settled")}
    assert there.got == []


def test_a_card_of_somebody_who_handed_it_on(chatting: Callable[..., tuple[Office, DingTalk]]) -> None:
    """Is taken back; who has no account in the chat is asked by letter, where there is one to send."""
    office, there = chatting()
    office.submitted()
    office.host.settle()
    first = cards(there)["feng"]
    office.ask("feng", "flows.transfer", task=office.tasks("feng")[0]["id"], person=office.id("boss"))
    office.host.settle()
    assert first["recalled"] and "recalled" not in cards(there)["fang"] and len(there.got) == 2


def test_a_channel_that_is_not_there() -> None:
    """Is a finding that names what is near."""
    flow = document(nodes=approval({"role": "finance"}, by_link={"days": 2}, link_by="dng"))
    chat = {"name": "ding", "type": "dingtalk_app", "app_key": "a", "agent": "1", "secret": {"secret": "A"}}
    with Host({**documents(flow), "api/ding.json": chat}) as host, pytest.raises(DefinitionError, match="ding"):
        host.compile(host.documents)
