"""A record as it was, and back from the dead."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import new_key
from tests.forms.firm import CUSTOMER, EVERYTHING, QUOTE, firm

ROWS = [
    {"name": "what", "type": "text"},
    {"name": "many", "type": "integer"},
    {"name": "twice", "type": "formula", "expression": "many * 2", "scale": 0},
]
NOTE: dict[str, Any] = {
    "name": "note",
    "fields": [
        {"name": "text", "type": "text", "required": True},
        {"name": "amount", "type": "money"},
        {"name": "about", "type": "links", "to": "customer"},
        {"name": "items", "type": "lines", "fields": ROWS},
        {"name": "all", "type": "formula", "expression": "SUM(items.twice)", "scale": 0},
    ],
    "permissions": [{"role": "sales", "can": EVERYTHING}, {"role": "reader", "can": ["read"]}],
}
RESTORED: dict[str, Any] = {
    **CUSTOMER,
    "permissions": [
        {"role": "sales", "can": EVERYTHING, "where": "owner = ME()"},
        {"role": "supervisor", "can": [*EVERYTHING, "restore"]},
    ],
}

CARDS: dict[str, Any] = {
    "name": "cards",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "card", "type": "text", "mask": "card"},
        {"name": "cost", "type": "money"},
        {"name": "pin", "type": "secret"},
        {"name": "sealed", "type": "text", "encrypted": True},
        {"name": "rows", "type": "lines", "fields": [
            {"name": "what", "type": "text"}, {"name": "card", "type": "text", "mask": "card"},
            {"name": "cost", "type": "money"}, {"name": "pin", "type": "secret"},
            {"name": "parts", "type": "lines", "fields": [
                {"name": "key", "type": "text", "mask": "all"}, {"name": "cost", "type": "money"},
            ]},
        ]},
    ],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "reveal"]},
        {"role": "sales", "can": EVERYTHING, "hide": ["cost", "rows.cost", "rows.parts.cost"]},
    ],
}  # fmt: skip


@pytest.mark.requirement("SP18", "F26")
def test_a_version_is_restored(database_url: str) -> None:
    """Fields, links and rows are what they were, removed rows come back, and what follows is computed anew."""
    with firm(database_url, NOTE, CUSTOMER, QUOTE) as app:
        one, two = (app.create("ann", "customer", name=name) for name in "ab")
        rows = [{"what": "x", "many": 1}, {"what": "y", "many": 2}, {"what": "z", "many": 3}]
        note = app.create("ann", "note", text="first", amount="1.50", about=[one, two], items=rows)

        def now() -> dict[str, Any]:
            found = app.ask("ann", "records.get", type="note", id=note)
            lines = [(row["what"], int(row["many"])) for row in found["items"]]
            kept = {name: found[name] for name in ("text", "amount", "all")}
            return {**kept, "about": sorted(found["about"]), "rows": lines}

        first = now()
        kept = app.ask("ann", "records.get", type="note", id=note)["items"]
        for values in (
            {"text": "second", "about": [two]},
            {"amount": None, "items": [{"id": kept[2]["id"], "many": 9}, {"what": "new", "many": 5}]},
            {"text": "third", "items": []},
        ):
            app.ask("ann", "records.update", type="note", id=note, values=values)
        app.ask("ann", "records.restore", type="note", id=note, version=1)
        assert now() == first
        app.ask("ann", "records.restore", type="note", id=note, version=3)
        assert now() == {"text": "second", "amount": None, "about": [two], "rows": [("z", 9), ("new", 5)], "all": 28}
        assert len(app.ask("ann", "records.history", type="note", id=note)) == 6
        app.ask("ann", "records.delete", type="customer", id=one)
        with pytest.raises(Rejected) as refused:  # what it was about is gone
            app.ask("ann", "records.restore", type="note", id=note, version=1)
        assert {each.pointer.split("/")[1] for each in refused.value.problems} == {"about"}
        app.ask("ann", "records.restore", type="note", id=note, version=1, fields=("text", "items"))
        assert now() == {**first, "amount": None, "about": [two]}
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "records.restore", type="note", id=note, version=1, fields=("txt",))
        assert ("records.unknown-field", "text") == (
            refused.value.problems[0].code,
            refused.value.problems[0].values["near"],
        )
        with pytest.raises(NotFound):
            app.ask("ann", "records.restore", type="note", id=note, version=99)
        with pytest.raises(Forbidden):
            app.ask("rea", "records.restore", type="note", id=note, version=1)


def test_a_deleted_record_is_brought_back(database_url: str) -> None:
    """By whoever may restore, or deleted it and may delete it, once, unless its place was taken; and the history says
    so."""
    with firm(database_url, RESTORED) as app:
        one = app.create("ann", "customer", name="a", email="a@b.cn")
        app.ask("boss", "records.delete", type="customer", id=one)
        with pytest.raises(Forbidden):
            app.ask("ann", "records.undelete", type="customer", id=one)
        with pytest.raises(NotFound):
            app.ask("ben", "records.undelete", type="customer", id=one)
        app.ask("boss", "records.undelete", type="customer", id=one)
        app.ask("ann", "records.delete", type="customer", id=one)
        app.ask("ann", "records.undelete", type="customer", id=one)
        assert app.ask("boss", "records.history", type="customer", id=one)[0]["kind"] == "restored"
        assert app.ask("ann", "records.get", type="customer", id=one)["name"] == "a"
        with pytest.raises(NotFound):
            app.ask("boss", "records.undelete", type="customer", id=one)
        app.ask("ann", "records.delete", type="customer", id=one)
        app.create("ann", "customer", name="b", email="a@b.cn")
        with pytest.raises(Rejected) as taken:
            app.ask("boss", "records.undelete", type="customer", id=one)
        assert taken.value.problems[0].code == "records.taken"


@pytest.mark.requirement("SP18", "SP14")
def test_who_sees_masks_restores_what_is_under_them(database_url: str) -> None:
    """What was under a mask, or encrypted, comes back as it was, in rows too; what is hidden stays as it is, and in a
    row that comes back is what it was. Nobody is told more by it, and none of it may be set by hand."""
    first, second = "6222000011112222", "6222000099998888"
    with firm(database_url, CARDS, secrets={"ENCRYPTION_KEYS": new_key("a")}) as app:

        def told(login: str = "boss") -> list[Any]:
            found = app.ask(login, "records.get", type="cards", id=made)
            rows = [
                (row["what"], row["card"], str(row.get("cost")), row["pin"],
                 [(each["key"], str(each.get("cost"))) for each in row["parts"]])
                for row in found["rows"]
            ]  # fmt: skip
            return [found["title"], found["card"], str(found.get("cost")), found["sealed"], rows]

        rows = [{"what": "a", "card": first, "cost": 1, "pin": "11", "parts": [{"key": "k", "cost": 2}]},
                {"what": "b", "card": second, "cost": 3, "parts": [{"key": "l", "cost": 4}]}]  # fmt: skip
        made = app.create("boss", "cards", title="x", card=first, cost=5, pin="1", sealed="s", rows=rows)
        row = app.ask("boss", "records.get", type="cards", id=made)["rows"][0]["id"]
        changed = {"id": row, "what": "A", "card": second, "cost": 6, "pin": "22", "parts": []}
        values = {"title": "y", "card": second, "cost": 7, "pin": "2", "sealed": "t", "rows": [changed]}
        app.ask("boss", "records.update", type="cards", id=made, values=values)

        seen = app.ask("ann", "records.restore", type="cards", id=made, version=1, seen=2)
        assert told() == ["x", first, "7.00", "s", [
            ("a", first, "6.00", "********", [("k", "2.00")]), ("b", second, "3.00", None, [("l", "4.00")]),
        ]]  # fmt: skip
        assert told("ann")[4] == [
            ("a", "6222********2222", "None", "********", [("********", "None")]),
            ("b", "6222********8888", "None", None, [("********", "None")]),
        ]
        assert (seen["card"], "cost" in seen, "cost" in seen["rows"][1]) == ("6222********2222", False, False)
        for field, of in (("pin", {}), ("rows.pin", {"row": row})):
            kept = app.ask("boss", "records.reveal", type="cards", id=made, field=field, **of)
            assert kept == ("1" if field == "pin" else "11")
        with pytest.raises(Rejected) as refused:
            new = {"what": "c", "cost": 9, "parts": [{"cost": 9}]}
            app.ask("ann", "records.update", type="cards", id=made, values={"rows": [new]})
        assert [each.pointer for each in refused.value.problems] == ["/rows/0/cost", "/rows/0/parts/0/cost"]


VAULT: dict[str, Any] = {
    "name": "vault",
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "card", "type": "text", "encrypted": "searchable", "mask": "card", "search": True,
         "privacy": {"purpose": "payment", "basis": "contract"}},
        {"name": "pin", "type": "secret"},
        {"name": "door", "type": "password", "min_length": 4},
        {"name": "rows", "type": "lines", "fields": [
            {"name": "what", "type": "text"}, {"name": "key", "type": "text", "encrypted": True},
            {"name": "pin", "type": "secret"},
            {"name": "parts", "type": "lines", "fields": [{"name": "code", "type": "text", "encrypted": True}]},
        ]},
    ],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "reveal", "privacy"]}, {"role": "sales", "can": EVERYTHING},
        {"role": "reader", "can": ["read"]},
    ],
}  # fmt: skip


@pytest.mark.requirement("F26", "SP15", "X20")
def test_what_was_encrypted_comes_back_with_its_version(database_url: str) -> None:
    """In the record, in rows that are there, and in rows that were removed; nobody is shown it by the way, it is
    sealed where it is kept, and what cannot come back is named."""
    with firm(database_url, VAULT, secrets={"ENCRYPTION_KEYS": new_key("a")}) as app:
        rows = [
            {"what": "x", "key": "k1", "pin": "p1", "parts": [{"code": "c1"}]},
            {"what": "y", "key": "k2", "pin": None, "parts": [{"code": "c2"}]},
        ]
        made = app.create("boss", "vault", title="v", card="6222020200112233", pin="s1", door="open1", rows=rows)

        def now() -> tuple[Any, ...]:
            found = app.ask("boss", "records.get", type="vault", id=made)
            shown = [
                (row["what"], row["key"], app.ask("boss", "records.reveal", type="vault", id=made, field="rows.pin",
                 row=row["id"]), [part["code"] for part in row["parts"]])
                for row in found["rows"]
            ]  # fmt: skip
            return found["card"], app.ask("boss", "records.reveal", type="vault", id=made, field="pin"), shown

        whole = now()
        assert whole == ("6222020200112233", "s1", [("x", "k1", "p1", ["c1"]), ("y", "k2", None, ["c2"])])
        one, two = (row["id"] for row in app.ask("boss", "records.get", type="vault", id=made)["rows"])
        app.ask(
            "boss", "records.update", type="vault", id=made,
            values={"card": "6222020200999999", "pin": None, "rows": [{"id": one, "key": "k9"}, {"id": two}]},
        )  # fmt: skip
        app.ask("boss", "records.update", type="vault", id=made, values={"card": None, "rows": [{"id": two}]})
        app.ask("boss", "records.update", type="vault", id=made, values={"rows": [], "door": "open2"})
        with app.host.session(APP) as context:
            kept = [row["value"] for row in context.unit.fetch(sa.select(t.former))]
        assert len(kept) == 9 and all(each.startswith("enc1:a:") for each in kept)
        told = str(app.ask("boss", "records.history", type="vault", id=made))
        assert not [each for each in ("k1", "k2", "p1", "c1", "s1", "6222", "enc1") if each in told]
        answer = app.ask("ann", "records.restore", type="vault", id=made, version=1)  # who sees it under its mask
        assert (answer["_left"], answer["card"]) == (["door"], "6222********2233")
        assert now() == whole
        assert app.ask(None, "records.verify_password", type="vault", id=made, field="door", password="open2")
        assert app.ask("boss", "records.list", type="vault", search="6222020200112233")["items"]
        assert app.ask("boss", "records.restore", type="vault", id=made, version=2)["_left"] == ["door"]
        assert now() == ("6222020200999999", None, [("x", "k9", "p1", ["c1"]), ("y", "k2", None, ["c2"])])
        assert app.ask("boss", "records.restore", type="vault", id=made, version=1, fields=("title",))["_left"] == []
        app.ask("boss", "forms.erase", form="vault", id=made, do="anonymise", reason="asked to")
        with app.host.session(APP) as context:
            assert context.unit.fetch(sa.select(t.former)) == []


def test_kept_values_follow_keys(database_url: str) -> None:
    """A new key seals them anew; what no key opens is named, and not restored as something else."""
    first, second, other = new_key("a"), new_key("b"), new_key("c")
    with firm(database_url, VAULT, secrets={"ENCRYPTION_KEYS": first}) as app:
        made = app.create("boss", "vault", card="6222020200112233", pin="s1")
        app.ask("boss", "records.update", type="vault", id=made, values={"card": "6222020200999999", "pin": None})
    with firm(database_url, VAULT, secrets={"ENCRYPTION_KEYS": f"{second}, {first}"}) as app:
        app.ask(None, "records.reencrypt", type="vault")
    with firm(database_url, VAULT, secrets={"ENCRYPTION_KEYS": second}) as app:
        assert app.ask("boss", "records.restore", type="vault", id=made, version=1)["_left"] == []
        assert app.ask("boss", "records.get", type="vault", id=made)["card"] == "6222020200112233"
        app.ask("boss", "records.update", type="vault", id=made, values={"card": None, "pin": None})
    with firm(database_url, VAULT, secrets={"ENCRYPTION_KEYS": other}) as app:
        assert app.ask("boss", "records.restore", type="vault", id=made, version=3)["_left"] == ["card", "pin"]
        assert app.ask("boss", "records.get", type="vault", id=made)["card"] is None


def test_what_is_not_theirs_to_set_is_named(database_url: str) -> None:
    """Read-only fields that changed since stay as they are, and are said; what is kept from somebody is not."""
    form = {
        "name": "order", "label": "title",
        "fields": [{"name": "title", "type": "text"}, {"name": "paid", "type": "money", "read_only": True},
                   {"name": "margin", "type": "money", "read_only": True},
                   {"name": "twice", "type": "formula", "expression": "paid * 2"}],
        "permissions": [{"role": "sales", "can": EVERYTHING, "hide": ["margin"], "read_only": ["owner"]},
                        {"role": "supervisor", "can": EVERYTHING}],
    }  # fmt: skip
    with firm(database_url, form) as app:
        made = app.create("boss", "order", title="one")
        app.ask(None, "records.update", type="order", id=made, values={"title": "two", "paid": 5, "margin": 1})
        answer = app.ask("ann", "records.restore", type="order", id=made, version=1)
        assert (answer["title"], answer["_fixed"], answer["_left"]) == ("one", ["paid"], [])
        assert app.ask("boss", "records.restore", type="order", id=made, version=1)["_fixed"] == ["margin", "paid"]
        app.ask(None, "records.update", type="order", id=made, values={"owner": app.person("ben")})
        assert app.ask("ann", "records.restore", type="order", id=made, version=1)["_fixed"] == ["owner", "paid"]


def test_columns_of_rows_that_are_not_theirs_to_set_are_named(database_url: str) -> None:
    """By their way, in rows of rows too; a row that comes back comes whole; what is kept from somebody is not said."""
    parts = {"name": "parts", "type": "lines", "fields": [
        {"name": "key", "type": "text"}, {"name": "seal", "type": "text", "read_only": True},
    ]}  # fmt: skip
    rows = {"name": "rows", "type": "lines", "fields": [
        {"name": "what", "type": "text"}, {"name": "paid", "type": "money", "read_only": True},
        {"name": "rate", "type": "integer"}, {"name": "margin", "type": "money"},
        {"name": "code", "type": "text", "encrypted": True, "read_only": True}, parts,
    ]}  # fmt: skip
    form = {
        "name": "order", "label": "title", "fields": [{"name": "title", "type": "text"}, rows],
        "permissions": [
            {"role": "sales", "can": EVERYTHING, "hide": ["rows.margin"], "read_only": ["rows.rate"]},
            {"role": "supervisor", "can": [*EVERYTHING, "reveal"]},
        ],
    }  # fmt: skip
    with firm(database_url, form, secrets={"ENCRYPTION_KEYS": new_key()}) as app:
        first = [
            {"what": "a", "paid": 1, "rate": 1, "margin": 1, "code": "x", "parts": [{"key": "k", "seal": "s"}]},
            {"what": "b", "paid": 1, "rate": 1, "margin": 1, "code": "x", "parts": []},
        ]
        made = app.ask(None, "records.create", type="order", values={"title": "one", "rows": first})["id"]
        kept = app.ask(None, "records.get", type="order", id=made)["rows"]
        changed = {
            **{name: kept[0][name] for name in ("id", "what")}, "what": "c", "paid": 2, "rate": 2, "margin": 2,
            "code": "y", "parts": [{"id": kept[0]["parts"][0]["id"], "key": "l", "seal": "t"}],
        }  # fmt: skip
        app.ask(None, "records.update", type="order", id=made, values={"rows": [changed]})
        answer = app.ask("ann", "records.restore", type="order", id=made, version=1)
        assert answer["_fixed"] == ["rows.code", "rows.paid", "rows.parts.seal", "rows.rate"]
        now = app.ask("boss", "records.get", type="order", id=made)["rows"]
        told = [[str(row[name]) for name in ("what", "paid", "rate", "margin", "code")] for row in now]
        assert told == [["a", "2.00", "2", "2.00", "y"], ["b", "1.00", "1", "1.00", "x"]]
        assert [[(part["key"], part["seal"]) for part in row["parts"]] for row in now] == [[("k", "t")], []]
