"""Signing in by DingTalk, WeCom and Feishu, against services that behave as their makers document them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api import vendor_doors as doors
from tests.api.app import Shop
from tests.api.test_connectors import SECRETS, documents
from tests.api.vendors import serving
from tests.web.calls import Visitor

KINDS: dict[str, tuple[Any, str]] = {
    "dingtalk": (doors.DingTalk, "authCode"), "wecom": (doors.WeCom, "code"), "feishu": (doors.Feishu, "code"),
}  # fmt: skip
ALL = pytest.mark.parametrize("vendor", KINDS)
REQUIRED = {"dingtalk": "A12", "wecom": "A13", "feishu": "A14"}
LI = {"name": "Li Na", "mobile": "13800000001"}
MEMBERS: dict[str, dict[str, dict[str, Any]]] = {
    "dingtalk": {
        "u-li": {**LI, "org_email": "LI@example.com"},
        "u-liar": {"name": "Not Li", "email": "li@example.com"},
        "u-new": {"name": "Wang Wu", "org_email": "wang@example.com", "title": "rep"},
    },
    "wecom": {
        "u-li": {**LI, "biz_mail": "LI@example.com"},
        "u-liar": {"name": "Not Li", "email": "li@example.com"},
        "u-new": {"name": "Wang Wu", "biz_mail": "wang@example.com", "title": "rep"},
    },
    "feishu": {
        "u-li": {**LI, "open_id": "u-li", "enterprise_email": "LI@example.com"},
        "u-liar": {"name": "Not Li", "open_id": "u-liar", "email": "li@example.com"},
        "u-new": {"name": "Wang Wu", "open_id": "u-new", "enterprise_email": "wang@example.com", "title": "rep"},
    },
}


class Firm:
    """A shop whose people sign in at a service, and the service."""

    def __init__(self, shop: Shop, there: Any, vendor: str) -> None:
        self.shop, self.there, self.vendor = shop, there, vendor

    def sent_to(self, visitor: Visitor, **headers: str) -> str:
        answer = visitor.get("api/sign-in/firm", headers=headers)
        assert 303 == answer.status_code
        return answer.headers["location"]

    def brought(self, visitor: Visitor, person: str) -> str:
        """The way back, once somebody pressed. WeCom tells addresses inside of its app only."""
        inside = self.vendor == "wecom"
        address = self.sent_to(visitor, **({"user-agent": "Mozilla wxwork/4.1"} if inside else {}))
        name = f"app:{person}" if inside else person
        back = self.there.doors.pressed(self.there, address, name, KINDS[self.vendor][1])
        return str(back.removeprefix("http://crm.test/"))

    def signed_in(self, person: str) -> str:
        """Who is signed in, or why nobody is."""
        visitor = Visitor(self.shop)
        place = visitor.get(self.brought(visitor, person)).headers["location"]
        answer = visitor.get("api/session")
        return str(answer.json()["actor"]["login"]) if answer.status_code == 200 else place.rpartition("/")[2]


@pytest.fixture(scope="module")
def firm() -> Iterator[Callable[..., Firm]]:
    """Firms of a vendor; one that is set up as another was is the same one, with what happened to it."""
    with ExitStack() as stack:
        made: dict[str, Firm] = {}

        def make(vendor: str, changed: dict[str, Any] | None = None, **more: Any) -> Firm:
            key = f"{vendor} {changed} {more}"
            if key not in made:
                made[key] = opened(stack, vendor, changed or {}, more)
            return made[key]

        yield make


def opened(stack: ExitStack, vendor: str, changed: dict[str, Any], more: dict[str, Any]) -> Firm:
    shop: Shop
    service: Any = KINDS[vendor][0](lambda: shop.clock.now())
    stack.enter_context(serving(service))
    service.doors.members |= MEMBERS[vendor]
    title = {"en": "Firm", "zh-CN": "公司"}
    connector = {"name": "chat", "type": f"{vendor}_app", "title": title,
                 **documents(service)[f"{vendor}_app"], **changed}  # fmt: skip
    way = {"name": "firm", "type": f"{vendor}_sign_in", "title": title, "connector": "chat",
           "page": f"{service.url}/page", **more}  # fmt: skip
    shop = Shop(connector, way, secrets=SECRETS, allow_private=("127.0.0.0/8",))
    stack.callback(shop.host.close)
    return Firm(shop, service, vendor)


@pytest.mark.requirement("A12", "A13", "A14", "SA01")
@ALL
def test_somebody_signs_in(firm: Callable[..., Firm], vendor: str) -> None:
    """Found by the address that the organisation hands out; from then on by their account there, which is the one
    that messages go to. An address that somebody wrote into their profile finds nobody."""
    found = firm(vendor)
    assert "li" == found.signed_in("u-li")
    found.shop.ask("root", "identity.save_person", login="li", email="li.na@example.com")
    assert "li" == found.signed_in("u-li")
    assert "unknown" == found.signed_in("u-liar")
    assert "unknown" == found.signed_in("u-new")
    with found.shop.host.session() as app:
        told = app.ask("api.message", channel="chat", to=(found.shop.host.actor("li").id,), title="Hi", text="Hi")
    assert ([], 1) == (told["unreached"], len(told["deliveries"]))


@ALL
def test_where_the_browser_is_sent(firm: Callable[..., Firm], vendor: str) -> None:
    """With a word of chance that all three bring back unchanged, the address to come back to, and PKCE where there is
    such a thing; inside of WeCom's own app to the page that asks nothing."""
    found = firm(vendor)
    address = urlsplit(found.sent_to(Visitor(found.shop)))
    asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
    assert f"{found.there.url}/page" == f"{address.scheme}://{address.netloc}{address.path}"
    assert (True, True) == (
        asked.pop("state").isalnum(),
        "http://crm.test/api/sign-in/firm/done" == asked["redirect_uri"],
    )
    del asked["redirect_uri"]
    challenge = asked.pop("code_challenge", "")
    expected = {
        "dingtalk": {"response_type": "code", "client_id": "ding1", "scope": "openid", "prompt": "consent"},
        "wecom": {"login_type": "CorpApp", "appid": "corp1", "agentid": "1000002"},
        "feishu": {"client_id": "cli_1", "response_type": "code", "code_challenge_method": "S256"},
    }  # fmt: skip
    assert (expected[vendor], 43 if vendor == "feishu" else 0) == (asked, len(challenge))
    inside = urlsplit(found.sent_to(Visitor(found.shop), **{"user-agent": "Mozilla wxwork/4.1"}))
    assert (vendor == "wecom") == (inside.netloc == "open.weixin.qq.com" and inside.fragment == "wechat_redirect")


