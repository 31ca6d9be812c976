"""What the preview of a file costs where a check above reads the records below."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.records import foreseeing
from lowcode.kernel.records.completing import complete
from tests.forms.firm import EVERYTHING, firm

BOSS = [{"role": "supervisor", "can": EVERYTHING}]
PRODUCT = {
    "name": "product", "label": "name", "permissions": BOSS,
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "price", "type": "integer"},
        {"name": "twice", "type": "formula", "expression": "price * 2"},
    ],
}  # fmt: skip
ORDER = {
    "name": "order", "label": "number", "permissions": BOSS,
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "pieces", "type": "rollup", "expression": "SUM(receipts.pieces)"},
    ],
    "relations": [{"name": "receipts", "form": "receipt", "by": "order"}],
    "checks": [{
        "name": "worth", "expression": "pieces < 1000 and SUM(receipts.product.twice) <= 180",
        "message": {"en": "too much", "zh-CN": "超出"},
    }],
}  # fmt: skip
RECEIPT = {
    "name": "receipt", "label": "pieces", "permissions": BOSS,
    "fields": [
        {"name": "order", "type": "link", "to": "order"},
        {"name": "product", "type": "link", "to": "product"},
        {"name": "pieces", "type": "integer"},
    ],
}  # fmt: skip


@pytest.mark.requirement("SF06", "F18")
def test_a_row_costs_what_it_changes_and_not_what_all_before_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read along the links of a row is looked for once, however many come after it."""
    looked: list[Any] = []

    def heard(*given: Any) -> Any:
        looked.append(given)
        return complete(*given)

    monkeypatch.setattr(foreseeing, "complete", heard)
    text = "order,product,pieces\n" + "O1,P,2\n" * 31
    with firm("sqlite://", PRODUCT, ORDER, RECEIPT) as app:
        app.create("boss", "product", name="P", price=3)
        app.create("boss", "order", number="O1")
        told = app.ask("boss", "forms.import", form="receipt", name="a.csv", content=text.encode(), dry_run=True)
        assert [each["row"] for each in told["problems"]] == [32]
        assert len(looked) == 31
