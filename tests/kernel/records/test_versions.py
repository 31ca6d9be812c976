"""A record as it was, and back from the dead."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
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
    """By whoever may restore, once, unless its place was taken; and the history says so."""
    with firm(database_url, RESTORED) as app:
        one = app.create("ann", "customer", name="a", email="a@b.cn")
        app.ask("ann", "records.delete", type="customer", id=one)
        with pytest.raises(Forbidden):
            app.ask("ann", "records.undelete", type="customer", id=one)
        app.ask("boss", "records.undelete", type="customer", id=one)
        assert app.ask("boss", "records.history", type="customer", id=one)[0]["kind"] == "restored"
        assert app.ask("ann", "records.get", type="customer", id=one)["name"] == "a"
        with pytest.raises(NotFound):
            app.ask("boss", "records.undelete", type="customer", id=one)
        app.ask("ann", "records.delete", type="customer", id=one)
        app.create("ann", "customer", name="b", email="a@b.cn")
        with pytest.raises(Rejected) as taken:
            app.ask("boss", "records.undelete", type="customer", id=one)
        assert taken.value.problems[0].code == "records.taken"
