"""What is read through a link: in rows as in records, of what is sent as of what is saved, and of a deleted record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.show import plain
from tests.forms.firm import EVERYTHING, START, Firm, firm

BOSS = {"role": "supervisor", "can": [*EVERYTHING, "restore", "purge"]}
PRODUCT: dict[str, Any] = {
    "name": "product",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "price", "type": "number", "scale": 2},
        {"name": "sort", "type": "select", "options": [{"name": "good", "title": "Good"}]},
        {"name": "instead", "type": "link", "to": "product"},
    ],
    "permissions": [BOSS],
}
ITEM = [
    {"name": "product", "type": "link", "to": "product"},
    {"name": "pieces", "type": "integer"},
    {"name": "cost", "type": "formula", "expression": "pieces * product.price", "scale": 2},
    {"name": "share", "type": "formula", "expression": "cost - pieces * parent.parent.main.price", "scale": 2},
    {"name": "note", "type": "text", "required_when": "cost > 50"},
]
ORDER: dict[str, Any] = {
    "name": "order",
    "label": 'number & " " & main.name',
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "main", "type": "link", "to": "product"},
        {"name": "twice", "type": "formula", "expression": "main.price * 2", "scale": 2},
        {"name": "further", "type": "formula", "expression": "main.instead.price", "scale": 2},
        {"name": "groups", "type": "lines", "fields": [{"name": "items", "type": "lines", "fields": ITEM}]},
        {"name": "total", "type": "formula", "expression": "SUM(groups.items.cost)", "scale": 2},
    ],
    "checks": [{"name": "dear", "expression": "total <= 100", "message": "more than 100"}],
    "permissions": [{**BOSS, "where": 'main.sort = "good"'}],
}


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, PRODUCT, ORDER, clock=FrozenClock(START)) as found:
        yield found


@pytest.fixture
def products(app: Firm) -> tuple[int, int]:
    """A screw at 3 and, instead of it, a nail at 7."""
    nail = app.create("boss", "product", name="Nail", price="7", sort="good")
    return app.create("boss", "product", name="Screw", price="3", sort="good", instead=nail), nail


def groups(*items: tuple[int, int]) -> list[dict[str, Any]]:
    """A group for each item."""
    return [{"items": [{"product": product, "pieces": pieces}]} for product, pieces in items]


def costs(values: Any) -> list[tuple[Any, Any]]:
    """What is computed in the items."""
    return [(plain(item["cost"]), plain(item["share"])) for group in values["groups"] for item in group["items"]]


@pytest.mark.requirement("SF06", "SF03")
def test_a_formula_of_rows_reads_through_links_wherever_they_are(app: Firm, products: tuple[int, int]) -> None:
    """While the record is filled in, in checks and conditions of the save, and of the record as it is: the same."""
    screw, nail = products
    sent = {"number": "1", "main": screw, "groups": groups((screw, 2), (nail, 5))}
    for check in ({}, {"id": app.create("boss", "order", **sent)}):
        found = app.ask("boss", "forms.check", form="order", values=sent, **check)
        assert ([], "41.00") == (found["errors"], found["values"]["total"])
        assert [("6.00", "0.00"), ("35.00", "20.00")] == costs(found["values"])
    there = app.ask("boss", "records.get", type="order", id=check["id"])
    assert [("6.00", "0.00"), ("35.00", "20.00")] == costs(there)
    kept = {"items": [{"id": there["groups"][0]["items"][0]["id"], "pieces": 3}], "id": there["groups"][0]["id"]}
    app.ask("boss", "records.update", type="order", id=check["id"], values={"groups": [kept]})
    assert [("9.00", "0.00")] == costs(app.ask("boss", "records.get", type="order", id=check["id"]))
    for items, pointer in (([(nail, 8)], "/groups/0/items/0/note"), ([(nail, 7), (nail, 7), (nail, 7)], "")):
        with pytest.raises(Rejected) as refused:
            app.create("boss", "order", **{**sent, "groups": groups(*items)})
        assert [pointer] == [each.pointer for each in refused.value.problems]


@pytest.mark.requirement("SF06")
def test_what_rows_read_is_asked_for_once(app: Firm, products: tuple[int, int]) -> None:
    """However many rows there are."""
    screw, _ = products
    asked = []
    for count in (2, 20):
        with app.host.session(app.host.actor("boss")) as context:
            before = context.unit.statements
            context.ask("forms.check", form="order", values={"main": screw, "groups": groups(*[(screw, 1)] * count)})
            asked.append(context.unit.statements - before)
    assert asked[0] == asked[1]


def everything(app: Firm, order: int) -> dict[str, Any]:
    """What is read of an order through its links, in every way there is."""
    read = frozenset({"main.price", "main.instead.price", "twice"})
    rows = frozenset({("groups.items", frozenset({"product.name", "cost"}))})

    def asked(context: Context) -> dict[str, Any]:
        there = context.ask("records.get", type="order", id=order)
        listed = {"type": "order", "fields": ("number", "main.name", "twice", "main.instead.price")}
        only = {"conditions": [{"field": "main.sort", "operator": "one_of", "value": ["good"]}]}
        return {
            "record": (there["twice"], there["further"], there["total"], costs(there)),
            "list": context.ask("records.list", **listed, sort=("main.price",), filter=only)["items"],
            "check": context.ask("forms.check", form="order", id=order, values={"number": "1"}),
            "facts": context.facts("order", [order], [Needs(read, rows)]),
            "called": label_of(context, "order", [order]),
        }

    with app.host.session(app.host.actor("boss")) as context:
        return {name: plain(each) for name, each in asked(context).items()}


@pytest.mark.requirement("SF06", "SF03")
def test_a_deletion_changes_nothing_of_who_keeps_the_link(app: Firm, products: tuple[int, int]) -> None:
    """Neither what is read of it, in the database and beside it, nor who may read the record: decision 0217. Nothing
    has to be brought up to date when the record comes back."""
    screw, nail = products
    order = app.create("boss", "order", number="1", main=screw, groups=groups((screw, 2), (nail, 5)))
    before = everything(app, order)
    for each in products:
        app.ask("boss", "records.delete", type="product", id=each)
    assert before == everything(app, order)
    app.ask("boss", "records.undelete", type="product", id=screw)
    assert before == everything(app, order)
