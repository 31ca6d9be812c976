"""Where a designer begins: what the app has, and who changed each of it last."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden
from lowcode.publishing import listed
from tests.api.app import CONTRACT, LEAD, Shop


@pytest.mark.requirement("SF04")
def test_who_changed_each_document_last(open_shop: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    """What came with the folder is nobody's; what is written otherwise and says the same has not changed; what was
    taken back is changed by whoever took it back; beyond what is looked at nothing is said."""
    shop = open_shop()
    assert {(1, None)} == {(each["version"], each["by"]) for each in found(shop).values()}
    publish(shop, {"forms/lead.json": {**LEAD, "title": "Prospect"}})
    publish(shop, {
        "forms/contract.json": {**CONTRACT, "title": "Deal"},
        "forms/lead.json": json.dumps({**LEAD, "title": "Prospect"}, indent=7),
    })  # fmt: skip
    now = found(shop)
    assert (now["forms/lead.json"]["version"], now["forms/lead.json"]["by"]) == (2, "Root")
    assert (now["forms/contract.json"]["version"], now["forms/contract.json"]["title"]) == (3, "Deal")
    assert (now["app.json"]["version"], now["app.json"]["name"], now["app.json"]["folder"]) == (1, "small", "")
    seen = shop.ask("root", "app.plan_undo")
    shop.ask("root", "app.undo", plan=seen["plan"], allow=seen["consents"])
    assert found(shop)["forms/contract.json"]["version"] == 4
    monkeypatch.setattr(listed, "LOOKED_AT", 2)
    lately = found(shop)
    assert (lately["app.json"]["version"], lately["app.json"]["at"]) == (None, None)
    assert lately["forms/contract.json"]["version"] == 4


def test_who_may_see_the_documents(open_shop: Callable[..., Shop]) -> None:
    with pytest.raises(Forbidden):
        open_shop().ask("li", "app.document_list")


def found(shop: Shop) -> dict[str, dict[str, Any]]:
    return {each["path"]: each for each in shop.ask("root", "app.document_list")["items"]}


def publish(shop: Shop, documents: dict[str, Any]) -> None:
    seen = shop.ask("root", "app.plan", documents=documents)
    assert [] == seen["findings"]
    shop.ask("root", "app.publish", documents=documents, plan=seen["plan"], allow=seen["consents"])
