"""A merge is taken back: what was, is again, and what happened since stays and is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations.taking_back import taken_back
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.storage import tables as t
from tests.forms.firm import CUSTOMER, EVERYTHING, QUOTE, Firm, firm

CASES = json.loads(Path(__file__).with_name("taken_back.json").read_text())
LINKED = [
    {"name": "of", "type": "link", "to": "customer"},
    {"name": "text", "type": "text"},
    {"name": "inner", "type": "lines", "fields": [{"name": "by", "type": "link", "to": "customer"}]},
]
NOTE: dict[str, Any] = {
    "name": "note",
    "label": "text",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "number", "type": "integer"},
        {"name": "tags", "type": "tags"},
        {"name": "about", "type": "link_any", "to": ["customer", "quote"]},
        {"name": "all", "type": "links", "to": "customer"},
        {"name": "parts", "type": "lines", "fields": LINKED},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": [*EVERYTHING, "purge"]}],
}
SUPERVISED = {
    **CUSTOMER,
    "permissions": [
        {"role": "sales", "can": EVERYTHING}, {"role": "supervisor", "can": [*EVERYTHING, "restore", "purge"]},
        {"role": "reader", "can": ["read"]},
    ],
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, SUPERVISED, QUOTE, NOTE) as found:
        yield found


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_one_change_is_taken_out_of_what_came_since(case: dict[str, Any]) -> None:
    """By fields, sets, rows and cells; what somebody changed since stays and is named."""
    with firm("sqlite:///:memory:", SUPERVISED, QUOTE, NOTE) as found:
        kept: list[str] = []
        values = taken_back(found.host.types["note"], case["before"], case["after"], case["now"], kept)
    assert (values, kept) == (case["values"], case.get("kept", []))


def whole(app: Firm, form: str, *ids: int) -> list[dict[str, Any]]:
    """Records without what every save changes; rows without their ids."""
    found = []
    for identity in ids:
        values = app.ask(None, "records.get", type=form, id=identity)
        rows = [{name: row[name] for name in ("of", "text")} for row in values.get("parts", ())]
        left = {name: value for name, value in values.items() if name not in ("version", "updated_at", "updated_by")}
        found.append({**left, "parts": rows})
    return found


@pytest.mark.requirement("SF11", "SF12")
def test_a_merge_is_taken_back_whole(app: Firm) -> None:
    """Values, tags, links in every place, comments, and what may occur once are what they were; once."""
    one = app.create("ann", "customer", name="Acme", tags=["a"], email="a@b.cn")
    two = app.create("ann", "customer", name="ACME", phone="13800138000", tags=["b"], grade="a", secret="s")
    three = app.create("ann", "customer", name="GmbH", budget="5", email="c@b.cn")
    branch = app.create("ann", "customer", name="Branch", head=two)
    quote = app.create("ann", "quote", customer=two)
    parts = [{"of": two, "text": "x", "inner": [{"by": three}]}, {"of": one, "text": "y"}]
    note = app.create("ann", "note", text="n", about=f"customer/{three}", all=[one, two], parts=parts)
    app.ask("ann", "forms.comment", form="customer", id=two, text="hello")
    before = [whole(app, "customer", one, two, three, branch), whole(app, "quote", quote), whole(app, "note", note)]
    made = app.ask("ann", "forms.merge", form="customer", into=one, others=(two, three), take={"email": three})
    listed = app.ask("ann", "forms.merges", form="customer", id=one)["items"]
    assert [(each["id"], [other["id"] for other in each["others"]]) for each in listed] == [
        (made["merge"], [two, three])
    ]
    binned = app.ask("ann", "forms.list_deleted")["items"]
    assert [(each["id"], each["cause"], each["of"]) for each in binned] == [
        (three, "merge", made["merge"]), (two, "merge", made["merge"]),
    ]  # fmt: skip
    for login, refusal in (("ben", Forbidden), ("rea", Forbidden)):
        for dry_run in (True, False):
            with pytest.raises(refusal):
                app.ask(login, "forms.undo_merge", merge=made["merge"], dry_run=dry_run)
    told = app.ask("ann", "forms.undo_merge", merge=made["merge"], dry_run=True)
    undone = app.ask("ann", "forms.undo_merge", merge=made["merge"])
    assert undone == told and undone["kept"] == [] and undone["moved"] == 3
    assert before == [
        whole(app, "customer", one, two, three, branch), whole(app, "quote", quote), whole(app, "note", note),
    ]  # fmt: skip
    with app.host.database.reading() as unit:
        assert [(each["record_id"], each["text"]) for each in unit.fetch(sa.select(t.comment))] == [(two, "hello")]
    assert app.ask("ann", "records.history", type="customer", id=one)[0]["kind"] == "unmerged"
    assert app.ask("ann", "forms.merges", form="customer", id=one)["items"] == []
    with pytest.raises(NotFound):
        app.ask("ann", "forms.undo_merge", merge=made["merge"])


def test_what_was_changed_since_a_merge_stays_and_is_told(app: Firm) -> None:
    """On the record that stayed and on what pointed at the others; what was deleted for good hinders it."""
    one, two = (app.create("boss", "customer", name=name) for name in ("a", "b"))
    app.ask("boss", "records.update", type="customer", id=two, values={"grade": "a", "budget": "5", "tags": ["x"]})
    branches = [app.create("boss", "customer", name=name, head=two) for name in ("c", "d")]
    made = app.ask("ann", "forms.merge", form="customer", into=one, others=(two,))["merge"]
    app.ask("ann", "records.update", type="customer", id=one, values={"budget": "7", "tags": ["x", "y"]})
    app.ask("ann", "records.update", type="customer", id=branches[0], values={"head": branches[1]})
    undone = app.ask("boss", "forms.undo_merge", merge=made)
    assert [(each["id"], each["field"]) for each in undone["kept"]] == [(one, "budget"), (branches[0], "head")]
    now = app.ask("boss", "records.get", type="customer", id=one)
    assert (str(now["budget"]), now["grade"], now["tags"]) == ("7.00", None, ["y"])
    heads = [app.ask("boss", "records.get", type="customer", id=each)["head"] for each in branches]
    assert heads == [branches[1], two]
    again = app.ask("boss", "forms.merge", form="customer", into=one, others=(two,))["merge"]
    app.ask("boss", "records.delete", type="customer", id=one)
    with pytest.raises(Conflict) as gone:
        app.ask("boss", "forms.undo_merge", merge=again)
    app.ask("boss", "records.undelete", type="customer", id=one)
    app.ask("boss", "forms.purge", form="customer", ids=(two,), count=1)
    with pytest.raises(Conflict) as purged:
        app.ask("boss", "forms.undo_merge", merge=again)
    codes = [each.value.problems[0].code for each in (gone, purged)]
    assert codes == ["forms.merged-since", "forms.merged-and-purged"]


def test_what_was_deleted_since_a_merge_is_told_and_what_may_not_be_read_is_counted(database_url: str) -> None:
    """A note in the bin keeps what it names, and is named to whoever may read it; to others it is a number."""
    own = {"role": "sales", "can": EVERYTHING, "where": "owner = ME()"}
    with firm(database_url, SUPERVISED, QUOTE, {**NOTE, "permissions": [own]}) as app:
        one, two = (app.create("ann", "customer", name=name) for name in ("a", "b"))
        hers, his = (app.create(login, "note", text=login, all=[two]) for login in ("ann", "ben"))
        made = app.ask("ann", "forms.merge", form="customer", into=one, others=(two,))["merge"]
        for login, note in (("ann", hers), ("ben", his)):
            app.ask(login, "records.delete", type="note", id=note)
        told = {"form": "note", "id": hers, "field": "all", "label": "ann"}
        for dry_run in (True, False):
            found = app.ask("ann", "forms.undo_merge", merge=made, dry_run=dry_run)
            assert (found["kept"], found["unseen"], found["moved"]) == ([told], 1, 0)


def test_a_merge_is_taken_back_as_it_was_looked_at_before(app: Firm) -> None:
    """A value that is taken meanwhile is said before it is done; a record that was brought back and deleted on purpose
    is not there again by it; who neither merged nor may `restore` is refused, though nothing is deleted any more."""
    one, two = app.create("ann", "customer", name="a"), app.create("ann", "customer", name="b", email="b@b.cn")
    made = app.ask("ann", "forms.merge", form="customer", into=one, others=(two,), take={"email": one})["merge"]
    taken = app.create("ann", "customer", name="c", email="b@b.cn")
    for dry_run in (True, False):
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "forms.undo_merge", merge=made, dry_run=dry_run)
        assert [each.code for each in refused.value.problems] == ["records.taken"]
    app.ask("ann", "records.update", type="customer", id=taken, values={"email": None})
    app.ask("boss", "forms.bring_back", form="customer", ids=(two,))
    for dry_run in (True, False):
        with pytest.raises(Forbidden):
            app.ask("ben", "forms.undo_merge", merge=made, dry_run=dry_run)
    app.ask("ann", "records.delete", type="customer", id=two)
    for dry_run in (True, False):
        with pytest.raises(Conflict) as again:
            app.ask("ann", "forms.undo_merge", merge=made, dry_run=dry_run)
        assert again.value.problems[0].code == "forms.merged-and-deleted"
    app.ask("ann", "forms.bring_back", form="customer", ids=(two,))
    assert app.ask("ann", "forms.undo_merge", merge=made)["kept"] == []


def test_a_merge_is_taken_back_after_a_form_was_renamed(database_url: str) -> None:
    """What named the records is known by its form, whatever that is called by now; what is purged is not."""
    note = {**NOTE, "id": "note"}
    with firm(database_url, SUPERVISED, QUOTE, note) as app:
        one, two = (app.create("ann", "customer", name=name) for name in ("a", "b"))
        kept, gone = (app.create("ann", "note", text=text, all=[two]) for text in ("kept", "gone"))
        made = app.ask("ann", "forms.merge", form="customer", into=one, others=(two,))["merge"]
        app.ask("ann", "records.delete", type="note", id=gone)
        app.ask("ann", "forms.purge", form="note", ids=(gone,), count=1)
    with firm(database_url, SUPERVISED, QUOTE, {**note, "name": "memo", "was": "note"}) as app:
        assert app.ask("ann", "forms.undo_merge", merge=made)["moved"] == 1
        assert app.ask("ann", "records.get", type="memo", id=kept)["all"] == [two]
