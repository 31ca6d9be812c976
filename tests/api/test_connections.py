"""What an administrator is told of everything the app is connected with."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.api.advice import advised, unreached
from lowcode.kernel.diagnostics import Forbidden, localized
from tests.api.app import SIGNED, WEBSITE, Shop
from tests.api.vendors import DingTalk, serving

ROBOT = {
    "name": "chat",
    "type": "dingtalk_robot",
    "title": {"en": "Sales group", "zh-CN": "销售群"},
    "url": "https://user:pass@oapi.example.com/robot/send?access_token=token-in-it",
    "secret": {"secret": "DING_KEY"},
    "headers": {"X-Own": {"secret": "OWN"}},
    "limit": 20,
}
OFF = {"name": "old", "type": "connector", "title": "Old one", "url": "https://old.example.com", "enabled": False}
RULE = {
    "name": "good_news", "title": {"en": "Good news", "zh-CN": "喜报"}, "form": "lead", "on": {"created": True},
    "actions": [{"webhook": {"connector": "chat", "body": {"title": "company"}}}],
}  # fmt: skip


def named(secret: str, *, there: bool) -> dict[str, Any]:
    """A secret that the server has not bound, as an administrator reads of it."""
    return {"name": secret, "variable": f"LOWCODE_SECRET_{secret}", "there": there,
            "bound": None, "bound_by": f"LOWCODE_BOUND_{secret}"}  # fmt: skip


def told(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shop.ask("root", "api.connections")
    return found


@pytest.mark.requirement("A7", "A12")
def test_what_stands_in_the_documents(open_shop: Callable[..., Shop]) -> None:
    """Kind, address, limits, who uses it and which secrets are there, by name only."""
    proof = {"signed": {"secret": {"secret": "PAY_KEY"}}}
    signed = {**WEBSITE, "name": "pay", "authentication": proof}
    shop = open_shop(
        ROBOT, SIGNED, WEBSITE, signed, OFF, secrets={"DING_KEY": "very-secret"}, more={"rules/good_news.json": RULE}
    )
    found = told(shop)
    chat, webhook = found["connectors"]
    assert "very-secret" not in json.dumps(found) and "token-in-it" not in json.dumps(found)
    assert {
        "name": "chat", "title": "Sales group", "type": "dingtalk_robot",
        "address": "https://oapi.example.com/robot/send?…", "address_secret": None, "method": "POST", "timeout": 15,
        "limit": 20, "reach": "room", "offers": False, "on": None,
        "secrets": [named("DING_KEY", there=True), named("OWN", there=False)],
        "used_by": [{"kind": "rules", "name": "good_news", "title": "Good news"}],
        "waiting": 0, "dead": 0, "last": None,
    } == chat  # fmt: skip
    assert ("webhook", None, "ERP_URL", {"form": "contract", "event": "becomes"}, []) == tuple(
        webhook[each] for each in ("type", "address", "address_secret", "on", "used_by")
    )
    proofs = [(each["name"], each["proof"], each["limit"], each["secrets"]) for each in found["intakes"]]
    pay = [named("PAY_KEY", there=False)]
    assert [("pay", "signed", 600, pay), ("website", "key", None, [])] == proofs
    assert [{"name": "old", "title": "Old one", "type": "connector"}] == found["off"]
    assert "销售群" == shop.chinese("root", "api.connections")["connectors"][0]["title"]
    with pytest.raises(Forbidden):
        shop.ask("li", "api.connections")


@pytest.mark.requirement("A7", "A8")
def test_what_came_of_it(open_shop: Callable[..., Shop]) -> None:
    """Of each connection what waits, what is dead and how its last attempt ended; of each intake what was refused."""
    shop = open_shop(SIGNED, {**SIGNED, "name": "silent"}, WEBSITE)
    for _ in range(2):
        with shop.host.session() as app:
            app.ask("api.send", name="contract_signed", body={"number": "1"})
    shop.host.settle()  # without its secret no attempt can be repaired by waiting
    with shop.host.session() as app:
        app.ask("api.send", name="contract_signed", body={"number": "2"})
    shop.send(shop.key("root"), "website", b"{}")
    shop.send(shop.key("root"), "website", b'{"company": "Acme", "email": "a@example.com"}')
    found = told(shop)
    sent, silent = found["connectors"]
    assert (1, 2, "dead", "the secret 'ERP_URL' is not set; set LOWCODE_SECRET_ERP_URL") == (
        sent["waiting"], sent["dead"], sent["last"]["state"], sent["last"]["error"]
    )  # fmt: skip
    assert (0, 0, None) == (silent["waiting"], silent["dead"], silent["last"])
    assert [1] == [each["refused"] for each in found["intakes"]]
    refused = shop.ask("root", "api.requests", intake="website", state="refused")["items"]
    assert (1, 0) == (len(refused), len(shop.ask("root", "api.requests", intake="other")["items"]))


@pytest.mark.requirement("A12")
def test_a_try_says_what_to_do(open_shop: Callable[..., Shop]) -> None:
    """An answer with a status that means something is explained, to whom reads Chinese in Chinese."""
    with serving(DingTalk(lambda: shop.clock.now())) as there:
        own = {"name": "own", "type": "connector", "url": f"{there.url}/nothing/here"}
        shop = open_shop(own, {**own, "name": "away", "url": "http://127.0.0.1:9/"}, allow_private=True)
        found = shop.ask("root", "api.try", connector="own")
        away = shop.chinese("root", "api.try", connector="away")
    assert (False, 404, "There is nothing at this address: check it.") == (
        found["done"], found["status"], found["hint"]
    )  # fmt: skip
    assert (None, None) == (away["status"], away["hint"])
    assert away["error"].startswith("对方未接受连接（ConnectionRefusedError")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the name of the host is not known"),
        (ssl.SSLCertVerificationError("expired"), "the certificate"),
        (ssl.SSLError("wrong version"), "no encrypted connection"),
        (TimeoutError("timed out"), "no answer in time"),
        (ConnectionResetError("reset"), "broke the connection off"),
        (http.client.BadStatusLine("SSH-2.0"), "is no HTTP"),
        (OSError(113, "No route to host"), "cannot be reached"),
        (ValueError("{odd}"), "ValueError: {odd}"),
    ],
)
def test_how_the_network_fails(error: Exception, words: str) -> None:
    """In words, with what was seen, in both languages."""
    said = unreached(error)
    assert words in localized(said, "en") and str(error) in localized(said, "zh-CN")


def test_what_a_status_asks_for() -> None:
    """Every refusal has words; a yes has none."""
    assert [200, 204, None] == [each for each in (200, 301, 400, 401, 403, 404, 410, 429, 500, 503, 204, None)
                                if advised(each) is None]  # fmt: skip
