"""Keys act as a person, within scopes that hold at the one gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, Rejected, TooManyRequests, Unauthenticated
from tests.api.app import MONDAY, Shop


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    made = open_shop()
    made.ask("li", "records.create", type="lead", values={"company": "Acme"})
    made.ask("head", "records.create", type="lead", values={"company": "Other"})
    return made


def ask(shop: Shop, key: str, operation: str, /, **parameters: Any) -> Any:
    return shop.host.ask(shop.acting(key), operation, **parameters)


@pytest.mark.requirement("X24", "A8")
def test_a_key_is_its_person(shop: Shop) -> None:
    """What a key sees is what its person sees; only its hash is kept."""
    made = shop.ask("li", "api.create_key", name="site", scopes=["*"])
    assert ["Acme"] == [each["company"] for each in ask(shop, made["key"], "records.list", type="lead")["items"]]
    [listed] = shop.ask("li", "api.list_keys")["items"]
    assert made["prefix"] == listed["prefix"]
    assert "digest" not in listed
    assert made["key"] not in str(listed)


@pytest.mark.requirement("X24")
@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["*"], {"list lead", "list contract", "create", "keys", "export lead"}),
        (["form:lead"], {"list lead", "create", "export lead"}),
        (["form:lead:read"], {"list lead"}),
        (["form:*:read"], {"list lead", "list contract"}),
        (["form:lead:create"], {"create"}),
        (["records.list"], {"list lead", "list contract"}),
        (["records.list", "form:contract"], {"list contract"}),
        (["records"], {"list lead", "list contract", "create"}),
        (["api.list_keys"], {"keys"}),
        (["intake"], set()),
        (["form:lead:read", "form:lead:export"], {"list lead", "export lead"}),
        (["form:*:export", "form:contract:read"], {"list contract"}),
        (["form:lead:export"], set()),
        (["form:contract:export"], set()),
        (["forms.export"], {"export lead"}),
    ],
)
@pytest.mark.parametrize("login", ["head", "root"])
def test_scopes(shop: Shop, login: str, scopes: list[str], allowed: set[str]) -> None:
    """Operation, form and verb: an administrator's key is held to them like anybody's."""
    key = shop.key(login, *scopes)
    tries = {
        "list lead": ("records.list", {"type": "lead"}),
        "list contract": ("records.list", {"type": "contract"}),
        "create": ("records.create", {"type": "lead", "values": {"company": "New"}}),
        "keys": ("api.list_keys", {}),
        "export lead": ("forms.export", {"form": "lead", "format": "csv"}),
    }
    done = set()
    for word, (operation, parameters) in tries.items():
        try:
            ask(shop, key, operation, **parameters)  # type: ignore[arg-type]
            done.add(word)
        except Forbidden:
            pass
    assert allowed == done


def test_what_was_made_for_the_person_does_not_serve_the_key(shop: Shop) -> None:
    """Compiled lists are kept per standing: a key never gets the wider one."""
    shop.ask("head", "records.list", type="lead")
    with pytest.raises(Forbidden):
        ask(shop, shop.key("head", "form:contract"), "records.list", type="lead")


@pytest.mark.requirement("A10")
def test_expiry_revocation_rate(shop: Shop) -> None:
    """A key ends when it should, and is asked to wait when it asks too often."""
    key = shop.key("li", "*", rate=2, expires_at=MONDAY + timedelta(days=1))
    shop.acting(key)
    shop.acting(key)
    with pytest.raises(TooManyRequests) as refused:
        shop.acting(key)
    assert 30 <= refused.value.details["retry_after"] <= 31
    shop.clock.advance(timedelta(seconds=31))
    shop.acting(key)
    shop.clock.advance(timedelta(days=1))
    with pytest.raises(Unauthenticated):
        shop.acting(key)
    lasting = shop.ask("li", "api.create_key", name="x", scopes=["*"])
    shop.ask("li", "api.revoke_key", id=lasting["id"])
    with pytest.raises(Unauthenticated):
        shop.acting(lasting["key"])


def test_wrong_keys(shop: Shop) -> None:
    """A right prefix with a wrong secret is as wrong as anything."""
    key = shop.key("li")
    for wrong in (key[:-1], key + "x", "lc_", "", "lc_000000000000_" + "x" * 43, "x" * 400):
        with pytest.raises(Unauthenticated):
            shop.acting(wrong)


def test_who_makes_keys(shop: Shop) -> None:
    """For oneself; for others an administrator; never with a key; scopes are checked with the nearest named."""
    with pytest.raises(Forbidden):
        shop.ask("li", "api.create_key", name="x", scopes=["*"], user="head")
    with pytest.raises(Forbidden):
        ask(shop, shop.key("root"), "api.create_key", name="x", scopes=["*"])
    with pytest.raises(Rejected) as refused:
        shop.ask("li", "api.create_key", name="x", scopes=["form:leed", "*"])
    assert [("/scopes/0", "form:lead")] == [(each.pointer, each.values["near"]) for each in refused.value.problems]
    other = shop.ask("head", "api.create_key", name="x", scopes=["*"])
    with pytest.raises(Rejected):
        shop.ask("li", "api.revoke_key", id=other["id"])
    assert [] == shop.ask("li", "api.list_keys")["items"]
