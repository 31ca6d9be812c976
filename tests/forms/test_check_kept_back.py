"""What `forms.check` and the preview of a file tell of records that whoever asks may not read: nothing."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.forms.firm import EVERYTHING, firm

BOSS = {"role": "supervisor", "can": EVERYTHING}
OWN = {"role": "sales", "can": EVERYTHING, "where": "owner = ME()"}
OF_ORDER: dict[str, Any] = {"name": "order", "type": "link", "to": "order"}
ORDER = {
    "name": "order", "label": "number",
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "wanted", "type": "integer"},
        {"name": "got", "type": "rollup", "expression": "SUM(receipts.pieces)"},
    ],
    "relations": [{"name": "receipts", "form": "receipt", "by": "order"}],
    "checks": [{"name": "enough", "expression": "got <= wanted", "message": {"en": "too many", "zh-CN": "超出"}}],
    "permissions": [BOSS, OWN],
}  # fmt: skip
RECEIPT = {
    "name": "receipt", "label": "pieces",
    "fields": [OF_ORDER, {"name": "pieces", "type": "integer", "min": 0}],
    "permissions": [BOSS, {"role": "sales", "can": EVERYTHING}],
}  # fmt: skip


@pytest.mark.requirement("SF06")
def test_a_record_above_that_one_may_not_read_is_not_told_of() -> None:
    """What it holds cannot be found out by trying what is too much for it; nor does a row that is refused count."""
    with firm("sqlite://", ORDER, RECEIPT) as app:
        order = app.create("boss", "order", number="O1", wanted=37)
        mine = app.create("ann", "order", number="O2", wanted=5)
        told = [
            [each["code"] for each in app.ask("ann", "forms.check", form="receipt", values=values)["errors"]]
            for values in (
                {"order": order, "pieces": 37}, {"order": order, "pieces": 38},
                {"order": mine, "pieces": 6}, {"order": mine, "pieces": -1},
            )
        ]  # fmt: skip
        assert told == [["records.link-not-found"], ["records.link-not-found"], ["order.enough"], ["records.too-small"]]
        text = "order,pieces\nO2,many\nO2,-1\nO2,5\nO2,1\n"
        file = {"form": "receipt", "name": "a.csv", "content": text.encode()}
        seen = [app.ask("ann", "forms.import", **file, dry_run=each)["problems"] for each in (True, False)]
        assert [each["row"] for each in seen[0]] == [2, 3, 5]
        assert seen[0] == seen[1]


PRODUCT = {
    "name": "product", "label": "name",
    "fields": [{"name": "name", "type": "text"}, {"name": "cost", "type": "integer"}],
    "permissions": [BOSS, OWN],
}  # fmt: skip
OF_PRODUCT: dict[str, Any] = {"name": "product", "type": "link", "to": "product"}
COST = {"name": "cost", "type": "integer", "default": "=product.cost"}
VALUE = {"name": "value", "type": "formula", "expression": "product.cost * 2"}
BY_DEFAULT = {"name": "by_default", "type": "formula", "expression": "cost * 2"}
OFFER = {
    "name": "offer", "label": "name",
    "fields": [
        {"name": "name", "type": "text"}, {**OF_PRODUCT, "required": True}, COST, VALUE, BY_DEFAULT,
        {"name": "items", "type": "lines", "fields": [OF_PRODUCT, COST, VALUE, BY_DEFAULT]},
    ],
    "checks": [{"name": "cheap", "expression": "product.cost < 3", "message": {"en": "dear", "zh-CN": "贵"}}],
    "permissions": [BOSS, {"role": "sales", "can": EVERYTHING}],
}  # fmt: skip


@pytest.mark.requirement("SF06")
def test_nothing_is_computed_or_checked_along_a_link_that_one_may_not_use() -> None:
    """Neither in the record nor in its rows, nor of a default that reads along it; the others are computed as ever."""
    with firm("sqlite://", PRODUCT, OFFER) as app:
        theirs = app.create("boss", "product", name="P", cost=7)
        mine = app.create("ann", "product", name="Q", cost=2)
        sent = {"product": theirs, "items": [{"product": theirs}, {"product": mine}]}
        told = app.ask("ann", "forms.check", form="offer", values=sent)
        assert [(each["code"], each["pointer"]) for each in told["errors"]] == [
            ("records.link-not-found", "/product"), ("records.link-not-found", "/items/0/product"),
        ]  # fmt: skip
        shown = {name: told["values"].get(name) for name in ("value", "by_default")}
        assert shown == {"value": None, "by_default": None}
        assert told["values"]["items"][0] == {"value": None, "by_default": None}
        assert told["values"]["items"][1]["value"] == "4"
        assert "product" not in told["values"]


@pytest.mark.requirement("SF06", "F23")
def test_nor_in_a_save_that_is_merged_with_what_others_did() -> None:
    """Only what leads nowhere is refused, where the rows that were sent have it: no check tells what a product costs.
    Rows of the other side stand as they are, whoever may not read what they name."""
    with firm("sqlite://", PRODUCT, OFFER) as app:
        theirs, other = (app.create("boss", "product", name=each, cost=7) for each in "PO")
        mine = app.create("ann", "product", name="Q", cost=2)
        offer = app.create("ann", "offer", product=mine, items=[{"product": mine}])
        boss = app.ask("boss", "records.get", type="offer", id=offer)
        rows = boss["items"]
        app.ask(
            "boss", "records.update", type="offer", id=offer, version=1,
            values={"items": [{"product": theirs}, *({"id": each["id"]} for each in rows)]},
        )  # fmt: skip
        own = [{"id": each["id"]} for each in rows]
        sent: dict[str, Any] = {"product": other, "items": [*own, {"product": other, "cost": 1}, {"product": mine}]}

        def save() -> list[tuple[str, str]]:
            with pytest.raises(Rejected) as refused:
                app.ask("ann", "records.update", type="offer", id=offer, version=1, values=sent)
            return [(each.code, each.pointer) for each in refused.value.problems]

        assert save() == [("records.link-not-found", "/product"), ("records.link-not-found", "/items/1/product")]
        del sent["product"]
        assert save() == [("records.link-not-found", "/items/1/product")]
        sent["items"][1]["product"] = mine
        saved = app.ask("ann", "records.update", type="offer", id=offer, version=1, values=sent)
        made = app.ask("boss", "records.get", type="offer", id=saved["id"])
        assert sorted(each["cost"] for each in made["items"]) == [1, 2, 2, 7]
