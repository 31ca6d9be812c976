"""Secrets of the server against whoever administers the app: they go where the server says that they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.bounds import BoundError, parse
from lowcode.kernel.diagnostics import DefinitionError, Rejected
from tests.api.app import APPLICATION, Shop, share_shop
from tests.api.receiver import Receiver, receiver

__all__ = ["receiver", "share_shop"]

EVIL = "https://collector.example.net"
ERP = {
    "name": "erp", "type": "connector", "url": "https://erp.example.com/in",
    "headers": {"X-Key": {"secret": "ERP_KEY"}},
}  # fmt: skip


def described(server: str, token: str | None = None, own: str | None = None) -> dict[str, Any]:
    """A program that describes itself, in the connection: its server, where its tokens are, an operation elsewhere."""
    get = {"operationId": "list", "responses": {"200": {"description": "ok"}}, "security": [{"app": []}]}
    flows: dict[str, Any] = {"clientCredentials": {"tokenUrl": token, "scopes": {}}}
    scheme = {"type": "oauth2", "flows": flows} if token else {"type": "http", "scheme": "bearer"}
    given = {"client": "a", "client_secret": {"secret": "ERP_KEY"}} if token else {"secret": "ERP_KEY"}
    servers: dict[str, Any] = {} if own is None else {"servers": [{"url": own}]}
    document = {
        "openapi": "3.1.0", "info": {"title": "ERP", "version": "1"}, "servers": [{"url": server}],
        "paths": {"/list": {"get": {**get, **servers}}}, "components": {"securitySchemes": {"app": scheme}},
    }  # fmt: skip
    return {"name": "second", "type": "openapi", "document": document, "security": {"app": given}}


DING = {
    "name": "ding", "type": "dingtalk_app", "app_key": "a", "agent": "1", "token_url": EVIL,
    "secret": {"secret": "ERP_KEY"},
}  # fmt: skip
DIRECTORY = {
    "name": "people", "type": "ldap", "url": "ldaps://ldap.example.com", "base": "dc=x", "reader": "cn=x",
    "password": {"secret": "LDAP_PASSWORD"},
}  # fmt: skip
MAILBOX = {
    "name": "office", "type": "mailbox", "url": {"secret": "ERP_KEY"}, "people": [{"form": "lead", "by": "email"}],
    "form": "lead", "values": {"company": "mail.subject"},
}  # fmt: skip
SECRETS = {"ERP_KEY": "very-secret", "LDAP_PASSWORD": "x", "ROBOT": "https://oapi.example.cn/robot?token=1"}
REACHES: list[tuple[str, dict[str, Any], str | None]] = [
    ("another host", {**ERP, "url": EVIL}, "api.secret-unbound"),
    ("beside the first", {**ERP, "name": "second", "url": EVIL}, "api.secret-unbound"),
    ("without TLS", {**ERP, "url": "http://erp.example.com/in"}, "api.secret-unbound"),
    ("to another port", {**ERP, "url": "https://erp.example.com:8443/in"}, "api.secret-unbound"),
    ("to a directory in the open", {**DIRECTORY, "url": "ldap://ldap.example.com"}, "api.secret-unbound"),
    ("as an address that it is not, and for a token", {**DING, "url": {"secret": "ERP_KEY"}}, "api.secret-no-address"),
    ("as an address that it is, and for a token", {**DING, "url": {"secret": "ROBOT"}, "secret": {"secret": "ROBOT"}},
     "api.secret-unbound"),
    ("as an address that it is not", {"name": "hook", "type": "connector", "url": {"secret": "ERP_KEY"}},
     "api.secret-no-address"),
    ("as a mailbox that it is not", MAILBOX, "api.secret-no-address"),
    ("where it goes already", {**ERP, "name": "second", "url": "https://erp.example.com/other"}, None),
    ("a name in front", {**ERP, "url": "https://erp.example.com@collector.example.net"}, "api.secret-unbound"),
    ("as a signature", {"name": "hook", "type": "webhook", "url": EVIL, "secret": {"secret": "ERP_KEY"},
                        "on": {"form": "lead", "event": "created"}}, "api.secret-unbound"),
    ("for a token", DING, "api.secret-unbound"),
    ("to a directory", {**DIRECTORY, "url": "ldaps://collector.example.net"}, "api.secret-unbound"),
    ("to the same directory", {**DIRECTORY, "name": "others"}, None),
    ("to a provider", {"name": "company", "type": "oidc", "title": "Us", "issuer": EVIL, "client": "a",
                       "secret": {"secret": "ERP_KEY"}}, "api.secret-unbound"),
    ("to who describes itself", described(EVIL), "api.secret-unbound"),
    ("to whoever gives its tokens", described("https://erp.example.com", f"{EVIL}/token"), "api.secret-unbound"),
    ("to one operation's server", described("https://erp.example.com", own=EVIL), "api.secret-unbound"),
    ("tokens of the same", described("https://erp.example.com", "/token"), None),
    ("beside an address that is one", {**ERP, "url": {"secret": "ROBOT"}}, "api.secret-unbound"),
    ("an address that is one", {"name": "group", "type": "wecom_robot", "url": {"secret": "ROBOT"}}, None),
    ("one that is not there yet", {**ERP, "name": "second", "url": EVIL, "headers": {"X": {"secret": "LATER"}}}, None),
    ("what the server is set up with", {**ERP, "headers": {"X": {"secret": "ENCRYPTION_KEYS"}}}, "api.own-secret"),
]  # fmt: skip


def planned(shop: Shop, *documents: dict[str, Any]) -> dict[str, Any]:
    """What publishing documents would do."""
    found: dict[str, Any] = shop.ask(
        "root", "app.plan", documents={f"api/{each['name']}.json": each for each in documents}
    )
    return found


@pytest.fixture(scope="module")
def standing(share_shop: Callable[..., Shop]) -> Shop:
    return share_shop(ERP, DIRECTORY, secrets=SECRETS)


@pytest.fixture(scope="module")
def bound(share_shop: Callable[..., Shop]) -> Shop:
    """What is named besides by a document that the server lets not use it, from before it was there."""
    stale = {**ERP, "name": "stale", "url": EVIL}
    return share_shop(ERP, stale, secrets=SECRETS, bounds={"ERP_KEY": "api/erp, api/second"})


@pytest.mark.requirement("SP01", "SA17")
@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**ERP, "url": EVIL}, "api.secret-unbound"),
        ({**ERP, "url": "http://erp.example.com/in"}, "api.secret-unbound"),
        ({**ERP, "name": "second"}, None),
        ({**ERP, "name": "third"}, "api.secret-bound"),
    ],
)
def test_a_bound_of_documents_alone_opens_no_host(bound: Shop, document: dict[str, Any], code: str | None) -> None:
    """It says who sends the secret; where to, the app says that stands, as it does without a bound."""
    seen = planned(bound, document)["findings"]
    found = [each["code"] for each in seen if each["document"] == f"api/{document['name']}.json"]
    assert ([code] if code else []) == found, seen


@pytest.mark.requirement("SP01", "SA17")
@pytest.mark.parametrize(("document", "code"), [each[1:] for each in REACHES], ids=[each[0] for each in REACHES])
def test_no_administrator_leads_a_secret_away(standing: Shop, document: dict[str, Any], code: str | None) -> None:
    """Whatever kind of document it is: the plan says so, so does the designer, and nothing is published."""
    seen = planned(standing, document)
    assert ([code] if code else []) == [each["code"] for each in seen["findings"]], seen
    checkable = document["type"] not in ("ldap", "oidc")
    checked = standing.ask("root", "api.check_connection", document=document)["findings"] if checkable else ()
    assert not checkable or [code] * (code is not None) == [each["code"] for each in checked]
    if code is not None:
        assert seen["plan"] is None and not any(value in str(seen) for value in ("very-secret", "oapi.example.cn"))
        documents = {f"api/{document['name']}.json": document}
        with pytest.raises(Rejected, match="secret"):
            standing.ask("root", "app.publish", documents=documents, plan="any", allow=[])


@pytest.mark.requirement("SP01", "SA17")
def test_a_secret_goes_where_it_is_bound(open_shop: Callable[..., Shop], receiver: Receiver) -> None:
    """By a bound the server lets a new program have it, and holds it back from one that has it now, whoever tries it;
    nothing reaches the program then. A page says what it is for."""

    def shop(bound: str) -> Shop:
        document = {**ERP, "url": receiver.url}
        return open_shop(document, secrets=SECRETS, bounds={"ERP_KEY": bound}, allow_private=True)

    good = shop("127.0.0.1, *.example.org")
    assert good.ask("root", "api.try", connector="erp", values={"a": 1})["done"]
    assert "very-secret" == receiver.got[-1][1]["x-key"]
    assert [] == planned(good, {**ERP, "url": "https://a.example.org"})["findings"]
    assert ["api.secret-bound"] == [each["code"] for each in planned(good, {**ERP, "url": EVIL})["findings"]]
    told = good.ask("root", "api.connections")["connectors"][0]["secrets"]
    assert ["127.0.0.1, *.example.org"] == [each["bound"] for each in told]
    for bound in ("erp.example.com", "api/another"):
        tried = shop(bound).ask("root", "api.try", connector="erp", values={"a": 2})
        assert not tried["done"] and "LOWCODE_BOUND_ERP_KEY" in tried["error"], tried
    assert 1 == len(receiver.got)
    elsewhere = open_shop({**ERP, "type": "request", "url": "https://erp.example.com", "path": ".example.net/"},
                          secrets=SECRETS)  # fmt: skip
    assert "host" in elsewhere.ask("root", "api.try", connector="erp", values={"a": 1})["error"]


def published(shop: Shop, documents: dict[str, Any]) -> None:
    """Plan and publish."""
    seen = shop.ask("root", "app.plan", documents=documents)
    assert seen["plan"] is not None, seen["findings"]
    shop.ask("root", "app.publish", documents=documents, plan=seen["plan"], allow=("*",))


@pytest.mark.requirement("SP01", "SA17")
def test_taking_back_leads_no_secret_away_either(open_shop: Callable[..., Shop]) -> None:
    """What was published before the secret was there is not brought back by an undo once it is; what the folder of the
    app says is."""
    secrets = {"ERP_KEY": "very-secret"}
    shop = open_shop(ERP, secrets=secrets)
    away = {"api/later.json": {**ERP, "name": "later", "url": EVIL, "headers": {"X": {"secret": "LATER"}}}}
    published(shop, away)
    published(shop, {"api/later.json": None})
    secrets["LATER"] = "very-secret"
    with pytest.raises(Rejected, match="collector"):
        shop.ask("root", "app.plan_undo")
    with pytest.raises(Rejected, match="collector"):
        shop.ask("root", "app.undo", plan="any")
    published(shop, {"api/erp.json": None})
    seen = shop.ask("root", "app.plan_undo")
    shop.ask("root", "app.undo", plan=seen["plan"], allow=("*",))
    assert ["erp"] == [each["name"] for each in shop.ask("root", "api.connections")["connectors"]]


@pytest.mark.requirement("X8", "SA17")
def test_a_bound_is_understood_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment as from the embedding program; one that nobody understands is no bound."""
    monkeypatch.setenv("LOWCODE_BOUND_ERP_KEY", "erp.example.com api/erp")
    host = Host({"app.json": APPLICATION}, bounds={"OTHER": ["*.example.org"]})
    bound = host.bound("ERP_KEY")
    assert bound is not None and bound.admits("api/erp", ["https://erp.example.com:8443"])
    for origin in ("https://x.erp.example.com", "http://erp.example.com", "imap://erp.example.com", ""):
        assert not bound.admits("api/erp", [origin]), origin
    assert not bound.admits("api/b", ["https://erp.example.com"])
    plain = parse("ERP_KEY", "http://erp.intern *.example.org http://[fd00::1] ::1")
    for origin in ("http://erp.intern:8000", "https://erp.intern", "http://[fd00::1]", "http://[::1]:80"):
        assert plain.admits("api/erp", [origin]), origin
    assert not plain.admits("api/erp", ["http://a.example.org"]) and not plain.admits("api/erp", ["imap://erp.intern"])
    assert "*.example.org" == str(host.bound("OTHER")) and host.bound("THIRD") is None
    host.close()
    for wrong in ("", "https://erp.example.com", "erp.example.com:443", "a/b/c"):
        with pytest.raises(BoundError, match="ERP_KEY"):
            parse("ERP_KEY", wrong)


@pytest.mark.requirement("SA17")
def test_the_folder_names_none_of_the_servers_own() -> None:
    """Not even whoever writes the app does: keys of what is encrypted lead to no other program."""
    own = {**ERP, "headers": {"X": {"secret": "SMTP_URL"}}}
    with pytest.raises(DefinitionError, match="SMTP_URL"):
        Host({"app.json": {**APPLICATION, "menus": []}, "api/erp.json": own}).publish()
