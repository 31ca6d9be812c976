"""Who is erased goes from what names no record, however many they are, and nobody else does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.tables import batch, draft, import_part, import_run, view
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.records.mentioned import forget_texts
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep
from tests.forms.firm import EVERYTHING, START, Firm, firm

PRIVACY = {"privacy": {"purpose": "call", "basis": "contract"}}
KNOWN = ("phone", "email", "badge")
PERSON: dict[str, Any] = {
    "name": "person", "label": "name",
    "fields": [
        {"name": "name", "type": "text", **PRIVACY},
        *({"name": each, "type": "text", **PRIVACY} for each in KNOWN),
        {"name": "age", "type": "integer"},
        {"name": "open", "type": "boolean"},
    ],
    "privacy": {
        "identify": list(KNOWN), "retention": [{"name": "former", "where": "open = false", "days": 1, "do": "erase"}],
    },
    "permissions": [{"role": ["sales", "supervisor"], "can": [*EVERYTHING, "privacy"]}],
}  # fmt: skip
MANY = 501


def brought(app: Firm, *lines: str, **options: Any) -> int:
    """A file of people, brought in as far as it goes."""
    name = options.pop("name", "people.csv")
    content = "\n".join(("name,phone,age", *lines)).encode()
    file = app.host.write(lambda unit: keep(app.host.context(unit, app.host.actor("ann")), name, "text/csv", content))
    run = int(app.ask("ann", "forms.start_import", form="person", file=file["id"], **options)["run"])
    app.host.settle()
    return run


def names(app: Firm, table: sa.Table) -> list[Any]:
    """What is kept in a table."""
    with app.host.database.reading() as unit:
        return unit.fetch(sa.select(table).order_by(table.c.id if "id" in table.c else table.c.run))


@pytest.mark.requirement("SP17", "X20")
def test_many_are_erased_in_one_night(database_url: str) -> None:
    """More than any statement has room for one by one, each known by several numbers; with them goes what was being
    filled in about them."""
    with firm(database_url, PERSON) as app:
        with app.host.session(APP) as context:
            for n in range(MANY):
                known = {each: f"{each} {n}" for each in KNOWN}
                context.ask("records.create", type="person", values={"name": f"P{n}", "open": False, **known})
        for n in (0, MANY - 1, MANY):
            app.ask("ann", "forms.save_draft", form="person", values={"badge": f"badge {n}"})
        clock: Any = app.host.clock
        clock.advance(timedelta(days=2))
        assert {"counts": {"person.former": MANY}} == app.ask(None, "forms.retain")
        assert [{"badge": f"badge {MANY}"}] == [each["values"] for each in names(app, draft)]


@pytest.mark.requirement("SP17", "X20")
def test_what_anybody_could_have_written_stays(database_url: str) -> None:
    """A text of a character or two names nobody, a number is a quantity, and a view that is kept can still be asked."""
    with firm(database_url, PERSON) as app:
        gone = app.create("ann", "person", name="Ann", phone="1", email="138001", badge="2025-01-01")
        kept: list[dict[str, Any]] = [{"name": "1"}, {"age": 138001}]
        made = [app.ask("ann", "forms.save_draft", form="person", values=each)["id"] for each in kept]
        looks = (("age", "is", 138001), ("name", "contains", "10 bolts"), ("name", "contains", "x138001"))
        conditions = [{"field": name, "operator": by, "value": each} for name, by, each in looks]
        day = {"field": "created_at", "operator": "is", "value": "2025-01-01"}
        for title, listed in (("Mine", conditions), ("Day", [*conditions, day])):
            filter_ = {"match": "any", "conditions": listed}
            app.ask("ann", "forms.save_view", form="person", title=title, view={"columns": [], "filter": filter_})
        app.ask("boss", "forms.erase", form="person", id=gone)
        assert made == [each["id"] for each in names(app, draft)]
        assert [conditions] * 2 == [each["looks"]["filter"]["conditions"] for each in names(app, view)]


@pytest.mark.requirement("SP17", "X20")
def test_others_keep_what_they_were_filling_in(database_url: str) -> None:
    """Drafts of records that are there are for those; what a field is called says nothing of anybody."""
    with firm(database_url, PERSON) as app:
        gone = app.create("ann", "person", name="Ann", phone="phone", email="13800138000", badge=" Zoë@Firm.DE")
        other = app.create("ann", "person", name="Bob", phone="1")
        drafts: list[dict[str, Any]] = [
            {"values": {"phone": "13800138000"}},
            {"values": {"name": {"inner": ["x", "13800138000"]}}},
            {"values": {"badge": "zoë@firm.de "}},
            {"values": {"phone": "2", "email": "138001380001", "age": 77}},
            {"values": {"email": "13800138000"}, "record": other, "version": 1},
        ]
        made = [app.ask("ann", "forms.save_draft", form="person", **each)["id"] for each in drafts]
        app.ask("boss", "forms.erase", form="person", id=gone)
        assert made[3:] == [each["id"] for each in names(app, draft)]


@pytest.mark.requirement("SP17", "X20", "SF10")
@pytest.mark.parametrize("how", ["skipped", "undone", "failed"])
def test_a_row_that_came_to_nothing(database_url: str, how: str) -> None:
    """Of somebody who was there already, who was taken back, or whose part never came in: neither the row nor the file
    stays; a file that is waiting to be read does."""
    with firm(database_url, PERSON) as app:
        person = app.create("ann", "person", name="Zeb Quirk", phone="13800138000")
        filler = [f"F{n},{n}," for n in range(25)]
        run = brought(app, *filler, "Zeb Quirk,13800138000,1", keys=("phone",), duplicates="skip")
        if how == "undone":
            app.ask("ann", "forms.undo_run", run=run)
            app.host.settle()
        if how == "failed":  # as an earlier version left it
            row = {"run": run, "number": 9, "first": 2, "rows": {"columns": [["Zeb Quirk"]]}, "made": None}
            app.host.write(lambda unit: unit.insert_many(import_part, [row]))
            app.host.write(lambda unit: unit.run(sa.update(import_run).values(state="failed")))
        waiting = brought_later(app)
        assert 2 == len(names(app, t.file))
        app.ask("boss", "forms.erase", form="person", id=person)
        assert [waiting] == [each["id"] for each in names(app, t.file)]
        kept = str([*names(app, import_part), *names(app, import_run)])
        assert ("Quirk" in kept, "13800138000" in kept) == (False, False)


@pytest.mark.requirement("SP17", "X20", "SF10")
def test_the_name_of_a_file_goes_with_the_person_in_it(database_url: str) -> None:
    """Of files that brought the person in, or are called by a number of theirs, small or large, there stays what kind
    of file it was; others keep their names."""
    with firm(database_url, PERSON) as app:
        content = b"name,phone,email\nZeb Quirk,13800138000,Zeb@Firm.DE\n"
        other = b"name,phone\nBob,1\n"
        for name, rows in (
            ("Zeb Quirk.csv", content),
            ("Bob.csv", other),
            ("of 13800138000.CSV", other),
            ("ZEB@firm.de.csv", other),
        ):
            app.ask("ann", "forms.import", form="person", name=name, content=rows)
        (person, *_) = app.ask("ann", "records.list", type="person", where='name = "Zeb Quirk"')["items"]
        brought(app, "Zeb Quirk,13800138000,1", name="Quirk.csv", keys=("phone",), duplicates="update")
        brought(app, "Ann,2,", name="Ann.csv")
        brought(app, "Cid,3,", name="13800138000.csv")
        app.ask("boss", "forms.erase", form="person", id=person["id"])
        assert ["***.csv", "Bob.csv", "***.CSV", "***.csv"] == [each["name"] for each in names(app, batch)]
        assert ["***.csv", "Ann.csv", "***.csv"] == [each["name"] for each in names(app, import_run)]


@pytest.mark.requirement("SP17", "X20")
def test_what_any_engine_keeps_is_forgotten_by_one_rule(database_url: str) -> None:
    """As views that are kept are: with blanks around it or in other letters it is the same person; in part, another."""
    with firm(database_url, PERSON) as app:
        looked = {"who": ["ZEB@firm.de ", "zeb@firm.dev"], "number": 137, "on": True, "137": {"name": "zeb"}}
        app.ask("ann", "forms.save_draft", form="person", values={"name": looked})
        with app.host.session(APP) as context:
            forget_texts(context, ["Zeb@Firm.DE", "137", ""], (draft.c["values"],))
        (found,) = (each["values"]["name"] for each in names(app, draft))
        assert {"who": ["***", "zeb@firm.dev"], "number": "***", "on": True, "137": {"name": "zeb"}} == found


@pytest.mark.requirement("SP17", "X20")
def test_a_number_that_is_given_again(database_url: str) -> None:
    """The file of an import is gone by night, and somebody else's has its number."""
    with firm(database_url, PERSON) as app:
        person = app.create("ann", "person", name="Zeb Quirk", phone="13800138000")
        run = brought(app, "Ann,1,")
        clock: Any = app.host.clock
        clock.advance(timedelta(minutes=1))
        younger = app.host.write(
            lambda unit: keep(app.host.context(unit, app.host.actor("ann")), "badge.png", "image/png", b"badge")
        )
        again = sa.update(import_run).where(import_run.c.id == run).values(file=younger["id"])
        app.host.write(lambda unit: unit.run(again))
        app.ask("boss", "forms.erase", form="person", id=person)
        assert "badge.png" in [each["name"] for each in names(app, t.file)]


