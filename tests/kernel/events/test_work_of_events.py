"""Work that goes with an event: done once when its save is committed, never when it is undone; whoever does it is
called once for a transaction, and files it names stay until it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import files, jobs, loose
from lowcode.kernel.storage import tables as t
from tests.rules.apps import Trial, rule, trial

TASK = rule("task", {"created": True}, {"create": {"form": "task", "values": {"title": '"call"', "lead": "id"}}})
WORK = (("rules.fire", {"rule": "task", "record": 1, "occurrence": "told"}),)


@pytest.fixture
def app(database_url: str) -> Iterator[Trial]:
    """A rule that makes a task of each lead, after the save."""
    with trial(database_url, TASK) as made:
        yield made


def asking(host: Host) -> int:
    """How many events have work that is not in the queue."""
    with host.database.reading() as unit:
        row = unit.one(sa.select(sa.func.count().label("count")).where(t.event.c.asks.is_not(None)))
    assert row is not None
    return int(row["count"])


def jobs_of(host: Host, name: str) -> list[tuple[str, Any]]:
    """The jobs of an operation, with what became of them."""
    with host.database.reading() as unit:
        asked = sa.select(t.job.c.state, t.job.c.body).where(t.job.c.name == name).order_by(t.job.c.id)
        return [(row["state"], row["body"]) for row in unit.fetch(asked)]


class Undone(Exception):
    """Somebody changed their mind."""


def test_what_is_undone_asks_for_nothing(app: Trial) -> None:
    """Of a transaction, and of a part of one: no work, and nobody is called; what was told outside the part is done."""
    called: list[int] = []
    app.host.wakers.append(lambda: called.append(1))
    app.settle()
    called.clear()
    with pytest.raises(Undone), app.host.session(APP) as context:
        context.tell("trial.happened", work=WORK)
        context.tell_many("trial.happened", "lead", [(1, {}, WORK)])
        raise Undone
    assert (asking(app.host), called) == (0, [])
    with app.host.session(APP) as context, pytest.raises(Undone), context.unit.savepoint():
        context.tell("trial.happened", work=WORK)
        raise Undone
    assert (asking(app.host), called) == (0, [])
    lead = app.create()
    assert (asking(app.host), called) == (1, [1])
    app.settle()
    assert [lead] == [each["lead"] for each in app.all()]


def test_many_events_call_once(app: Trial) -> None:
    """Whoever does the work is called once for a transaction, however many of its events ask, and by whatever way; a
    save that asks for nothing calls nobody."""
    called: list[str] = []
    app.host.wakers += [lambda: called.append("one"), lambda: called.append("other")]
    app.settle()
    called.clear()
    with app.host.session(APP) as context:
        context.tell_many("trial.happened", "lead", [(each, {}, WORK) for each in range(1, 40)])
        context.tell("trial.happened", work=WORK)
        context.later("rules.fire", rule="gone", record=None, occurrence="x")
    assert ["one", "other"] == sorted(called)
    with app.host.session(APP) as context:
        context.tell_many("trial.happened", "lead", [(each, {}, ()) for each in range(1, 40)])
    assert ["one", "other"] == sorted(called)


def test_work_of_what_is_gone_holds_nobody_up(app: Trial) -> None:
    """A rule that is gone is left alone, an operation that is gone is put aside with its reason; what stands behind
    either is done."""
    with app.host.session(APP) as context:
        context.tell("trial.happened", work=(("rules.fire", {"rule": "task", "record": 7, "occurrence": "old"}),))
    lead = app.create()
    asked = sa.update(t.event).where(t.event.c.name == "trial.happened")
    with app.host.database.transaction() as unit:
        unit.run(asked.values(work=[
            ["plugin.gone", {"record": 7}], ["rules.fire", {"rule": "gone", "record": 7, "occurrence": "old"}],
        ], asks=2))  # fmt: skip
    app.settle()
    assert 0 == asking(app.host)
    assert ["dead"] == [state for state, _ in jobs_of(app.host, "plugin.gone")]
    assert {"done"} == {state for state, _ in jobs_of(app.host, "rules.fire")}
    assert [lead] == [each["lead"] for each in app.all()]


@pytest.mark.requirement("SP17")
def test_files_that_work_names_stay_until_it_is_done(app: Trial) -> None:
    """While the event asks, and while the job waits; a file that only work named which is done is loose."""
    host = app.host
    held = host.database.write(lambda unit: files.keep(host.context(unit, APP), "held", "text/plain", b"held"))["id"]
    host.database.write(lambda unit: files.keep(host.context(unit, APP), "loose", "text/plain", b"loose"))
    app.settle()
    with host.session(APP) as context:
        context.tell("trial.happened", work=(("rules.fire", {"rule": "gone", "record": held, "occurrence": "x"}),))
    tables = loose.tables_of(host.app)

    def collected(before: Callable[[], Any] = lambda: None) -> set[int]:
        before()
        later = host.clock.now() + timedelta(days=1)
        host.database.write(lambda unit: loose.take(unit, tables, later, 0, 100))
        with host.database.reading() as unit:
            return {row["id"] for row in unit.fetch(sa.select(t.file.c.id))}

    assert {held} == collected()
    assert {held} == collected(lambda: host.database.write(jobs.unfold))
    app.advance(minutes=10)
    assert {"done"} == {state for state, _ in jobs_of(host, "rules.fire")}
    assert set() == collected()


def test_work_is_looked_for_before_the_queue(app: Trial) -> None:
    """Work goes from its event into the queue: whoever looks for what is named looks at events first, or would miss
    what is carried over in between."""
    for what in (loose.FILE, loose.CONTENTS):
        found = loose.referring(loose.tables_of(app.host.app), what)
        names = [f"{column.table.name}.{column.name}" for column, _ in found]
        assert names.index("lc_event.work") < names.index("lc_job.body")
