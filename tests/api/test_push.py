"""Notices on devices, through a real push service: encrypted for one browser, signed by the app, tried again, forgotten
where they are not wanted any more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import http_ece
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from lowcode.api.push import devices, services
from lowcode.api.push.encryption import encrypt
from lowcode.api.push.keys import new_key
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.storage import tables as t
from tests.api.app import NOBODY, Shop
from tests.support.push import Browser, PushService, claims_of, decoded, encoded, push_service

__all__ = ["push_service"]

CASES = json.loads((Path(__file__).parent / "push.json").read_text("utf-8"))
pytestmark = pytest.mark.requirement("SA14", "SW18")
AGENT = next(iter(CASES["browsers"]))
Opening = Callable[..., Shop]


@pytest.fixture
def shop(open_shop: Opening, push_service: PushService) -> Shop:
    return open_shop(secrets={"PUSH_SERVICES": push_service.host}, allow_private=True)


def signed_in(shop: Shop, login: str) -> str:
    """The token of a new session."""
    found = shop.host.ask(NOBODY, "identity.sign_in", login=login, password=f"{login}-password")
    return str(found["token"])


def browser_of(shop: Shop, service: PushService, login: str, **more: Any) -> tuple[Browser, int]:
    """A browser in which somebody signed in and pressed the button."""
    browser = Browser(service, shop.ask(login, "push.devices")["key"])
    return browser, subscribe(shop, browser, login, **more)


def subscribe(shop: Shop, browser: Browser, login: str, token: str | None = None, **more: Any) -> int:
    token = token if token is not None else signed_in(shop, login)
    return int(
        shop.ask(login, "push.subscribe", **{**browser.subscription, "token": token, "agent": AGENT, **more})["id"]
    )


def tell(shop: Shop, *logins: str, **more: Any) -> None:
    people = shop.host.directory().by_login
    to = [people[login].id for login in logins]
    with shop.host.session() as app:
        app.ask("notifications.send", to=to, **{"title": {"en": "Call Acme", "zh-CN": "请联系 Acme"}, **more})
    shop.host.settle()


def jobs(shop: Shop, *states: str) -> list[dict[str, Any]]:
    with shop.host.session() as app:
        return [dict(row) for row in app.unit.fetch(sa.select(t.job)) if row["state"] in states]


def listed(shop: Shop, login: str) -> list[str]:
    return [each["device"] for each in shop.ask(login, "push.devices")["items"]]


def test_the_example_of_the_standard() -> None:
    """RFC 8291, Appendix A, to the byte."""
    given = CASES["rfc8291"]
    own = ec.derive_private_key(int.from_bytes(decoded(given["as_private"]), "big"), ec.SECP256R1())
    browser, auth = decoded(given["ua_public"]), decoded(given["auth"])
    made = encrypt(given["plain"].encode(), browser, auth, salt=decoded(given["salt"]), own=own)
    assert given["body"] == encoded(made)
    private = ec.derive_private_key(int.from_bytes(decoded(given["ua_private"]), "big"), ec.SECP256R1())
    fresh = encrypt(b"x" * 3993, browser, auth)
    assert 4096 == len(fresh)
    assert b"x" * 3993 == http_ece.decrypt(fresh, private_key=private, auth_secret=auth, version="aes128gcm")


def test_a_notice_reaches_every_device(shop: Shop, push_service: PushService) -> None:
    """All of a person's devices, in their language, with the way to the record; the service reads nothing of it."""
    phone, laptop = (browser_of(shop, push_service, "li")[0] for _ in range(2))
    other, _ = browser_of(shop, push_service, "zhao")
    lead = shop.ask("li", "records.create", type="lead", values={"company": "Acme"})["id"]
    tell(shop, "li", "zhao", "head", text={"en": "Today", "zh-CN": "今天"}, form="lead", record=lead, key="one")
    [first], [second], [third] = phone.shown, laptop.shown, other.shown
    assert (
        first == second == {"title": "Call Acme", "text": "Today", "go": f"#/records/lead/{lead}", "tag": first["tag"]}
    )
    assert third == {**first, "title": "请联系 Acme", "text": "今天"}
    [message] = phone.messages
    headers = {name: message.headers[name] for name in ("ttl", "urgency", "topic", "content-encoding")}
    assert headers == {"ttl": "86400", "urgency": "normal", "topic": first["tag"], "content-encoding": "aes128gcm"}
    assert b"Acme" not in message.body and b"lead" not in message.body and "lead" not in json.dumps(message.headers)
    key, claims = claims_of(message)
    now = int(shop.clock.now().timestamp())
    assert key == phone.server_key and {"aud": push_service.url, "exp": now + 12 * 3600} == claims
    assert [shop.clock.now()] * 2 == [each["reached_at"] for each in shop.ask("li", "push.devices")["items"]]
    tell(shop, "li", form="lead", record=lead, key="one")
    assert 1 == len(phone.messages), "what has a key is told once"
    tell(shop, "li", form="lead", record=lead, title="Later")
    assert ["Call Acme", "Later"] == [each["title"] for each in phone.shown]
    assert 1 == len({each["tag"] for each in phone.shown}), "what is newer of the same matter takes its place"
    tell(shop, "li", title="All")
    assert 2 == len({each["tag"] for each in phone.shown}) and "" == phone.shown[-1]["go"]


