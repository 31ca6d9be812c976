"""Imports in which several have a hand at a time, and those that came to a halt: nothing is lost, and nothing is kept
that nobody decides on; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import bringing
from lowcode.forms.operations.mentions import forget_mentions
from lowcode.forms.tables import import_foreseen, import_run
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from tests.forms.firm import Firm, firm
from tests.forms.test_bringing import begun, count, csv_of, halted, kept, lines, small_parts, state

__all__ = ["small_parts"]


def again(app: Firm, name: str, **parameters: Any) -> None:
    """One more job of an import, as of a worker that was thought to be dead."""
    with app.host.session(APP) as context:
        context.later(f"forms.{name}", **parameters)


def waiting(app: Firm, run: int) -> list[str]:
    """The jobs of imports that are to be done, and those that were given up."""
    with app.host.database.reading() as unit:
        rows = unit.fetch(sa.select(t.job.c.name, t.job.c.state).where(t.job.c.state.in_(("ready", "dead"))))
    return [f"{row['name']} {row['state']}" for row in rows if row["name"].endswith(("_import", "_part"))]


@pytest.mark.requirement("SF10", "F20", "F22")
def test_a_reader_that_was_overtaken_takes_no_rows_away(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever began to read later lays the file out; the one before stops, whatever has come in meanwhile."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(85)))
        monkeypatch.setattr(bringing, "AT_ONCE", 2)
        lay_out, readers = bringing._parts, []

        def overtaken(*given: Any) -> Iterator[Any]:
            readers.append(given)
            if len(readers) == 1:
                again(app, "read_import", run=run)
                app.host.deliver(limit=2)
                assert ("running", 20) == (state(app, run)["state"], count(app))
            yield from lay_out(*given)

        monkeypatch.setattr(bringing, "_parts", overtaken)
        app.host.settle()
        assert ("done", 85, 85, 2) == (state(app, run)["state"], state(app, run)["done"], count(app), len(readers))
        app.ask("ann", "forms.undo_run", run=run)
        app.host.settle()
        assert ("undone", 0) == (state(app, run)["state"], count(app))


@pytest.mark.requirement("SF10", "F20", "X14")
@pytest.mark.parametrize(("broken", "job"), [("_lay_out", "read_import"), ("_bring", "import_part")])
def test_however_often_it_is_gone_on_with_there_is_one_job(
    broken: str, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes on has the job done that was given up: it is dead no longer, and there are not two of it."""
    with firm("sqlite://") as app:
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=0 if broken == "_lay_out" else 2)
        halted(app, run, monkeypatch, broken)
        assert [f"forms.{job} dead"] == waiting(app, run)
        for _ in range(2):
            app.ask("ann", "forms.resume_import", run=run)
        assert [f"forms.{job} ready"] == waiting(app, run)
        app.host.settle()
        assert ("done", 45, []) == (state(app, run)["state"], count(app), waiting(app, run))


@pytest.mark.requirement("SF10", "F20", "F22")
def test_a_job_of_another_part_does_not_go_on_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that came to a halt would be running for ever; and what is taken back twice is counted once."""
    with firm("sqlite://") as app:
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=2)
        halted(app, run, monkeypatch, "_bring")
        for job in ({"name": "import_part", "number": 1}, {"name": "undo_part", "number": 1}, {"name": "read_import"}):
            again(app, run=run, **job)
            app.host.settle()
            assert "halted" == state(app, run)["state"]
        app.ask("ann", "forms.resume_import", run=run)
        app.host.settle()
        app.ask("ann", "forms.undo_run", run=run)
        again(app, "undo_part", run=run, number=3)
        app.host.settle()
        assert ("undone", 45, 0) == (state(app, run)["state"], state(app, run)["done"], count(app))


def left(app: Firm) -> tuple[str, bool, int, int]:
    """The state of the import, whether rows of it are kept, how many files there are, and records."""
    with app.host.database.reading() as unit:
        (row,) = unit.fetch(sa.select(import_run.c.state))
        files = len(unit.fetch(sa.select(t.file.c.id)))
    return row["state"], bool(kept(app)), files, count(app)


@pytest.mark.requirement("SP17", "X20", "SF10")
@pytest.mark.parametrize("broken", ["_lay_out", "_bring"])
def test_whoever_is_erased_does_not_come_back(database_url: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an import that came to a halt: it is broken off, and its rows and its file go."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=0 if broken == "_lay_out" else 2)
        halted(app, run, monkeypatch, broken)
        came = 0 if broken == "_lay_out" else 20
        assert ("halted", came > 0, 1, came) == left(app)
        for form, found in (("quote", ("halted", came > 0)), ("customer", ("cancelled", False))):
            with app.host.session(APP) as context:
                forget_mentions(context, form, [], ["a30"])
            assert (*found, came) == (left(app)[0], left(app)[1], left(app)[3])
        assert 0 == left(app)[2]
        app.ask("ann", "forms.resume_import", run=run)
        app.host.settle()
        assert ("cancelled", False, 0, came) == left(app)


@pytest.mark.requirement("SP17", "X20", "SF10")
def test_a_look_that_came_to_a_halt_keeps_nobody(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever form it is of: what records above would be holds what is known of them."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=2)
        halted(app, run, monkeypatch, "_bring")
        above = {"run": run, "entry": "e", "place": "p", "key": "", "body": {"name": "Zeb Quirk"}}
        app.host.write(lambda unit: unit.insert_many(import_foreseen, [above]))
        with app.host.session(APP) as context:
            forget_mentions(context, "quote", [], [])
        with app.host.database.reading() as unit:
            assert [] == unit.fetch(sa.select(import_foreseen))
        assert "cancelled" == left(app)[0]


@pytest.mark.requirement("SP17", "SF10")
def test_what_nobody_decides_on_is_broken_off(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two weeks; until then its rows wait, and its file where it is still to be read."""
    with firm(database_url) as app:
        clock: Any = app.host.clock
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=2)
        halted(app, run, monkeypatch, "_bring")
        for days, found in ((1, ("halted", True)), (14, ("cancelled", False))):
            clock.advance(timedelta(days=days))
            app.host.tick()
            app.host.settle()
            assert (*found, 20) == (left(app)[0], left(app)[1], left(app)[3])
