"""What was deleted: who finds it in the bin, how it comes back, and how it goes for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.storage import tables as t
from lowcode.web.forms import describe_form
from tests.forms.firm import CUSTOMER, EVERYTHING, QUOTE, START, Firm, firm

BIN: dict[str, Any] = {
    **CUSTOMER,
    "keep_deleted_days": 30,
    "permissions": [
        {"role": "sales", "can": EVERYTHING, "where": "owner = ME()", "hide": ["secret"]},
        {"role": "supervisor", "can": [*EVERYTHING, "restore", "purge"]},
        {"role": "reader", "can": ["read"]},
    ],
}
NOTE: dict[str, Any] = {
    "name": "note",
    "label": "text",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "about", "type": "link_any", "to": ["customer", "quote"]},
        {"name": "all", "type": "links", "to": "customer"},
        {"name": "parts", "type": "lines", "fields": [
            {"name": "of", "type": "link", "to": "customer"},
            {"name": "inner", "type": "lines", "fields": [{"name": "by", "type": "link", "to": "customer"}]},
        ]},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": [*EVERYTHING, "restore", "purge"]}],
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Iterator[Firm]:
    with firm(database_url, BIN, QUOTE, NOTE, clock=FrozenClock(START)) as found:
        yield found


def later(app: Firm, **how: float) -> None:
    """Time goes on."""
    clock: Any = app.host.clock
    clock.set(clock.now() + timedelta(**how))


def deleted(app: Firm, login: str, form: str, **values: Any) -> int:
    """A record that was there and was deleted by the same person."""
    made = app.create(login, form, **values)
    app.ask(login, "records.delete", type=form, id=made)
    later(app, seconds=1)
    return made


def names(app: Firm, login: str, **asked: Any) -> list[str]:
    """What somebody finds in the bin."""
    return [each["label"] for each in app.ask(login, "forms.list_deleted", **asked)["items"]]


@pytest.mark.requirement("SF06", "SP18")
def test_everybody_finds_what_they_may_bring_back(app: Firm) -> None:
    """The newest first, over all forms: what one may restore, or deleted oneself; nothing one could not read before."""
    first = deleted(app, "ann", "customer", name="first")
    deleted(app, "ben", "customer", name="second")
    mine = app.create("ann", "customer", name="third")
    app.ask("boss", "records.delete", type="customer", id=mine)
    later(app, seconds=1)
    deleted(app, "ben", "note", text="fourth")
    app.create("ann", "customer", name="alive")
    found = {login: names(app, login) for login in ("ann", "ben", "boss", "rea")}
    assert found == {
        "ann": ["fourth", "first"], "ben": ["fourth", "second"], "boss": ["fourth", "third", "second", "first"],
        "rea": [],
    }  # fmt: skip
    assert names(app, "boss", form="customer", search="sec") == ["second"]
    assert names(app, "boss", mine=True) == ["third"]
    one = app.ask("ann", "forms.list_deleted", form="customer")["items"][0]
    assert one == {
        "id": first, "form": "customer", "label": "first", "version": 2, "at": START, "cause": "person", "of": None,
        "with": None, "by": {"id": app.person("ann"), "label": "Ann"}, "goes_at": START + timedelta(days=30),
        "can": {"restore": True, "purge": False},
    }  # fmt: skip
    assert app.ask("rea", "forms.list_deleted")["forms"] == []
    with pytest.raises(NotFound):
        app.ask("rea", "records.undelete", type="note", id=1)
    for login, wanted in (("ann", Forbidden), ("ben", NotFound)):
        with pytest.raises(wanted):
            app.ask(login, "records.undelete", type="customer", id=mine)
    assert [each["id"] for each in app.ask("ann", "forms.bring_back", form="customer", ids=(first,))["restored"]] == [
        first
    ]
    assert app.ask("ann", "records.get", type="customer", id=first)["name"] == "first"


def test_pages_go_on_over_forms_where_the_last_ended(app: Firm) -> None:
    """Also among records that were deleted in the same moment, of several forms; a place that is none is refused."""
    for number in range(3):
        for form, name in (("customer", "name"), ("note", "text")):
            made = app.create("boss", form, **{name: f"{form} {number}"})
            app.ask("boss", "records.delete", type=form, id=made)
    deleted(app, "boss", "quote", customer=app.create("boss", "customer", name="there"))
    whole = names(app, "boss")
    found: list[str] = []
    after = None
    while True:
        page = app.ask("boss", "forms.list_deleted", limit=2, after=after)
        found += [each["label"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == whole and len(found) == 7
    for wrong in ("x", '["2026-01-01",1,2]', '["2026-01-01T00:00:00+00:00","note",-1]', "[]"):
        with pytest.raises(Rejected):
            app.ask("boss", "forms.list_deleted", after=wrong)


@pytest.mark.requirement("SF06")
def test_what_is_linked_comes_back_together_and_what_hinders_is_said_before(app: Firm) -> None:
    """A value that was taken meanwhile, what is linked and deleted (in rows as well), what is linked and gone."""
    head = deleted(app, "boss", "customer", name="Head")
    parent, purged, inner = (app.create("boss", "customer", name=name) for name in ("Parent", "Purged", "Inner"))
    one = app.create("boss", "customer", name="One", email="a@b.cn", head=parent)
    rows = [{"of": one, "inner": [{"by": inner}]}, {"of": purged}]
    note = app.create("boss", "note", text="note", about=f"customer/{one}", all=[purged, parent], parts=rows)
    for form, each in (("note", note), ("customer", one), ("customer", purged), ("customer", parent),
                       ("customer", inner)):  # fmt: skip
        app.ask("boss", "records.delete", type=form, id=each)
    assert app.ask("boss", "forms.purge", form="customer", ids=(purged,), count=1)["purged"] == 1
    found = app.ask("boss", "forms.check_return", form="note", ids=(note,))
    assert [(each["id"], each["label"], each["problems"]) for each in found["linked"]] == [
        (parent, "Parent", []), (inner, "Inner", []), (one, "One", []),
    ]  # fmt: skip
    assert found["gone"] == [{"id": note, "path": "parts.of", "form": "customer"}]
    assert found["records"] == [{"form": "note", "id": note, "label": "note", "problems": []}]
    taken = app.create("boss", "customer", name="Other", email="a@b.cn")
    told = app.ask("boss", "forms.check_return", form="customer", ids=(one,))["records"][0]
    assert [(each["code"], each["pointer"]) for each in told["problems"]] == [("records.taken", "/email")]
    back = app.ask("boss", "forms.bring_back", form="note", ids=(note,), together=True)
    assert {each["label"] for each in back["restored"]} == {"note", "Parent", "Inner"}
    assert [(each["label"], each["problems"][0]["code"]) for each in back["refused"]] == [("One", "records.taken")]
    app.ask("boss", "records.delete", type="customer", id=taken)
    app.ask("boss", "forms.bring_back", form="customer", ids=(one, head))
    got = app.ask("boss", "records.get", type="note", id=note)
    assert (got["all"], got["parts"][0]["of"]) == ([parent], one)
    assert names(app, "boss") == ["Other"]


def test_many_are_deleted_in_one_step_and_come_back_in_one(app: Firm) -> None:
    """Each for itself: what is refused is named; the bin says that it was many, until they were there again."""
    ids = [app.create("ann", "customer", name=name) for name in "abc"]
    other = app.create("ben", "customer", name="d")
    app.ask("ann", "records.update", type="customer", id=ids[2], values={"name": "cc"})
    found = app.ask("ann", "forms.delete_many", form="customer", ids=(*ids, other), versions=(1, 1, 1, 1))
    assert found["deleted"] == ids[:2] and [each["id"] for each in found["refused"]] == [ids[2], other]
    assert [each["cause"] for each in app.ask("ann", "forms.list_deleted")["items"]] == ["many"] * 2
    back = app.ask("ann", "forms.bring_back", form="customer", ids=(*ids[:2], other))
    assert [each["label"] for each in back["restored"]] == ["a", "b"]
    assert [each["problems"][0]["code"] for each in back["refused"]] == ["records.not-found"]
    app.ask("ann", "records.delete", type="customer", id=ids[0])
    assert [each["cause"] for each in app.ask("ann", "forms.list_deleted")["items"]] == ["person"]


def test_what_may_not_be_seen_is_not_told_by_what_is_linked_to_it(database_url: str) -> None:
    """Neither through a deleted record that one could not read, nor by a field that is kept from one."""
    hidden = {"role": "sales", "can": [*EVERYTHING, "restore"], "where": "owner = ME()"}
    seen = {"role": "supervisor", "can": [*EVERYTHING, "restore", "purge"]}
    kept = ({**hidden, "hide": ["head"]}, {**hidden, "hide": ["about", "parts"]})
    forms = ({**BIN, "permissions": [kept[0], seen]}, QUOTE, {**NOTE, "permissions": [kept[1], seen]})
    with firm(database_url, *forms, clock=FrozenClock(START)) as app:
        mine = app.create("ann", "customer", name="mine")
        apart = app.create("ben", "customer", name="apart")
        secret = app.create("boss", "note", text="secret", about=f"customer/{mine}", all=[apart])
        own = app.create("boss", "note", text="own", about=f"customer/{apart}", parts=[{"of": mine}])
        branch = app.create("boss", "customer", name="branch", head=mine)
        for form, each in (("note", own), ("customer", branch)):
            app.ask("boss", "records.update", type=form, id=each, values={"owner": app.person("ann")})
        for form, each in (
            ("customer", mine),
            ("customer", apart),
            ("customer", branch),
            ("note", secret),
            ("note", own),
        ):
            app.ask("boss", "records.delete", type=form, id=each)
        for form, ids in (("note", (secret, own)), ("customer", (branch,))):
            told = app.ask("ann", "forms.check_return", form=form, ids=ids)
            assert (told["linked"], told["gone"]) == ([], [])
            back = app.ask("ann", "forms.bring_back", form=form, ids=ids, together=True)
            assert [each["id"] for each in back["restored"]] == [each for each in ids if each != secret]
            assert [each["id"] for each in back["refused"]] == [each for each in ids if each == secret]
        found = app.ask("boss", "forms.check_return", form="note", ids=(secret,))["linked"]
        assert [each["id"] for each in found] == [mine, apart]


def test_somebody_elses_save_at_the_same_moment_refuses_one_of_many(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL says it when the part or the transaction ends: the others are done all the same, and nobody is told
    that it is a fault."""
    with firm(postgresql_url, BIN, QUOTE) as app:
        ids = tuple(app.create("ann", "customer", name=name) for name in "abc")
        changed: list[str] = []

        def ask_beside(operation: str, **asked: Any) -> dict[str, Any]:
            with app.host.session(app.host.actor("boss")) as context:
                command = context.unit.command

                def meanwhile(text: str) -> None:
                    if text == "RELEASE part_1" and operation not in changed:
                        changed.append(operation)
                        beside = "records.update" if operation == "forms.delete_many" else "records.undelete"
                        more = {"values": {"name": "aa"}} if beside == "records.update" else {}
                        app.ask("boss", beside, type="customer", id=ids[0], **more)
                    command(text)

                monkeypatch.setattr(context.unit, "command", meanwhile)
                return dict(context.ask(operation, form="customer", ids=ids, **asked))

        told = ask_beside("forms.delete_many")
        assert told["deleted"] == list(ids[1:])
        assert [each["problems"][0]["code"] for each in told["refused"]] == ["records.changed-meanwhile"]
        app.ask("boss", "records.delete", type="customer", id=ids[0])
        told = ask_beside("forms.bring_back")
        assert [each["id"] for each in told["restored"]] == list(ids[1:])
        assert [each["problems"][0]["code"] for each in told["refused"]] == ["records.changed-meanwhile"]
        with pytest.raises(Conflict) as refused, app.host.session(app.host.actor("ann")) as context:
            context.ask("records.delete", type="customer", id=ids[1])
            app.ask("boss", "records.update", type="customer", id=ids[1], values={"name": "bb"})
        assert refused.value.problems[0].code == "records.changed-meanwhile"