def test_it_is_the_same_on_both_databases(open_shop: Opening, push_service: PushService, database_url: str) -> None:
    """Subscribe, be told, be refused as one too many by the service's word, sign out."""
    shop = open_shop(secrets={"PUSH_SERVICES": push_service.host}, allow_private=True, database=database_url)
    token = signed_in(shop, "li")
    browser, _ = browser_of(shop, push_service, "li", token=token)
    former, again = Browser(push_service, browser.server_key), browser_of(shop, push_service, "li")[0]
    subscribe(shop, former, "li", former=again.endpoint)
    tell(shop, "li")
    assert [1, 1, 0] == [len(each.messages) for each in (browser, former, again)]
    push_service.gone.add(former.path)
    tell(shop, "li")
    assert 1 == len(listed(shop, "li"))
    shop.ask("li", "identity.sign_out", token=token)
    tell(shop, "li")
    assert [] == listed(shop, "li") and 2 == len(browser.messages)


@pytest.mark.parametrize("case", CASES["answers"], ids=lambda case: case["name"])
def test_what_a_service_answers(shop: Shop, push_service: PushService, case: dict[str, Any]) -> None:
    """A device that is gone is forgotten, too much is said shorter, and who is busy is asked again when they say."""
    browser, _ = browser_of(shop, push_service, "li")
    push_service.answers = [(status, headers) for status, headers in case["answers"]]
    tell(shop, "li", text="Today")
    found = []
    for seconds in case["waits"]:
        shop.clock.advance(timedelta(seconds=seconds))
        shop.host.settle()
        found.append(len(browser.shown))
    assert case.get("shown_after", found) == found
    assert [case.get("text", "Today")] * case["shown"] == [each["text"] for each in browser.shown]
    items = shop.ask("li", "push.devices")["items"]
    state = "forgotten" if not items else "kept" if items[0]["reached_at"] is None else "reached"
    assert case["device"] == state
    dead = jobs(shop, "dead")
    assert case["jobs"] == ["api.push-refused" for each in dead if "push service refused" in each["error"]]
    assert len(case["jobs"]) == len(dead) and [] == [
        each for each in jobs(shop, "ready") if each["name"] == "push.send"
    ]


def test_what_a_device_shows_is_chosen(shop: Shop, push_service: PushService) -> None:
    """All notices, or those that a definition sends there by the channel `push`; how urgent decides how long."""
    browser, identity = browser_of(shop, push_service, "li")
    shop.ask("li", "push.choose", id=identity, notices="chosen")
    tell(shop, "li", title="One")
    tell(shop, "li", title="Two", channels=("app", "push"), urgency="high")
    tell(shop, "li", title="Three", channels=("push",), urgency="low")
    assert ["Two", "Three"] == [each["title"] for each in browser.shown]
    assert [("high", "259200"), ("low", "14400")] == [
        (each.headers["urgency"], each.headers["ttl"]) for each in browser.messages
    ]
    subscribe(shop, browser, "li")
    assert ["chosen"] == [each["notices"] for each in shop.ask("li", "push.devices")["items"]], "it stays as chosen"
    assert 3 == shop.ask("li", "notifications.list")["unread"], "the list of the page holds all of them"