@pytest.mark.requirement("SP17", "X20")
def test_the_log_of_writes_is_emptied_when_nobody_reads(tmp_path: Path) -> None:
    """A reader holds on to what was erased; it goes when the reader is done, by a job that tries again until then."""
    path = tmp_path / "app.sqlite3"
    clock = FrozenClock(START)
    with firm(f"sqlite:///{path}", PERSON, clock=clock) as app:
        person = app.create("ann", "person", name="Zeb Quirk", phone="13800138000")
        app.host.settle()
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM person").fetchall()
            app.ask("boss", "forms.erase", form="person", id=person)
            app.host.deliver()
            assert [("ready", 1)] == states(app)
            assert b"Quirk" in path.with_name(f"{path.name}-wal").read_bytes()
            clock.advance(timedelta(minutes=1))
            app.host.deliver()
            assert [("ready", 2)] == states(app)
        clock.advance(timedelta(minutes=1))
        app.host.deliver()
        assert [("done", 3)] == states(app)
        assert [] == [each.name for each in tmp_path.glob(f"{path.name}*") if b"Quirk" in each.read_bytes()]


def states(app: Firm) -> list[tuple[str, int]]:
    """How the job gets on that empties the log of writes."""
    return [(each["state"], each["attempts"]) for each in names(app, t.job) if each["name"] == "storage.wipe"]


def brought_later(app: Firm) -> int:
    """The file of an import that nobody has begun to read."""

    def work(unit: Any) -> int:
        ann = app.host.context(unit, app.host.actor("ann"))
        file = keep(ann, "later.csv", "text/csv", b"name\nLater\n")["id"]
        ann.ask("forms.start_import", form="person", file=file)
        return int(file)

    return app.host.write(work)