@pytest.mark.requirement("SF06")
def test_what_is_purged_leaves_nothing(app: Firm) -> None:
    """Only by whoever may, with the number confirmed; what is there and linked to it holds it; then no table has it."""
    one = app.create("ann", "customer", name="One", tags=["a"])
    note = app.create("ann", "note", text="n", about=f"customer/{one}", parts=[{"of": one, "inner": [{"by": one}]}])
    app.ask("ann", "forms.comment", form="customer", id=one, text="hello")
    app.ask("ann", "forms.add_favourite", form="customer", record=one)
    app.ask("ann", "records.delete", type="customer", id=one)
    with pytest.raises(Forbidden):
        app.ask("ann", "forms.purge", form="customer", ids=(one,), count=1)
    with pytest.raises(Rejected) as refused:
        app.ask("boss", "forms.purge", form="customer", ids=(one,), count=2)
    assert refused.value.problems[0].code == "forms.another-count"
    held = app.ask("boss", "forms.purge", form="customer", ids=(one,), count=1)
    assert (held["purged"], held["refused"][0]["problems"][0]["code"]) == (0, "forms.still-linked")
    app.ask("ann", "records.delete", type="note", id=note)
    for form, each in (("note", note), ("customer", one)):
        assert app.ask("boss", "forms.purge", form=form, ids=(each,), count=1)["purged"] == 1
        with pytest.raises(NotFound):
            app.ask("boss", "forms.purge", form=form, ids=(each,), count=1)
    assert names(app, "boss") == []
    types = [app.host.types[each] for each in ("customer", "note")]
    left = [table for each in types for table in (each.table, each.history, *each.joins.values())]
    left += [rows.table for each in types for _, rows in each.rows_below]
    left += [t.comment, t.search]
    with app.host.database.reading() as unit:
        counts = {each.name: unit.one(sa.select(sa.func.count().label("n")).select_from(each)) for each in left}
    assert {name: row["n"] for name, row in counts.items() if row and row["n"]} == {}


