"""What the designer of connections asks: which kinds there are, and what is wrong with one as it would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lowcode.api import words, words_people
from lowcode.kernel.diagnostics import Forbidden
from tests.api.app import SIGNED, Shop
from tests.api.test_connections import ROBOT, RULE

APART = {"type", "name", "format", "$schema", "scopes"}
"""What the designer does not show, or what is called so everywhere."""


def checked(shop: Shop, document: dict[str, Any]) -> Any:
    """What is said of a document."""
    return shop.ask("root", "api.check_connection", document=document)


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop(ROBOT, SIGNED, secrets={"DING_KEY": "very-secret"}, more={"rules/good_news.json": RULE})


@pytest.mark.requirement("SP01", "A7")
def test_every_kind_has_words_and_a_beginning(shop: Shop) -> None:
    """Each kind says where it stands, what it needs and what a new one says; every option has a name. Secrets that the
    app names are told by name, never by value."""
    found = shop.ask("root", "api.connection_palette")
    kinds = {each["name"]: each for each in found["kinds"]}
    assert [*words.KINDS, *words_people.KINDS] == list(kinds)
    for name, each in kinds.items():
        parts = [each["schema"], *each["schema"].get("$defs", {}).values()]
        options = {option for part in parts for option in part.get("properties", {})}
        assert options - APART <= words.OPTIONS.keys() | words_people.OPTIONS.keys() | each["words"].keys(), name
        assert each["begin"]["type"] == name and each["begin"].keys() <= options, name
        assert each["group"] in found["words"]["groups"] and {"zh-CN", "en"} == each["help"].keys()
    assert ["contract", "lead"] == found["forms"]
    there = {each["name"]: each["there"] for each in found["secrets"]}
    assert {"DING_KEY": True, "OWN": False}.items() <= there.items() and "very-secret" not in str(found)
    with pytest.raises(Forbidden):
        shop.ask("head", "api.connection_palette")


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"url": "ftp://x"}, ["/url"]),
    ({"url": {"secret": "low"}}, ["/url/secret"]),
    ({"limit": 0}, ["/limit"]),
    ({"type": "pigeon"}, ["/type"]),
    ({"type": "calendar"}, ["/type"]),
]


@pytest.mark.requirement("SP01", "A7")
@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_what_is_wrong_is_said_at_its_place(shop: Shop, change: dict[str, Any], expected: list[str]) -> None:
    """By itself, held against the app as it stands; what is looked at leaves no trace in it."""
    named = list(shop.host.app.scope.named)
    found = checked(shop, {**ROBOT, **change})["findings"]
    assert expected == [each["pointer"] for each in found], found
    assert named == shop.host.app.scope.named


@pytest.mark.requirement("SP01", "A8")
def test_a_webhook_is_held_against_its_form(shop: Shop) -> None:
    """Its form, its fields, its condition and the parts of what it sends."""
    assert {"findings": [], "elsewhere": False} == checked(shop, SIGNED)
    on = {"form": "lead", "event": "updated", "fields": ["compny"], "when": "budgett > 1"}
    found = checked(shop, {**SIGNED, "on": on, "body": {"a": "company", "b": {"c": "fone"}}})["findings"]
    said = {each["pointer"]: each["hint"] for each in found}
    assert {"/on/fields/0", "/on/when", "/body/b/c"} == said.keys()
    assert "company" in said["/on/fields/0"] and "company" in said["/body/b/c"]
    unknown = checked(shop, {**SIGNED, "name": "fresh", "on": {"form": "leed", "event": "created"}})["findings"]
    assert [("/on/form", True)] == [(each["pointer"], "lead" in each["hint"]) for each in unknown]
    assert shop.ask("root", "api.check_connection", document={"name": "x", "type": "webhook"})["findings"]


@pytest.mark.requirement("SP01", "A7")
def test_others_may_miss_what_it_no_longer_is(shop: Shop) -> None:
    """Switched off or of another kind it may be missed; an address and a limit are its own business. What is published
    is what `app.plan` finds fine, and it can be tried."""
    for change, missed in (({"url": "https://other.example.com", "limit": 3}, False), ({"enabled": False}, True)):
        assert missed == checked(shop, {**ROBOT, **change})["elsewhere"], change
    document = {"name": "fresh", "type": "wecom_robot", "title": "Fresh", "url": {"secret": "FRESH_URL"}}
    assert {"findings": [], "elsewhere": False} == checked(shop, document)
    documents = {"api/fresh.json": document}
    seen = shop.ask("root", "app.plan", documents=documents)
    assert [] == seen["findings"]
    shop.ask("root", "app.publish", documents=documents, plan=seen["plan"], allow=seen["consents"])
    assert "fresh" in [each["name"] for each in shop.ask("root", "api.connections")["connectors"]]


PETS = {
    "openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "All"}}}}},
}  # fmt: skip


@pytest.mark.requirement("SP01", "SA17")
def test_a_program_with_a_document_is_understood_before_it_is_published(shop: Shop) -> None:
    """A document that is there is fine; what is none, and a file that is not there, are said."""
    document: dict[str, Any] = {"name": "pets", "type": "openapi", "document": PETS}
    assert [] == checked(shop, document)["findings"]
    for wrong in ("openapi/none.json", {"openapi": "9"}):
        assert checked(shop, {**document, "document": wrong})["findings"], wrong