@ALL
def test_people_are_made(firm: Callable[..., Firm], vendor: str) -> None:
    """Where the document says so: with what the service vouches for, and roles by what it says of a person."""
    roles = {"claim": "title", "values": {"rep": ["supervisor"]}}
    found = firm(vendor, people={"create": {"roles": ["sales"]}, "roles": roles})
    assert "u-new" == found.signed_in("u-new")
    made = found.shop.host.directory().by_login["u-new"]
    assert ("Wang Wu", "wang@example.com", {"sales", "supervisor"}) == (made.name, made.email, set(made.roles))
    assert "u-liar" == found.signed_in("u-liar")
    assert found.shop.host.directory().by_login["u-liar"].email is None


def test_wecom_tells_no_address_to_a_scan(firm: Callable[..., Firm]) -> None:
    """Who scans is known by their account alone: refused, until it is linked or brought by the organisation."""
    found = firm("wecom", enabled=True)

    def scanned() -> str:
        visitor = Visitor(found.shop)
        back = found.there.doors.pressed(found.there, found.sent_to(visitor), "u-li")
        return str(visitor.get(back.removeprefix("http://crm.test/")).headers["location"])

    assert "../../../#/sign-in/unknown" == scanned()
    found.shop.ask("root", "api.link_account", connector="chat", account="u-li", login="li")
    assert "../../../#/" == scanned()


