"""The document that lowcode itself serves for an app is a connector of another app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.app import Shop
from tests.api.offers.apps import files
from tests.support.served import served


@pytest.mark.requirement("A18")
def test_lowcode_asks_lowcode(open_shop: Callable[..., Shop]) -> None:
    """Records are made and read by it, what is answered is set, and what is refused is told in the other side's
    words; the same request twice makes one record."""
    there = open_shop()
    key = there.key("li")
    with served(there.host, demo=False) as address:
        crm = {"name": "crm", "type": "openapi", "url": address, "document": "openapi/crm.json",
               "security": {"key": {"secret": "CRM_KEY"}}}  # fmt: skip
        made = {
            "connector": "crm", "operation": "lead.create",
            "body": {"company": "company", "employees": "employees", "budget": "budget", "since": "since"},
            "set": {"there": "answer.id", "there_number": "answer.source"},
            "refused": {"why_not": '"" & refusal.status & " " & refusal.reason'},
        }  # fmt: skip
        read = {"connector": "crm", "operation": "lead.list", "parameters": {"where": '"company = ""Acme"""'},
                "inside": "items.0", "set": {"number": "answer.company"}}  # fmt: skip
        document = there.ask("li", "api.openapi", root="/")
        shop = open_shop(
            crm, secrets={"CRM_KEY": key}, allow_private=("127.0.0.0/8",),
            more=files(made, read, **{"openapi/crm.json": document}),
        )  # fmt: skip
        good = {"company": "Acme", "employees": 12, "budget": "10.50", "since": "2026-02-28"}
        first, second = (
            shop.ask("li", "records.create", type="order", values=each)["id"] for each in (good, {"employees": 1})
        )
        shop.host.settle()
        found = shop.ask("li", "records.get", type="order", id=first)
        refused = shop.ask("li", "records.get", type="order", id=second)
        for each in shop.ask("root", "api.deliveries")["items"]:
            shop.ask("root", "api.redeliver", id=each["id"])
        shop.host.settle()
    leads = there.ask("li", "records.list", type="lead")["items"]
    assert len(leads) == 1 and leads[0]["id"] == found["there"] and found["there_number"] == "hand"
    kept = there.ask("li", "records.get", type="lead", id=leads[0]["id"])
    assert {name: str(kept[name]) for name in good} == {**good, "employees": "12"}
    assert refused["there"] is None and "'company' is a required property" in refused["why_not"]
    assert found["number"] == "Acme"
