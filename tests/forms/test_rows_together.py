"""Two people change the rows of one record: what goes together is kept, and what does not is told row by row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Conflict, Rejected
from lowcode.kernel.storage.crypto import new_key
from tests.forms.firm import EVERYTHING, Firm, firm

pytestmark = pytest.mark.requirement("F2", "SP19")
COLUMNS: list[dict[str, Any]] = [
    {"name": "product", "type": "link", "to": "product", "title": {"zh-CN": "产品", "en": "Product"}},
    {"name": "quantity", "type": "integer", "min": 1, "title": {"zh-CN": "数量", "en": "Quantity"}},
    {"name": "price", "type": "money", "title": {"zh-CN": "单价", "en": "Price"}},
    {
        "name": "kind", "type": "select", "title": {"zh-CN": "类型", "en": "Kind"},
        "options": [{"name": name, "title": {"zh-CN": zh, "en": en}}
                    for name, zh, en in (("n", "新购", "New"), ("r", "续费", "Renewal"))],
    },
    {"name": "due", "type": "date"},
    {"name": "cost", "type": "money"},
    {"name": "card", "type": "text", "mask": "card"},
    {"name": "pin", "type": "secret"},
    {"name": "paid", "type": "integer", "read_only": True},
    {"name": "amount", "type": "formula", "expression": "quantity * price", "scale": 2},
]  # fmt: skip
QUOTE: dict[str, Any] = {
    "name": "quote",
    "label": "number",
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "note", "type": "text"},
        {"name": "items", "type": "lines", "fields": COLUMNS},
        {
            "name": "groups", "type": "lines",
            "fields": [
                {"name": "title", "type": "text"}, {"name": "seal", "type": "text", "read_only": True},
                {"name": "items", "type": "lines", "fields": [*COLUMNS[1:3], COLUMNS[-2]]},
            ],
        },
        {"name": "total", "type": "formula", "expression": "SUM(items.amount)", "scale": 2},
    ],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "reveal", "restore"]},
        {"role": "sales", "can": EVERYTHING, "hide": ["items.cost"]},
    ],
}  # fmt: skip
PRODUCT: dict[str, Any] = {
    "name": "product",
    "label": "name",
    "fields": [{"name": "name", "type": "text"}],
    "permissions": [{"role": ["supervisor", "sales"], "can": EVERYTHING}],
}


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, PRODUCT, QUOTE, secrets={"ENCRYPTION_KEYS": new_key("a")}) as found:
        yield found


class Quote:
    """A quote with two rows, as both people saw it."""

    def __init__(self, app: Firm) -> None:
        self.app = app
        self.router = app.create("boss", "product", name="Router X")
        rows = [
            {"product": self.router, "quantity": 1, "price": "10", "kind": "n", "due": "2026-05-01"},
            {"quantity": 2, "price": "20", "cost": "5", "card": "6222000011112222", "pin": "1234"},
        ]
        groups = [{"title": "one", "items": [{"quantity": 1, "price": "1"}, {"quantity": 2}]}, {"title": "two"}]
        self.id = app.create("boss", "quote", number="Q1", items=rows, groups=groups)
        self.seen = self.read()

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = self.app.ask("boss", "records.get", type="quote", id=self.id)
        return found

    def rows(self, **cells: Any) -> list[dict[str, Any]]:
        """The rows as the page sends them, with some cells changed: `a_price="7"`, `b_quantity=3`."""
        found = []
        for letter, row in zip("ab", self.seen["items"], strict=True):
            own = {name: row[name] for name in ("id", "product", "quantity", "price", "kind", "due")}
            found.append({**own, **{n[2:]: value for n, value in cells.items() if n[0] == letter}})
        return found

    def save(self, login: str, version: int | None = 1, **values: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.app.ask(
            login, "records.update", type="quote", id=self.id, values=values, version=version
        )
        return found

    def refused(self, login: str, version: int = 1, **values: Any) -> list[tuple[str, str]]:
        """Where and by what code a change is refused; nothing of it is saved."""
        before = self.read()
        with pytest.raises(Conflict) as conflict:
            self.save(login, version, **values)
        assert self.read() == before
        self.problems = conflict.value.problems
        return [(each.pointer, each.code.removeprefix("records.changed-meanwhile")) for each in self.problems]


@pytest.fixture
def quote(app: Firm) -> Quote:
    return Quote(app)


def test_different_rows_and_columns_go_together(quote: Quote) -> None:
    """Rows of either, columns of either, what is worked out of them, and a field beside them."""
    quote.save("boss", items=[*quote.rows(a_price="11", a_due="2026-06-01"), {"quantity": 9, "price": "1"}])
    saved = quote.save("ann", note="n", items=[*quote.rows(a_quantity=3, b_kind="r"), {"quantity": 7, "price": "2"}])
    assert [(int(row["quantity"]), row["price"], row["kind"]) for row in saved["items"]] == [
        (3, Decimal("11.00"), "n"), (2, Decimal("20.00"), "r"), (9, Decimal("1.00"), None), (7, Decimal("2.00"), None),
    ]  # fmt: skip
    now = quote.read()
    assert (now["version"], now["note"], str(now["total"])) == (3, "n", "96.00")
    assert now["items"][1]["cost"] == Decimal("5.00"), "what one of them may not see stays as it was"
    assert [row["position"] for row in now["items"]] == [0, 1, 2, 3]


def test_a_cell_both_changed_is_named(quote: Quote) -> None:
    """The row by its number and what is in it, the column by its title, both values; in either language."""
    quote.save("boss", items=quote.rows(a_quantity=5, a_kind="r", b_price="21"))
    changed = quote.rows(a_quantity=4, a_kind=None, b_quantity=3)
    assert quote.refused("ann", items=changed) == [("/items/0/quantity", "-cell"), ("/items/0/kind", "-cell")]
    quantity, kind = quote.problems
    assert quantity.words("en") == (
        "row 1 (Router X · 5): somebody changed 'Quantity' in the meantime from '1' to '5', and here it is '4'"
    )
    assert kind.words("zh-CN") == "第 1 行（Router X · 5）：“类型”刚被他人从“新购”改为“续费”，此处为“空”"
    assert quantity.values["id"] == quote.seen["items"][0]["id"]
    assert quote.save("ann", 2, items=changed)["version"] == 3, "who saw it may decide"


def test_a_row_removed_by_one_and_changed_by_the_other(quote: Quote) -> None:
    """Whichever way round; a row nobody else touched goes."""
    quote.save("boss", items=quote.rows(b_price="21")[1:])
    assert quote.refused("ann", items=quote.rows(a_price="1")) == [("/items/0", "-gone")]
    assert quote.refused("ann", items=quote.rows()[:1]) == [("/items", "-removed")]
    assert quote.problems[0].words("en").startswith("row 1 (2 · 21.00) was removed here")
    assert [int(row["quantity"]) for row in quote.save("ann", items=quote.rows(b_quantity=4))["items"]] == [4]


def test_the_order_is_changed_by_one_only(quote: Quote) -> None:
    """The order of one goes with cells of the other, new rows with either; two orders do not go together."""
    quote.save("boss", items=[{"quantity": 3, "price": "3"}, *reversed(quote.rows())])
    assert [int(row["quantity"]) for row in quote.save("ann", items=quote.rows(a_quantity=8))["items"]] == [3, 2, 8]
    three = [{"id": row["id"]} for row in quote.read()["items"]]
    quote.save("boss", 3, items=[three[1], three[0], three[2]])
    assert quote.refused("ann", 3, items=[three[0], three[2], three[1]]) == [("/items", "-order")]


def test_rows_in_rows(quote: Quote) -> None:
    """The same one level below: places lead through both."""
    one, two = quote.seen["groups"]
    first, second = ({"id": row["id"]} for row in one["items"])
    quote.save("boss", groups=[{"id": one["id"], "items": [{**first, "price": "2"}, second]}, {"id": two["id"]}])
    added = {"id": two["id"], "items": [{"quantity": 6}]}
    sent = [{"id": one["id"], "title": "uno", "items": [{**first, "quantity": 7}]}, added]
    now = quote.save("ann", groups=sent)["groups"]
    assert [(g["title"], [(int(i["quantity"]), i["price"]) for i in g["items"]]) for g in now] == [
        ("uno", [(7, Decimal("2.00"))]), ("two", [(6, None)]),
    ]  # fmt: skip
    below = {"id": one["id"], "items": [{"quantity": 1}, {**first, "price": "3"}, second]}
    assert quote.refused("ann", groups=[{"id": two["id"]}, below]) == [("/groups/1/items/1/price", "-cell")]
    assert quote.problems[0].values["row"] == "2.2"
    gone = {"id": one["id"], "items": [first, {**second, "quantity": 5}]}
    assert quote.refused("ann", groups=[gone, {"id": two["id"]}]) == [("/groups/0/items/1", "-gone")]


def test_everything_is_said_at_once(quote: Quote) -> None:
    """Fields and rows together, and nothing that one may not see."""
    quote.save("boss", note="b", items=quote.rows(b_cost="777", b_card="6222000099998888", b_price="8"))
    assert quote.refused("ann", note="a", items=quote.rows(b_price="9", b_card="6222000033334444")) == [
        ("/note", "-field"), ("/items/1/price", "-cell"), ("/items/1/card", "-cell"),
    ]  # fmt: skip
    said = str([each.values for each in quote.problems])
    assert "777" not in said and "99998888" not in said and "6222********8888" in said


def test_what_the_history_does_not_tell_is_not_overwritten(quote: Quote) -> None:
    """Of a secret only is kept that it changed: the row of it is not removed unseen, and not sent it stays theirs."""
    quote.save("boss", items=quote.rows(b_pin="9999"))
    assert quote.refused("ann", items=quote.rows()[:1]) == [("/items", "-removed")]
    quote.save("ann", items=quote.rows(b_quantity=4))
    row = quote.read()["items"][1]["id"]
    asked = {"type": "quote", "id": quote.id, "field": "items.pin", "row": row}
    assert quote.app.ask("boss", "records.reveal", **asked) == "9999"


def test_without_its_history_nothing_is_merged(quote: Quote) -> None:
    """Where entries are missing nobody can say what was changed: the whole record is looked at again."""
    quote.save("boss", items=quote.rows(b_price="3"))
    history = quote.app.host.types["quote"].history
    with quote.app.host.database.engine.begin() as connection:
        connection.execute(sa.delete(history).where(history.c.version == 2))
    assert quote.refused("ann", items=quote.rows(a_price="4")) == [("", "")]


def test_what_is_wrong_is_said_where_it_was_sent(quote: Quote) -> None:
    """The merged rows stand elsewhere than those that were sent."""
    quote.save("boss", items=[{"quantity": 3, "price": "3"}, {"quantity": 4, "price": "4"}, *quote.rows()])
    with pytest.raises(Rejected) as refused:
        quote.save("ann", items=[*quote.rows(b_product=999), {"product": 998}])
    assert [(each.pointer, each.code) for each in refused.value.problems] == [
        ("/items/1/product", "records.link-not-found"), ("/items/2/product", "records.link-not-found"),
    ]  # fmt: skip


def test_an_unknown_row_is_no_row_of_either(quote: Quote) -> None:
    """Somebody who names a row that came later has not said what they saw: they look again."""
    quote.save("boss", items=[*quote.rows(), {"quantity": 5}])
    later = quote.read()["items"][2]["id"]
    assert quote.refused("ann", items=[*quote.rows(), {"id": later, "quantity": 6}]) == [("", "")]


def test_the_mask_of_a_cell_is_no_value_of_another(quote: Quote) -> None:
    """Sent back in its own row it means: as it is, also where somebody changed the cell; in another it is refused."""
    seen = quote.app.ask("ann", "records.get", type="quote", id=quote.id)["items"][1]["card"]
    assert seen == "6222********2222"
    quote.save("boss", items=quote.rows(b_card="6222000099998888"))
    quote.save("ann", items=quote.rows(a_price="4", b_card=seen))
    assert quote.read()["items"][1]["card"] == "6222000099998888"
    for login in ("ann", "boss"):
        with pytest.raises(Rejected) as refused:
            quote.save(login, None, items=[*quote.rows(a_card=seen), {"quantity": 1, "card": seen, "pin": "********"}])
        assert [(each.pointer, each.code) for each in refused.value.problems] == [
            (f"/items/{at}", "records.mask-as-value") for at in ("0/card", "2/card", "2/pin")
        ]


def test_the_app_sets_what_people_only_read(quote: Quote) -> None:
    """Its read-only columns go together with what people changed, in rows of rows too; what the app wrote there is in
    nobody's way; and where the app itself did both, it is told."""
    first, second = quote.seen["groups"]
    quote.save("boss", items=quote.rows(a_price="11"), groups=[{"id": first["id"], "title": "eins"}, second])
    deep = [{"id": first["items"][0]["id"], "paid": 7}, {"id": first["items"][1]["id"]}]
    groups = [{"id": first["id"], "seal": "s", "items": deep}, {"id": second["id"]}]
    quote.app.ask(
        None, "records.update", type="quote", id=quote.id, values={"items": quote.rows(b_paid=8), "groups": groups},
        version=1,
    )  # fmt: skip
    now = quote.read()
    assert [(str(row["price"]), row["paid"]) for row in now["items"]] == [("11.00", None), ("20.00", 8)]
    assert [(row["title"], row["seal"]) for row in now["groups"]] == [("eins", "s"), ("two", None)]
    assert [row["paid"] for row in now["groups"][0]["items"]] == [7, None]
    with pytest.raises(Conflict) as refused:
        again = {"items": quote.rows(b_paid=9)}
        quote.app.ask(None, "records.update", type="quote", id=quote.id, values=again, version=2)
    assert [each.pointer for each in refused.value.problems] == ["/items/1/paid"]
    quote.save("ann", items=quote.rows()[:1])
    assert len(quote.read()["items"]) == 1, "a column that only the app sets is nobody's reason to keep a row"
