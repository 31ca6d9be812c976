"""Lines within lines: a record, its groups and their items are one tree, in every door."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Conflict, DefinitionError, Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.crypto import new_key
from tests.forms.firm import EVERYTHING, Firm, firm

ITEM: list[dict[str, Any]] = [
    {"name": "what", "type": "text", "required_when": "quantity > 5 or parent.parent.strict"},
    {"name": "quantity", "type": "integer", "min": 1, "default": 1},
    {"name": "price", "type": "money", "default": "=parent.usual"},
    {"name": "cost", "type": "money"},
    {"name": "maker", "type": "link", "to": "maker"},
    {"name": "payee", "type": "text", "mask": "name", "privacy": {"purpose": "paying", "basis": "contract"}},
    {"name": "card", "type": "text", "mask": "card", "encrypted": "searchable", "search": True},
    {"name": "pin", "type": "secret"},
    {"name": "amount", "type": "formula", "expression": "quantity * price", "scale": 2},
    {"name": "told", "type": "formula", "expression": 'COALESCE(payee, "-")'},
]
OFFER: dict[str, Any] = {
    "name": "offer",
    "label": "number",
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "maker", "type": "link", "to": "maker"},
        {"name": "strict", "type": "boolean"},
        {
            "name": "groups",
            "type": "lines",
            "fields": [
                {"name": "title", "type": "text", "required": True},
                {"name": "usual", "type": "money"},
                {"name": "items", "type": "lines", "max": 4, "fields": ITEM},
                {"name": "subtotal", "type": "formula", "expression": "SUM(items.amount)", "scale": 2},
                {"name": "dear", "type": "formula", "expression": "COUNT(items, price > 50)"},
            ],
        },
        {"name": "total", "type": "formula", "expression": "SUM(groups.subtotal)", "scale": 2},
        {"name": "many", "type": "formula", "expression": "SUM(groups.items.amount, quantity > 1)", "scale": 2},
        {"name": "names", "type": "formula", "expression": 'TEXTJOIN("/", groups.items.what)'},
    ],
    "checks": [{"name": "few", "expression": "COUNT(groups.items) <= 6", "field": "groups", "message": "too many"}],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "restore", "reveal", "privacy"]},
        {"role": "sales", "can": EVERYTHING, "hide": ["groups.items.cost"], "read_only": ["groups.items.quantity"]},
        {"role": "reader", "can": ["read"], "hide": ["groups.items"]},
    ],
}
MAKER: dict[str, Any] = {
    "name": "maker",
    "label": "name",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "offered", "type": "rollup", "expression": "SUM(offers.many)", "scale": 2},
    ],
    "relations": [{"name": "offers", "form": "offer", "by": "maker"}],
    "permissions": [{"role": ["supervisor", "sales"], "can": EVERYTHING}],
}
TREE: list[dict[str, Any]] = [
    {
        "title": "one",
        "items": [{"what": "a", "quantity": 2, "price": "3"}, {"what": "b", "quantity": 1, "price": "60"}],
    },
    {"title": "two", "usual": "7", "items": [{"what": "c", "quantity": 3}]},
    {"title": "three"},
]


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, MAKER, OFFER, secrets={"ENCRYPTION_KEYS": new_key("a")}) as found:
        yield found


def read(app: Firm, identity: int, login: str = "boss") -> dict[str, Any]:
    found: dict[str, Any] = app.ask(login, "records.get", type="offer", id=identity)
    return found


def shape(rows: list[dict[str, Any]]) -> list[Any]:
    """Titles and what lies below them."""
    return [(row["title"], [(item["what"], int(item["quantity"])) for item in row["items"]]) for row in rows]


@pytest.mark.requirement("F1", "F2", "F10")
def test_a_tree_is_saved_and_added_up(app: Firm) -> None:
    """From the innermost rows to the record, and on to what gathers the record; defaults read what is around them."""
    maker = app.create("boss", "maker", name="m")
    found = read(app, app.create("boss", "offer", number="1", groups=TREE, maker=maker))
    assert shape(found["groups"]) == [("one", [("a", 2), ("b", 1)]), ("two", [("c", 3)]), ("three", [])]
    assert [str(each["subtotal"]) for each in found["groups"]] == ["66.00", "21.00", "0.00"]
    assert [int(each["dear"]) for each in found["groups"]] == [1, 0, 0]
    assert (str(found["total"]), str(found["many"]), found["names"]) == ("87.00", "27.00", "a/b/c")
    assert str(app.ask("boss", "records.get", type="maker", id=maker)["offered"]) == "27.00"


@pytest.mark.requirement("F2", "F26")
def test_only_what_changed_is_written(app: Firm) -> None:
    """Rows keep their ids at both levels; what is not sent of a row stays; the history tells the tree."""
    identity = app.create("boss", "offer", groups=TREE)
    one, two, three = read(app, identity)["groups"]
    a, b = one["items"]
    sent = [
        {"id": two["id"]},
        {"id": one["id"], "items": [{"id": b["id"], "quantity": 4}, {"what": "d"}]},
        {"title": "four", "items": [{"what": "e"}]},
    ]
    app.ask("boss", "records.update", type="offer", id=identity, values={"groups": sent})
    found = read(app, identity)["groups"]
    assert shape(found) == [("two", [("c", 3)]), ("one", [("b", 4), ("d", 1)]), ("four", [("e", 1)])]
    assert [found[0]["id"], found[1]["id"], found[1]["items"][0]["id"]] == [two["id"], one["id"], b["id"]]
    change = app.ask("boss", "records.history", type="offer", id=identity)[0]["changes"]["groups"]
    assert [row["title"] for row in change["added"]] == ["four"] and change["added"][0]["items"][0]["what"] == "e"
    assert [row["title"] for row in change["removed"]] == ["three"] and change["removed"][0]["id"] == three["id"]
    inner = {each["id"]: each["changes"] for each in change["changed"]}[one["id"]]["items"]
    assert [row["what"] for row in inner["added"]] == ["d"] and [row["id"] for row in inner["removed"]] == [a["id"]]
    assert inner["changed"][0]["changes"]["quantity"] == ["1", "4"]
    before = read(app, identity)["version"]
    app.ask("boss", "records.update", type="offer", id=identity, values={"groups": found})
    assert read(app, identity)["version"] == before  # nothing changed, nothing written
    app.ask("boss", "records.restore", type="offer", id=identity, version=1)
    restored = read(app, identity)["groups"]
    assert shape(restored) == [("one", [("a", 2), ("b", 1)]), ("two", [("c", 3)]), ("three", [])]
    assert restored[0]["items"][1]["id"] == b["id"]
    app.ask("boss", "records.delete", type="offer", id=identity)
    app.ask("boss", "records.undelete", type="offer", id=identity)
    assert shape(read(app, identity)["groups"]) == shape(restored)


@pytest.mark.requirement("F2", "F12", "F13", "F14")
def test_what_is_wrong_is_said_at_its_place(app: Firm) -> None:
    """Types, limits, conditions that read what is around, checks over the innermost rows, rows that are not there."""

    def refused(groups: Any, **values: Any) -> list[tuple[str, str]]:
        with pytest.raises(Rejected) as error:
            app.create("boss", "offer", groups=groups, **values)
        return [(each.pointer, each.code) for each in error.value.problems]

    assert refused([{"title": "x", "items": [{"quantity": "many"}, {"quantity": 9}]}]) == [
        ("/groups/0/items/0/quantity", "records.not-number"), ("/groups/0/items/1/what", "records.required"),
    ]  # fmt: skip
    assert refused([{"title": "x", "items": [{}]}], strict=True) == [("/groups/0/items/0/what", "records.required")]
    assert refused([{"items": [{"whatever": 1}]}]) == [
        ("/groups/0/items/0/whatever", "records.unknown-field"), ("/groups/0/title", "records.required"),
    ]  # fmt: skip
    assert refused([{"title": "x", "items": [{"id": 5}]}]) == [("/groups/0/items/0", "records.unknown-row")]
    there = app.create("boss", "offer", groups=[{"title": "x", "items": [{"what": "a"}]}])
    for odd in ({"a": 1}, [1], "1", 1.0, True):
        assert refused([{"title": "x", "id": odd}]) == [("/groups/0", "records.unknown-row")]
        with pytest.raises(Rejected, match=r"records\.(unknown-row|changed-meanwhile)"):
            app.ask("boss", "records.update", type="offer", id=there, values={"groups": [{"title": "x", "id": odd}]})
        app.ask("boss", "forms.check", form="offer", id=there, values={"groups": [{"title": "x", "id": odd}]})
    assert refused([{"title": "x", "items": [{}] * 5}]) == [("/groups/0/items", "records.too-many-rows")]
    assert refused([{"title": "x", "items": [{}] * 4}, {"title": "y", "items": [{}] * 3}]) == [("/groups", "offer.few")]
    assert refused([{"title": "x", "items": [{"maker": 99}]}]) == [
        ("/groups/0/items/0/maker", "records.link-not-found")
    ]
    checked = app.ask("boss", "forms.check", form="offer", values={"groups": TREE})
    assert checked["errors"] == [] and checked["values"]["total"] == "87.00"
    assert checked["values"]["groups"][0]["items"][0] == {"amount": "6.00", "told": "-"}


@pytest.mark.requirement("F2", "F18", "F19", "SP14")
def test_what_is_hidden_stays_hidden_at_any_depth(app: Firm) -> None:
    """In records, histories, filters, conflicts and what is sent."""
    items = [{"what": "a", "quantity": 1, "price": "1", "cost": "777"}]
    identity = app.create("boss", "offer", groups=[{"title": "one", "items": items}])
    ann, rea = read(app, identity, "ann"), read(app, identity, "rea")
    assert "cost" not in ann["groups"][0]["items"][0] and "items" not in rea["groups"][0]
    for login in ("ann", "rea"):
        told = str(app.ask(login, "records.history", type="offer", id=identity))
        assert "777" not in told and ("'items'" in told) == (login == "ann")
    for login, where in (("ann", "SUM(groups.items.cost) > 1"), ("rea", "COUNT(groups.items) > 0"),
                         ("rea", "SUM(groups.items.price) > 0")):  # fmt: skip
        with pytest.raises(Rejected) as refused:
            app.ask(login, "records.list", type="offer", where=where)
        assert [each.code for each in refused.value.problems] == ["records.unknown-field"]
    for column, value in (("cost", "1"), ("quantity", 2)):
        groups = [{"id": ann["groups"][0]["id"], "items": [{"id": ann["groups"][0]["items"][0]["id"], column: value}]}]
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "records.update", type="offer", id=identity, values={"groups": groups})
        assert [(each.pointer, each.code) for each in refused.value.problems] == [
            (f"/groups/0/items/0/{column}", "records.read-only")
        ]
    kept = {"id": ann["groups"][0]["id"], "title": "new"}
    app.ask("ann", "records.update", type="offer", id=identity, values={"groups": [kept]}, version=1)
    assert str(read(app, identity)["groups"][0]["items"][0]["cost"]) == "777.00"
    with pytest.raises(Conflict) as conflict:
        app.ask("ann", "records.update", type="offer", id=identity, values={"groups": [{"title": "b"}]}, version=1)
    assert [(each.pointer, each.code) for each in conflict.value.problems] == [
        ("/groups", "records.changed-meanwhile-removed")
    ]
    assert "777" not in str([each.values for each in conflict.value.problems])


@pytest.mark.requirement("F2", "X12")
@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("COUNT(groups.items) >= 3", ["1"]),
        ("COUNT(groups.items, quantity > 2) = 1", ["1"]),
        ("SUM(groups.items.amount) > 80", ["1"]),
        ("MAX(groups.items.price) = 5", ["2"]),
        ('ANY(groups.items, what = "c")', ["1"]),
        ("ALL(groups.items, price < 50)", ["2", "3"]),
        ("SUM(groups.subtotal) < 10", ["2", "3"]),
    ],
)
def test_the_database_finds_by_rows_of_rows(app: Firm, where: str, expected: list[str]) -> None:
    """Filters reach the innermost rows, and both databases answer alike."""
    app.create("boss", "offer", number="1", groups=TREE)
    app.create("boss", "offer", number="2", groups=[{"title": "x", "items": [{"what": "y", "price": "5"}]}])
    app.create("boss", "offer", number="3")
    page = app.ask("boss", "records.list", type="offer", where=where, fields=("number",), sort=("number",))
    assert [each["number"] for each in page["items"]] == expected


@pytest.mark.requirement("F2", "F16")
def test_merging_loses_no_row(app: Firm) -> None:
    """Rows come along with the rows in them, also with what whoever merges does not see; links in them follow."""
    here, there = app.create("boss", "maker", name="a"), app.create("boss", "maker", name="b")
    items = [{"what": "a", "cost": "5", "card": "6222021234567890", "pin": "x1", "maker": there}]
    one = app.create("boss", "offer", number="1", groups=[{"title": "one", "items": [{"what": "z", "cost": "3"}]}])
    two = app.create("boss", "offer", groups=[{"title": "two", "items": items}])
    app.ask("ann", "forms.merge", form="offer", into=one, others=(two,))
    app.ask("boss", "forms.merge", form="maker", into=here, others=(there,))
    found = read(app, one)
    assert shape(found["groups"]) == [("one", [("z", 1)]), ("two", [("a", 1)])]
    [moved] = found["groups"][1]["items"]
    assert (str(moved["cost"]), moved["card"], moved["maker"]) == ("5.00", "6222021234567890", here)
    assert app.ask("boss", "records.reveal", type="offer", id=one, field="groups.items.pin", row=moved["id"]) == "x1"


@pytest.mark.requirement("F2", "X20", "SP15")
def test_what_is_personal_is_erased_in_rows_of_rows(app: Firm) -> None:
    """The values, what is computed of them, and their history."""
    identity = app.create("boss", "offer", groups=[{"title": "x", "items": [{"what": "w", "payee": "王小明"}]}])
    assert "王小明" in str(app.ask(None, "records.history", type="offer", id=identity))
    assert "王小明" in str(app.ask("boss", "forms.subject", form="offer", id=identity))
    app.ask("boss", "forms.erase", form="offer", id=identity, reason="asked", do="anonymise")
    [item] = app.ask(None, "records.get", type="offer", id=identity)["groups"][0]["items"]
    assert (item["payee"], item["told"], item["what"]) == (None, "-", "w")
    assert "王小明" not in str(app.ask(None, "records.history", type="offer", id=identity))


def test_three_levels_are_refused() -> None:
    """Two are enough for paper and people; a third wants a form of its own."""
    fields = copy.deepcopy(OFFER["fields"])
    fields[3]["fields"][2]["fields"] = [{"name": "more", "type": "lines", "fields": [{"name": "x", "type": "text"}]}]
    with pytest.raises(DefinitionError), firm("sqlite://", MAKER, {**OFFER, "fields": fields, "checks": []}):
        pass


ROW = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["a", "b"]),
        "quantity": st.integers(1, 5),
        "price": st.integers(0, 500).map(lambda n: f"{n / 10:.2f}"),
    }
)
GROUP = st.fixed_dictionaries({"title": st.sampled_from(["g", "h"]), "items": st.lists(ROW, max_size=3)})
GROUPS = st.lists(GROUP, max_size=2)


@pytest.mark.requirement("F2")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(GROUPS, st.randoms(use_true_random=False)), min_size=1, max_size=4))
def test_any_tree_is_kept_as_it_was_sent(app: Firm, saves: Any) -> None:
    """Rows kept, moved, taken out and added at both levels, in any mixture: what is read is what was sent, sums are
    right, and every former version can be had again."""
    identity, seen = app.create("boss", "offer"), []
    for groups, luck in saves:
        now = read(app, identity)["groups"]
        for group, old in zip(groups, luck.sample(now, len(now)), strict=False):
            group["id"] = old["id"]
            for item, was in zip(group["items"], luck.sample(old["items"], len(old["items"])), strict=False):
                item["id"] = was["id"]
        app.ask("boss", "records.update", type="offer", id=identity, values={"groups": groups})
        found = read(app, identity)
        wanted = [(each["title"], [(one["what"], one["quantity"]) for one in each["items"]]) for each in groups]
        assert shape(found["groups"]) == wanted
        amounts = [Decimal(one["quantity"]) * Decimal(one["price"]) for each in groups for one in each["items"]]
        assert found["total"] == sum(amounts, Decimal(0))
        seen.append((found["version"], wanted))
    for version, wanted in seen:
        app.ask("boss", "records.restore", type="offer", id=identity, version=version)
        assert shape(read(app, identity)["groups"]) == wanted


@pytest.fixture
def carded(app: Firm) -> tuple[Firm, int, int]:
    items = [{"what": "a", "card": "6222021234567890", "pin": "x1"}]
    identity = app.create("boss", "offer", number="1", groups=[{"title": "one", "items": items}])
    return app, identity, read(app, identity)["groups"][0]["items"][0]["id"]


MASKED = "6222********7890"


@pytest.mark.requirement("SP14", "SP15", "F2")
def test_rows_are_masked_as_records_are(carded: tuple[Firm, int, int]) -> None:
    """In the record, its history and conflicts; a mask that is sent back leaves the value, and filters see nothing."""
    app, identity, _ = carded
    [item] = read(app, identity, "ann")["groups"][0]["items"]
    assert (item["card"], item["pin"]) == (MASKED, "********")
    assert read(app, identity)["groups"][0]["items"][0]["card"] == "6222021234567890"
    told = str(app.ask("boss", "records.history", type="offer", id=identity))
    assert "6222021234567890" not in told and "x1" not in told
    groups = read(app, identity, "ann")["groups"]
    sent = [{"id": each["id"], "title": "two", "items": [{k: v for k, v in one.items() if k not in ("quantity", "cost")}
             for one in each["items"]]} for each in groups]  # fmt: skip
    app.ask("ann", "records.update", type="offer", id=identity, values={"groups": sent})
    now = read(app, identity)["groups"][0]
    assert (now["title"], now["items"][0]["card"]) == ("two", "6222021234567890")
    for login in ("ann", "boss"):
        with pytest.raises(Rejected):
            app.ask(login, "records.list", type="offer", where='ANY(groups.items, card = "6222021234567890")')
    found = app.ask("ann", "records.list", type="offer", search="6222021234567890", fields=("number",))
    assert [each["number"] for each in found["items"]] == ["1"]
    assert app.ask("ann", "records.list", type="offer", search="62220212345678", fields=("number",))["items"] == []
    assert app.ask("rea", "records.list", type="offer", search="6222021234567890", fields=("number",))["items"] == []


@pytest.mark.requirement("SP15", "SP17")
def test_a_secret_of_a_row_is_shown_and_that_is_remembered(carded: tuple[Firm, int, int]) -> None:
    """To whoever may reveal, one at a time."""
    app, identity, row = carded
    asked = {"type": "offer", "id": identity, "field": "groups.items.pin", "row": row}
    assert app.ask("boss", "records.reveal", **asked) == "x1"
    last = app.ask("boss", "records.history", type="offer", id=identity)[0]
    assert (
        last["event"] == "revealed" and "pin" in str(last["changes"]) if "event" in last else last["kind"] == "revealed"
    )
    with pytest.raises(Forbidden):
        app.ask("ann", "records.reveal", **asked)
    with pytest.raises(NotFound):
        app.ask("boss", "records.reveal", **{**asked, "row": row + 1})


@pytest.mark.requirement("SP15")
def test_the_database_tells_nothing_of_rows_and_keys_change(database_url: str) -> None:
    """Cipher text in the table of the rows; after a new key was added all of it can be written anew."""
    first, second = new_key("a"), new_key("b")
    keys = {"ENCRYPTION_KEYS": first}

    def stored(app: Firm) -> list[str]:
        with app.host.session(APP) as context:
            column = sa.type_coerce(app.host.types["offer.groups.items"].table.c.card, sa.Text).label("card")
            return [row["card"] for row in context.unit.fetch(sa.select(column))]

    with firm(database_url, MAKER, OFFER, secrets=keys) as app:
        app.create("boss", "offer", groups=[{"title": "x", "items": [{"what": "a", "card": "6222021234567890"}]}])
        assert [each.startswith("enc1:a=:") for each in stored(app)] == [True]
    with firm(database_url, MAKER, OFFER, secrets={"ENCRYPTION_KEYS": f"{second}, {first}"}) as app:
        assert app.ask(None, "records.reencrypt", type="offer") == 1
        assert [each.startswith("enc1:b=:") for each in stored(app)] == [True]
        assert read(app, 1)["groups"][0]["items"][0]["card"] == "6222021234567890"
