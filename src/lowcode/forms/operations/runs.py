"""An import behind the scenes: found, held, changed, broken off; what is done where its work was given up.

Several may have a hand in one at a time: a worker, whoever stops it, a job that is done once more. So each looks at it
held, and goes on only from where it is then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.forms.tables import import_foreseen as foreseen_table
from lowcode.forms.tables import import_key as key_table
from lowcode.forms.tables import import_part as part_table
from lowcode.forms.tables import import_run as run_table
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem

NO_RUN = {"en": "there is no import {id} here", "zh-CN": "没有此导入任务（{id}）"}
HALTED = {
    "en": "the server tried several times and gave up ({reason}); what has come in so far is kept",
    "zh-CN": "服务器多次重试后放弃（{reason}）；已导入的记录仍然保留",
}
JOBS = {"reading": "read_import", "running": "import_part", "stopping": "undo_part", "undoing": "undo_part"}
"""What goes on with an import in a state."""
WAITS = timedelta(days=14)
"""So long one that came to a halt waits for somebody to decide: it keeps rows of a file that are no records."""
RUN = sa.select(run_table).where(run_table.c.id == sa.bindparam("run_id"))
LOCKED = RUN.with_for_update()


class Run(Parameters):
    """A file on its way in."""

    run: int


class GivenUp(Run):
    """Which of its jobs was given up, and why."""

    number: int = 0
    reason: str
    job: int = 0


def mine(context: Context, identity: int) -> dict[str, Any]:
    """One that the actor began, or an administrator asks for. Raises NotFound."""
    found = context.unit.one(RUN, run_id=identity)
    if found is None or (found["actor"] != context.actor.id and not context.actor.is_administrator):
        raise NotFound(Problem("forms.no-batch", NO_RUN, "/run", {"id": identity}))
    return found


def locked(context: Context, identity: int) -> dict[str, Any]:
    """One that is held until the transaction ends. Raises NotFound."""
    for found in context.unit.locked(LOCKED, run_id=identity):
        return found
    raise NotFound(Problem("forms.no-batch", NO_RUN, "/run", {"id": identity}))


def change(context: Context, identity: int, **values: Any) -> None:
    """Write some of its columns."""
    columns = tuple(values)
    statement = context.host.cached(("import run", columns), lambda: _changing(columns))
    context.unit.run(statement, run_id=identity, **{f"new_{name}": value for name, value in values.items()})


def _changing(columns: Sequence[str]) -> sa.Update:
    return (
        sa.update(run_table)
        .where(run_table.c.id == sa.bindparam("run_id"))
        .values({name: sa.bindparam(f"new_{name}", type_=run_table.c[name].type) for name in columns})
    )


def break_off(context: Context, run: int, state: str, error: str | None = None) -> None:
    """It is over, whatever of it did not come in."""
    change(context, run, state=state, error=error, ended_at=context.now())
    clear(context, run)


def clear(context: Context, run: int) -> None:
    """Of an import that is over nobody reads rows any more: there stays what its parts made, to be taken back."""
    for table in (key_table, foreseen_table):
        context.unit.run(sa.delete(table).where(table.c.run == run))
    context.unit.run(sa.delete(part_table).where(part_table.c.run == run, part_table.c.made.is_(None)))


def locale_of(context: Context, run: Mapping[str, Any]) -> str | None:
    """The language of whoever began it."""
    person = context.host.directory(context.unit).users.get(run["actor"])
    return person.locale if person is not None else None


# -- given up ---------------------------------------------------------------------------------------------------------


def given_up(context: Context, params: GivenUp) -> None:
    """What goes on with it was given up: it says so, and waits to be taken up, stopped or taken back."""
    run = locked(context, params.run)
    if run["state"] not in JOBS:
        return
    asked = {**run["asked"], "halted": {"state": run["state"], "number": params.number, "job": params.job}}
    said = Problem("forms.import-halted", HALTED, "", {"reason": params.reason}).words(locale_of(context, run))
    change(context, params.run, state="halted", error=said, asked=asked, ended_at=context.now())


def phase(run: Mapping[str, Any]) -> str:
    """Its state, of one that came to a halt the state in which it did."""
    state: str = run["asked"]["halted"]["state"] if run["state"] == "halted" else run["state"]
    return state


def going(context: Context, identity: int, phases: Sequence[str], number: int) -> dict[str, Any] | None:
    """The import, held, for a job of one of its phases; None in another. One that came to a halt at this very job goes
    on, as somebody has it done once more."""
    run = locked(context, identity)
    if phase(run) not in phases:
        return None
    if run["state"] != "halted":
        return run
    return _on(context, run) if run["asked"]["halted"]["number"] == number else None


def _on(context: Context, run: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: each for name, each in run["asked"].items() if name != "halted"}
    changes = {"state": phase(run), "error": None, "asked": asked, "ended_at": None}
    change(context, run["id"], **changes)
    return {**run, **changes}


def taken_up(context: Context, run: Mapping[str, Any]) -> None:
    """Go on with one that is held and came to a halt: the job that was given up is done once more, so that there are
    not two of it; another, where it is not there any more or somebody else has it done already."""
    if run["state"] != "halted":
        return
    _on(context, run)
    at = run["asked"]["halted"]
    if context.as_app().ask("jobs.replay", ids=(at.get("job", 0),))["count"]:
        return
    number = {"number": at["number"]} if at["number"] else {}
    context.later(f"forms.{JOBS[at['state']]}", run=run["id"], **number)


def break_off_halted(context: Context, which: sa.ColumnElement[bool]) -> None:
    """Those of some that came to a halt go no further: their rows go, what came in stays."""
    asked = sa.select(run_table.c.id).where(run_table.c.state == "halted", which).order_by(run_table.c.id)
    for row in context.unit.locked(asked.with_for_update()):
        break_off(context, row["id"], "cancelled")


def expire_halted(context: Context, since: datetime, until: datetime) -> None:
    """By night: nobody decided for so long."""
    break_off_halted(context, run_table.c.ended_at < sa.literal(until - WAITS, run_table.c.ended_at.type))