def test_messages_by_the_channel(shop: Shop, push_service: PushService) -> None:
    """`api.message` reaches devices, and names who has none."""
    browser, _ = browser_of(shop, push_service, "li")
    li, head = (shop.host.actor(login).id for login in ("li", "head"))
    with shop.host.session() as app:
        found = app.ask("api.message", channel="push", to=(li, head, "0571"), title="Look", text="here")
    shop.host.settle()
    assert {"deliveries": [], "unreached": [head, "0571"]} == found
    assert [("Look", "here")] == [(each["title"], each["text"]) for each in browser.shown]
    assert {"name": "push", "title": "push", "reach": "device", "pictures": False} in shop.ask("li", "api.channels")[
        "items"
    ]


ENDS: dict[str, Callable[[Shop, str], Any]] = {
    "signing out": lambda shop, token: shop.ask("li", "identity.sign_out", token=token),
    "a session that ran out": lambda shop, token: shop.clock.advance(timedelta(days=15)),
    "a new password": lambda shop, token: shop.ask(
        "li", "identity.change_password", old="li-password", new="another-one"
    ),
    "being blocked": lambda shop, token: shop.ask("root", "identity.save_person", login="li", active=False),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_device_goes_with_its_session(shop: Shop, push_service: PushService, name: str) -> None:
    """What waits by then is not sent either."""
    token = signed_in(shop, "li")
    browser, _ = browser_of(shop, push_service, "li", token=token)
    tell(shop, "li")
    push_service.answers = [(503, {"Retry-After": "30"})]
    tell(shop, "li")
    ENDS[name](shop, token)
    shop.clock.advance(timedelta(seconds=31))
    tell(shop, "li")
    assert 1 == len(browser.messages)
    with shop.host.session() as app:
        left = app.unit.fetch(sa.select(t.push_subscription))
    assert [] == list(left) or name == "a session that ran out"
    assert name == "being blocked" or [] == listed(shop, "li")


def test_a_browser_is_one_persons(shop: Shop, push_service: PushService) -> None:
    """Whoever sits before it is told there; nobody else is any more, whether they press the button or not."""
    browser, _ = browser_of(shop, push_service, "li")
    subscribe(shop, browser, "zhao")
    tell(shop, "li", "zhao")
    assert ["请联系 Acme"] == [each["title"] for each in browser.shown] and [] == listed(shop, "li")
    assert {"mine": True} == shop.ask("zhao", "push.release", endpoint=browser.endpoint)
    assert {"mine": False} == shop.ask("head", "push.release", endpoint=browser.endpoint)
    tell(shop, "li", "zhao", "head")
    assert 1 == len(browser.messages)


def test_devices_are_ones_own(shop: Shop, push_service: PushService) -> None:
    """They are listed with the one before oneself, tried, and let go; those of others are not there."""
    (here, first), (_, second) = (browser_of(shop, push_service, "li") for _ in range(2))
    found = shop.ask("li", "push.devices", endpoint=here.endpoint)
    assert [(first, True), (second, False)] == [(each["id"], each["this"]) for each in found["items"]]
    assert ["Edge · Windows"] * 2 == listed(shop, "li") and (None, 10) == (found["reason"], found["most"])
    shop.ask("li", "push.try", id=first)
    shop.host.settle()
    assert ["Notices reach this device"] == [each["title"] for each in here.shown]
    for asked in ({}, {"notices": "chosen"}):
        for operation in ["push.choose"] if asked else ["push.forget", "push.try"]:
            with pytest.raises(NotFound, match="none of your devices"):
                shop.ask("zhao", operation, id=first, **asked)
    shop.ask("li", "push.forget", id=first)
    tell(shop, "li")
    assert 1 == len(here.messages) and 1 == len(listed(shop, "li"))
    for _ in range(9):
        browser_of(shop, push_service, "li")
    with pytest.raises(Rejected, match="you have 10 devices"):
        browser_of(shop, push_service, "li")
    with pytest.raises(Rejected, match="too many requests"):
        for _ in range(7):
            shop.ask("li", "push.try", id=second)


def test_what_is_no_subscription(shop: Shop, push_service: PushService) -> None:
    """Only what a browser gives, of the session that asks, by a person: every refusal names the place."""
    browser, _ = browser_of(shop, push_service, "li")
    for case in CASES["keys"]:
        keys = {name: case[name] for name in ("p256dh", "auth")}
        with pytest.raises(Rejected) as refused:
            subscribe(shop, browser, "li", keys=keys)
        assert [case["wrong"]] == [each.pointer for each in refused.value.problems]
    with pytest.raises(Conflict, match="a key that the app has no more"):
        subscribe(shop, browser, "li", server_key="BOld")
    with pytest.raises(Forbidden, match="sign in again"):
        subscribe(shop, browser, "zhao", token=signed_in(shop, "li"))
    with pytest.raises(Rejected, match=r"'push.evil.example' is no push service.*PUSH_SERVICES"):
        subscribe(shop, browser, "li", endpoint="https://push.evil.example/x")
    with pytest.raises(Forbidden, match="a person adds the device"):
        shop.host.ask(shop.acting(shop.key("li")), "push.devices")
    assert ["Edge · Windows"] == listed(shop, "li")


def test_which_services_are_called(open_shop: Opening) -> None:
    """Those of the browsers' makers, over TLS, and what the host adds; a name that only looks like one is none."""
    shop = open_shop(secrets={"PUSH_SERVICES": "push.firm.example:8443, *.intranet.example"})
    for endpoint, taken in CASES["endpoints"].items():
        try:
            services.check(shop.host, endpoint)
            found = True
        except Rejected:
            found = False
        assert taken == found, endpoint
    for agent, name in CASES["browsers"].items():
        assert name == devices.name_of(agent)


def test_private_addresses_are_not_called(open_shop: Opening, push_service: PushService) -> None:
    """A name on the list that leads into the private network is refused when it is called."""
    shop = open_shop(secrets={"PUSH_SERVICES": push_service.host})
    browser_of(shop, push_service, "li")
    tell(shop, "li")
    assert 0 == push_service.asked
    assert ["private" in each["error"] for each in jobs(shop, "dead")] == [True]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "files"


def test_the_keys_of_the_app(open_shop: Opening, push_service: PushService, folder: Path, tmp_path: Path) -> None:
    """A host makes a key for itself; one that is given takes its place for new devices, and the others are reached
    still. What was subscribed with a key that is gone is forgotten."""
    given: dict[str, str] = {"PUSH_SERVICES": push_service.host}
    shop = open_shop(
        secrets=given.get, allow_private=True, files=str(folder), database=f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    )
    old, _ = browser_of(shop, push_service, "li")
    assert 0o600 == (folder / "push.key").stat().st_mode & 0o777
    given["PUSH_KEYS"] = new_key()
    new, _ = browser_of(shop, push_service, "li")
    assert old.server_key != new.server_key
    tell(shop, "li")
    assert [old.server_key, new.server_key] == [claims_of(each.messages[0])[0] for each in (old, new)]
    (folder / "push.key").unlink()
    given["PUSH_KEYS"] = f"{new_key()}, {given['PUSH_KEYS']}"
    tell(shop, "li")
    assert [1, 2] == [len(each.messages) for each in (old, new)] and 1 == len(listed(shop, "li"))
    given["PUBLIC_URL"] = "https://crm.example.com/"
    tell(shop, "li")
    assert "https://crm.example.com" == claims_of(new.messages[-1])[1]["sub"]
    given["PUSH_KEYS"] = "not a key"
    found = shop.ask("zhao", "push.devices")
    assert (None, []) == (found["key"], found["items"])
    assert "LOWCODE_SECRET_PUSH_KEYS" in found["reason"] and "私钥" in shop.chinese("zhao", "push.devices")["reason"]


def test_what_a_row_says(shop: Shop, push_service: PushService) -> None:
    """Neither the endpoint nor the words stand in the database in clear."""
    browser, _ = browser_of(shop, push_service, "li")
    push_service.answers = [(503, {"Retry-After": "600"})]
    tell(shop, "li")
    [waiting] = [each for each in jobs(shop, "ready") if each["name"] == "push.send"]
    with shop.host.session() as app:
        [row] = app.unit.fetch(sa.select(t.push_subscription))
    assert "sealed" in waiting["body"] and "Acme" not in json.dumps(waiting["body"])
    assert row["address"].startswith("enc1:") and browser.path not in json.dumps(dict(row), default=str)
