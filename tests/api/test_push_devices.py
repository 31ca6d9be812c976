"""Whose a device is, what it was told to show, and that it was let go: over sessions, browsers and time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Conflict, Forbidden
from lowcode.kernel.storage import tables as t
from tests.api.app import Shop
from tests.api.test_push import Opening, browser_of, jobs, signed_in, subscribe, tell
from tests.support.push import Browser, PushService, push_service

__all__ = ["push_service"]
pytestmark = pytest.mark.requirement("SA14", "SW18")


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, open_shop: Opening, push_service: PushService) -> Shop:
    more = {"database": request.getfixturevalue("postgresql_url")} if request.param == "postgresql" else {}
    return open_shop(secrets={"PUSH_SERVICES": push_service.host}, allow_private=True, **more)


def shown_by(shop: Shop, login: str) -> list[str]:
    return [each["notices"] for each in shop.ask(login, "push.devices")["items"]]


def test_what_waits_is_for_one_person(shop: Shop, push_service: PushService) -> None:
    """What waits for somebody is not shown to who comes after: neither where a device has the number of theirs, nor in
    their browser; and nothing of it is said of the device that is there now."""
    token = signed_in(shop, "li")
    _, number = browser_of(shop, push_service, "li", token=token)
    shared, _ = browser_of(shop, push_service, "li", token=token)
    push_service.answers = [(503, {"Retry-After": "30"})] * 2
    tell(shop, "li", title="Salary")
    shop.ask("li", "identity.sign_out", token=token)
    with shop.host.session() as app:
        app.unit.run(sa.delete(t.push_subscription))
    other, _ = browser_of(shop, push_service, "zhao")
    with shop.host.session() as app:
        app.unit.run(sa.update(t.push_subscription).values(id=number))
    subscribe(shop, shared, "zhao")
    shop.clock.advance(timedelta(seconds=31))
    shop.host.settle()
    assert [] == other.shown + shared.shown
    found = shop.ask("zhao", "push.devices")["items"]
    assert [None, None] == [each["reached_at"] for each in found], "neither forgotten nor reached"


def test_numbers_are_not_given_again(shop: Shop, push_service: PushService) -> None:
    """A device that comes after one that went has another number."""
    _, first = browser_of(shop, push_service, "li")
    shop.ask("li", "push.forget", id=first)
    _, second = browser_of(shop, push_service, "zhao")
    assert second > first


def test_the_choice_outlives_a_session(shop: Shop, push_service: PushService) -> None:
    """Fourteen days later it shows what was chosen; after a night, as its page says."""
    token = signed_in(shop, "li")
    browser, _ = browser_of(shop, push_service, "li", token=token, notices="chosen")
    began = shop.ask("li", "push.devices")["items"][0]["created_at"]
    shop.clock.advance(timedelta(days=15))
    subscribe(shop, browser, "li", resumed=True)
    [found] = shop.ask("li", "push.devices")["items"]
    assert ("chosen", began) == (found["notices"], found["created_at"])
    shop.host.tick()
    shop.clock.advance(timedelta(days=15))
    shop.host.tick()
    with shop.host.session() as app:
        assert [] == list(app.unit.fetch(sa.select(t.push_subscription))), "nobody added a device meanwhile"
    subscribe(shop, browser, "li", resumed=True, notices="chosen")
    assert ["chosen"] == shown_by(shop, "li")


def test_what_was_let_go_stays_away(shop: Shop, push_service: PushService) -> None:
    """A browser that was removed elsewhere does not add itself again; a press there does. Twenty are remembered."""
    token = signed_in(shop, "li")
    browser, number = browser_of(shop, push_service, "li", token=token)
    assert not shop.ask("li", "push.devices", endpoint=browser.endpoint)["let_go"]
    shop.ask("li", "push.forget", id=number)
    assert shop.ask("li", "push.devices", endpoint=browser.endpoint)["let_go"]
    assert not shop.ask("zhao", "push.devices", endpoint=browser.endpoint)["let_go"]
    renewed = Browser(push_service, browser.server_key)
    for each, more in ((browser, {}), (renewed, {"former": browser.endpoint})):
        with pytest.raises(Conflict, match="you removed this device"):
            subscribe(shop, each, "li", token=token, resumed=True, **more)
    assert [] == shown_by(shop, "li")
    number = subscribe(shop, browser, "li", token=token)
    assert not shop.ask("li", "push.devices", endpoint=browser.endpoint)["let_go"]
    shop.ask("li", "push.forget", id=number)
    for _ in range(20):
        shop.ask("li", "push.forget", id=browser_of(shop, push_service, "li", token=token)[1])
    assert not shop.ask("li", "push.devices", endpoint=browser.endpoint)["let_go"]


def test_two_tabs_at_once(shop: Shop, push_service: PushService) -> None:
    """The same browser is one device, and no more than ten are added at a time."""
    token = signed_in(shop, "li")
    for _ in range(8):
        browser_of(shop, push_service, "li", token=token)
    key = shop.ask("li", "push.devices")["key"]
    again = Browser(push_service, key)
    wrong: list[str] = []
    start = threading.Barrier(6)

    def add(browser: Browser) -> None:
        start.wait()
        try:
            subscribe(shop, browser, "li", token=token)
        except Exception as error:
            wrong.append(str(error))

    asked = [again, again, again, *(Browser(push_service, key) for _ in range(3))]
    threads = [threading.Thread(target=add, args=(each,)) for each in asked]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert 10 == len(shown_by(shop, "li"))
    assert [] == [each for each in wrong if "you have 10 devices" not in each]


def test_agents_have_no_devices(open_shop: Opening, push_service: PushService) -> None:
    """A key of a program can ask for nothing about devices, so none of it is offered as a tool."""
    shop = open_shop(secrets={"PUSH_SERVICES": push_service.host}, allow_private=True)
    _, number = browser_of(shop, push_service, "li")
    found = [each["operation"] for each in shop.ask("li", "api.tools")["items"]]
    assert "records.create" in found and [] == [each for each in found if each.startswith("push.")]
    with pytest.raises(Forbidden, match="a person adds the device"):
        shop.host.ask(shop.acting(shop.key("li")), "push.try", id=number)


def test_a_batch_rings_twice(open_shop: Opening, push_service: PushService) -> None:
    """A device rings for the first that a batch brings, and once more when nothing came for a minute, with all
    of it in the place of the first; as urgently as it is meant."""
    shop = open_shop(secrets={"PUSH_SERVICES": push_service.host}, allow_private=True)
    browser, _ = browser_of(shop, push_service, "li")
    said: dict[str, Any] = {"batch": "batch:import:1", "many": "{count} leads", "form": "lead", "urgency": "high"}
    for number in range(1, 6):
        tell(shop, "li", title=f"Lead {number}", record=number, key=f"lead {number}", **said)
        shop.clock.advance(timedelta(seconds=2))
        shop.host.settle()
    assert ["Lead 1"] == [each["title"] for each in browser.shown]
    shop.clock.advance(timedelta(seconds=61))
    shop.host.settle()
    assert ["Lead 1", "5 leads"] == [each["title"] for each in browser.shown]
    assert 1 == len({each["tag"] for each in browser.shown})
    assert {"high"} == {each.headers["urgency"] for each in browser.messages}
    tell(shop, "li", title="Lead 6", record=6, key="lead 6", **said)
    shop.clock.advance(timedelta(seconds=2))
    shop.host.settle()
    shop.ask("li", "notifications.read", all=True)
    shop.clock.advance(timedelta(seconds=61))
    shop.host.settle()
    assert 2 == len(browser.messages), "what was read meanwhile needs no device"
    assert [] == jobs(shop, "ready")