def test_the_bin_is_emptied_when_its_days_are_over(app: Firm) -> None:
    """Of forms that say so, the oldest first; what is linked to stays. It counts from the deletion."""
    one, held = (deleted(app, "ann", "customer", name=name) for name in ("one", "held"))
    app.ask("boss", "forms.bring_back", form="customer", ids=(held,))
    app.create("ann", "note", text="n", all=[held])
    app.ask("ann", "records.delete", type="customer", id=held)
    later(app, days=29)
    young = deleted(app, "ann", "customer", name="young")
    deleted(app, "ann", "note", text="kept for ever")
    assert app.ask(None, "forms.empty_bin") == {"counts": {}}
    later(app, days=2)
    assert app.ask(None, "forms.empty_bin") == {"counts": {"customer": 1}}
    assert names(app, "boss") == ["kept for ever", "young", "held"]
    with app.host.session(app.host.actor("boss")) as context:
        table = app.host.types["customer"].table
        ids = [row["id"] for row in context.unit.fetch(sa.select(table.c.id).order_by(table.c.id))]
    assert one not in ids and ids == [held, young]


def test_the_page_knows_who_has_a_bin(app: Firm) -> None:
    """Who may bring back or delete for good finds it, also without being allowed to delete."""
    found: dict[str, set[str]] = {}
    for login in ("ann", "boss", "rea"):
        with app.host.database.reading() as unit:
            context = app.host.context(unit, app.host.actor(login))
            may = describe_form(context, app.host.app.plans["forms"].forms["customer"], {})["permissions"]
        found[login] = {each for each in ("delete", "restore", "purge") if may[each]}
    assert found == {"ann": {"delete"}, "boss": {"delete", "restore", "purge"}, "rea": set()}