@ALL
def test_a_code_serves_once_and_for_a_while(firm: Callable[..., Firm], vendor: str) -> None:
    """A used code, one that is five minutes old, and none at all."""
    found = firm(vendor)
    visitor = Visitor(found.shop)
    used = found.brought(visitor, "u-li")
    found.there.doors.codes.clear()
    assert "../../../#/sign-in/expired" == visitor.get(used).headers["location"]
    late = found.brought(visitor, "u-li")
    found.shop.clock.advance(timedelta(minutes=6))
    assert "../../../#/sign-in/expired" == visitor.get(late).headers["location"]
    state = parse_qs(urlsplit(found.sent_to(visitor)).query)["state"][0]
    refused = visitor.get(f"api/sign-in/firm/done?state={state}").headers["location"]
    assert "../../../#/sign-in/cancelled" == refused


@ALL
def test_nobody_of_the_organisation(firm: Callable[..., Firm], vendor: str) -> None:
    """Somebody who is no member, and who became inactive here."""
    found = firm(vendor)
    assert "unknown" == found.signed_in("u-stranger")
    if vendor == "dingtalk":
        found.there.doors.members["u-contact"] = {**LI, "outside": 1}
        assert "unknown" == found.signed_in("u-contact")
    assert "li" == found.signed_in("u-li")
    found.shop.ask("root", "identity.save_person", login="li", active=False)
    assert "inactive" == found.signed_in("u-li")
    found.shop.ask("root", "identity.save_person", login="li", active=True)


@ALL
def test_a_token_that_is_no_longer_good(firm: Callable[..., Firm], vendor: str) -> None:
    """The application's token ran out at the service: a new one is asked for, and the person notices nothing."""
    found = firm(vendor)
    assert "li" == found.signed_in("u-li")
    before = len(found.there.tokens)
    found.there.tokens = dict.fromkeys(found.there.tokens, 0.0)
    assert "li" == found.signed_in("u-li")
    assert before + (vendor != "feishu") == len(found.there.tokens)


WRONG = {"dingtalk": {"app_key": "wrong"}, "wecom": {"corporation": "wrong"}, "feishu": {"app": "wrong"}}


@ALL
def test_a_wrong_set_up_says_what_to_do(
    firm: Callable[..., Firm], vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The page says whom to ask, the log why; a secret that the host does not know, or an application that is
    switched off, offers no button at all."""
    found = firm(vendor, changed=WRONG[vendor])
    assert "setup" == found.signed_in("u-li")
    cure = {"dingtalk": "invalidClientIdOrSecret", "wecom": "copy it from the application's page", "feishu": "20002"}
    assert cure[vendor] in caplog.text
    assert "app-secret" not in caplog.text
    unready = {"dingtalk": {"secret": {"secret": "NOT_SET"}}, "wecom": {"enabled": False}}
    if vendor in unready:
        assert [] == Visitor(firm(vendor, changed=unready[vendor]).shop).get("api/session").json()["methods"]


def test_a_service_that_is_busy(firm: Callable[..., Firm]) -> None:
    """It cannot be reached at the moment, and nobody thinks the set-up is wrong."""
    found = firm("wecom")
    found.signed_in("u-li")
    visitor = Visitor(found.shop)
    back = found.brought(visitor, "u-li")
    found.there.next = [(200, {"errcode": -1, "errmsg": "system busy"})]
    assert "../../../#/sign-in/unreachable" == visitor.get(back).headers["location"]


@ALL
def test_a_service_that_answers_something_else(firm: Callable[..., Firm], vendor: str) -> None:
    """No object, nested without end, no number where one is: nobody is signed in, and nothing breaks."""
    found = firm(vendor)
    answers: list[Any] = [b"[" * 60_000, {"code": [], "errcode": {}}, {"code": 0, "errcode": 0, "accessToken": []}]
    for answer in answers:
        visitor = Visitor(found.shop)
        back = found.brought(visitor, "u-li")
        found.there.next = [(200, answer)]
        place = visitor.get(back).headers["location"]
        assert place.startswith("../../../#/sign-in/") and 401 == visitor.get("api/session").status_code
