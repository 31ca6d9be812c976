"""A document that two people design: neither loses what they made of it, and both see where they meet."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound
from tests.api.app import LEAD, Shop

PATH = "forms/lead.json"


@pytest.mark.requirement("SP02", "SF04")
def test_what_was_published_meanwhile_comes_into_a_draft(open_shop: Callable[..., Shop]) -> None:
    """Fields of both, once each; a title that both changed is told with all three; what is taken in is published as
    any other, and then nothing is left to bring together."""
    shop = open_shop()
    begun = json.loads(json.dumps(LEAD))
    before = shop.ask("root", "app.documents")["documents"][PATH]
    theirs = changed(begun, "Prospect", {"name": "origin", "type": "text", "title": "Origin"})
    mine = changed(begun, "Contact", {"name": "size", "type": "number", "title": "Size"})
    publish(shop, theirs)
    found = shop.ask("root", "app.merge_document", path=PATH, document=mine, begun=json.loads(before))
    fields = [each["name"] for each in found["document"]["fields"]]
    assert fields == [*(each["name"] for each in begun["fields"]), "size", "origin"]
    title = {"pointer": "/title", "base": begun["title"], "mine": "Contact", "theirs": "Prospect"}
    assert [title] == found["clashes"]
    assert found["base"] == shop.ask("root", "app.documents")["documents"][PATH]
    publish(shop, found["document"])
    again = shop.ask("root", "app.merge_document", path=PATH, document=found["document"], begun=theirs)
    assert (found["document"], []) == (again["document"], again["clashes"])
    alone = shop.ask("root", "app.merge_document", path=PATH, document={**mine, "title": "Lead"})  # begun with nothing
    assert {"pointer": "/title", "mine": "Lead", "theirs": "Contact"} in alone["clashes"]


def test_what_was_taken_away_and_who_may(open_shop: Callable[..., Shop]) -> None:
    """A document that is gone is said to be, by its path; only administrators see what others design."""
    shop = open_shop()
    with pytest.raises(NotFound, match=r"forms/gone\.json"):
        shop.ask("root", "app.merge_document", path="forms/gone.json", document={}, begun={})
    with pytest.raises(Forbidden):
        shop.ask("li", "app.merge_document", path=PATH, document={}, begun={})


def changed(begun: dict[str, Any], title: str, field: dict[str, Any]) -> dict[str, Any]:
    return {**begun, "title": title, "fields": [*begun["fields"], field]}


def publish(shop: Shop, document: dict[str, Any]) -> None:
    documents = {PATH: document}
    seen = shop.ask("root", "app.plan", documents=documents)
    assert [] == seen["findings"]
    shop.ask("root", "app.publish", documents=documents, plan=seen["plan"], allow=seen["consents"])