def test_the_bin_is_emptied_a_page_at_a_time_and_the_index_of_words_after_it(
    app: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page in a transaction of its own; who purges does not wait until the words are out of the whole index."""
    monkeypatch.setattr("lowcode.forms.operations.purging.BATCH", 2)
    ids = [app.create("ann", "customer", name=f"wordsofone{each}") for each in "abcde"]
    app.ask("ann", "forms.delete_many", form="customer", ids=tuple(ids))
    later(app, days=31)
    assert app.ask(None, "forms.empty_bin") == {"counts": {"customer": 2}}
    assert names(app, "boss") == ["wordsofonee", "wordsofoned", "wordsofonec"]
    app.host.settle()
    assert names(app, "boss") == []
    if app.host.database.dialect_name == "sqlite":
        with app.host.database.reading() as unit:
            index = app.host.database.table(t.search).name
            blocks = unit.rows(app.host.database.prepare(sa.text(f"SELECT block FROM {index}_fts_data")), {})
        assert not any(b"wordsofone" in bytes(block) for (block,) in blocks)


@pytest.mark.requirement("SF06")
def test_what_others_deleted_is_not_looked_through(app: Firm) -> None:
    """Somebody with few records among thousands that others deleted: an index leads to what they deleted themselves,
    and the page is the same as without it."""
    mine, other = deleted(app, "ann", "customer", name="mine"), deleted(app, "ben", "customer", name="other")
    table, database = app.host.types["customer"].table, app.host.database
    listed = [each for each in table.columns if each.name != "id"]
    with database.engine.begin() as connection:
        top, numbers = sa.literal(4000), sa.select(sa.literal(1).label("n")).cte(recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < top))
        many = sa.select(numbers.c.n + 1000, *listed).select_from(table.join(numbers, table.c.id == other))
        connection.execute(sa.insert(table).from_select(["id", *(each.name for each in listed)], many))
        connection.execute(sa.text("ANALYZE"))
    assert [each["id"] for each in app.ask("ann", "forms.list_deleted", form="customer")["items"]] == [mine]
    cached: Any = app.host._cache
    (statement,) = (each for key, each in cached.items() if key[:2] == ("deleted", "customer"))
    with app.host.session(app.host.actor("ann")) as context:
        given = {**moment_parameters(context, statement), "deleted_by": app.person("ann"), "page_limit": 51}
    text = statement.params(given).compile(database.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if database.dialect_name == "sqlite" else "EXPLAIN"
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"{explain} {text}".replace("?", "NULL")).fetchall()
    assert "customer__deleted_by" in str(plan)
