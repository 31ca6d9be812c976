"""A roll-up over many rows is computed some records at a time, whatever the rows are."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode import publishing
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate import online
from lowcode.kernel.storage.migrate import steps as s
from tests.kernel.storage.firm import opened, read, write

LARGE = 20
"""More rows than there are quotes, and fewer than they have lines."""
ROWS: dict[str, list[dict[str, Any]]] = {
    "quote": [{"lines": [{"price": str(each)} for each in range(at, at + 6)]} for at in range(4)],
    "order": [{"quote": f"@quote:{at % 4 + 1}", "price": str(at)} for at in range(24)],
}


def firm(lines: str, *sums: tuple[str, str]) -> list[dict[str, Any]]:
    """Quotes with lines, called so, and with orders."""
    price = {"name": "price", "type": "integer"}
    fields = [
        {"name": lines, "type": "lines", "id": "1", "fields": [price]},
        *({"name": name, "type": "formula", "expression": expression, "scale": 0} for name, expression in sums),
    ]
    orders = {"name": "orders", "form": "order", "by": "quote"}
    quote = {"name": "quote", "fields": fields, "relations": [orders]}
    return [quote, {"name": "order", "fields": [{"name": "quote", "type": "link", "to": "quote"}, price]}]


def filled(url: str) -> None:
    with opened(url, firm("lines")) as host:
        host.publish()
        write(host, ROWS)


@pytest.mark.requirement("SP06", "X15")
@pytest.mark.parametrize(
    ("lines", "expression", "first"),
    [("lines", "SUM(lines.price)", 15), ("parts", "SUM(parts.price)", 15), ("lines", "SUM(orders.price)", 60)],
)
def test_many_rows_few_records(
    database_url: str, monkeypatch: pytest.MonkeyPatch, lines: str, expression: str, first: int
) -> None:
    """Of lines, of lines that are renamed at once, and of another form: the plan says so, the work is done when the
    version is in use, and each batch is so small that it reads no more than one of plain records."""
    filled(database_url)
    sizes: list[int] = []
    fill = online.fill_batch

    def watched(hand: Any, step: s.Fill, fills: Any, after: int, limit: int) -> int:
        sizes.append(limit)
        with hand.database.reading() as unit:
            found = unit.one(sa.select(t.applied.c.state).where(t.applied.c.version == 2))
        assert found == {"state": "finishing"}
        return fill(hand, step, fills, after, limit)

    monkeypatch.setattr(online, "fill_batch", watched)
    monkeypatch.setattr(online, "BATCH", 6)
    with opened(database_url, firm(lines, ("whole", expression))) as host:
        plan = publishing.plan(host, large=LARGE)
        assert ["online"] == [each.cost for each in plan.effects if isinstance(each.step, s.Fill)]
        publishing.apply(host, plan)
        assert [1, 1, 1, 1] == sizes
        assert str(first) == read(host)["quote"][0]["whole"]
        assert host.plan().empty
