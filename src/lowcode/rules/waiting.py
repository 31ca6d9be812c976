"""What a rule still waits to do for a record: written in the transaction of its first part, gone on with when the time
has come, ended by a condition, an action or a person.

A date that is waited for is looked at once a day, so that one that moves is noticed; a record is on its way through a
rule once at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.rules import reasons
from lowcode.rules import tables as t
from lowcode.rules.actions.kind import Firing
from lowcode.rules.run import RUNS, Verdict
from lowcode.rules.told import plain

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.rules.plan import Rule, Step

NOBODY = 0
"""The record of a rule that fires for none, as the tables have it."""

LOOK = timedelta(days=1)
"""How long a date is waited for at a time."""

OF_RECORD = sa.select(t.wait).where(t.wait.c.rule == sa.bindparam("rule"), t.wait.c.record == sa.bindparam("record"))
ONE = sa.select(t.wait).where(t.wait.c.id == sa.bindparam("wait_id"))
REMOVE = sa.delete(t.wait).where(t.wait.c.id == sa.bindparam("wait_id"))
LONGER = (
    sa.update(t.wait)
    .where(t.wait.c.id == sa.bindparam("wait_id"))
    .values(due_at=sa.bindparam("due", type_=t.wait.c.due_at.type))
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a rule fires: for which record, on which occurrence, set off by whom, and what the record was before."""

    record: int | None
    occurrence: str
    actor: int | None = None
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A rule on its way for a record: since when, and what its actions have made so far."""

    started_at: datetime
    variables: Mapping[str, Any] = field(default_factory=dict)


def variables_of(begun: Begun | None, now: datetime) -> dict[str, Any]:
    """What the actions of a rule that waits may ask besides the record."""
    return {"started_at": now} if begun is None else {**begun.variables, "started_at": begun.started_at}


def on_its_way(firing: Firing, occasion: Occasion, *, first: bool) -> Verdict:
    """Whether a rule that waits may set out for a record, or go on: not once its exit holds, nor twice at a time."""
    rule, started = firing.rule, firing.variables["started_at"]
    if rule.exit is not None and rule.exit.test(firing.facts, firing.moment, started_at=started):
        return Verdict(False, reasons.filled(reasons.EXIT, condition=rule.exit.text))
    if not first:
        return RUNS
    row = waiting_for(firing.context, rule.name, occasion.record)
    if row is None:
        return RUNS
    ended = rule.exit is not None and rule.exit.test(firing.facts, firing.moment, started_at=row["started_at"])
    if not ended:
        return Verdict(False, reasons.ON_ITS_WAY)
    firing.context.unit.run(REMOVE, wait_id=row["id"])
    return RUNS


def waiting_for(context: Context, rule: str, record: int | None) -> dict[str, Any] | None:
    """What a rule waits to do for a record."""
    found = context.unit.one(OF_RECORD, rule=rule, record=record or NOBODY)
    return dict(found) if found is not None else None


def begin(firing: Firing, step: Step, occasion: Occasion) -> Mapping[str, Any]:
    """Begin the wait before a step; what is to be told of it. A date that is blank is never waited for."""
    context, rule = firing.context, firing.rule
    assert step.wait is not None
    now = context.now()
    if rule.form is not None and occasion.record is not None:
        firing.facts.update(context.facts(rule.form, [occasion.record], step.wait.needs).get(occasion.record, {}))
    made = {name: value for name, value in firing.variables.items() if not name.startswith("@")}
    started = made.pop("started_at")
    due = step.wait.due(firing.facts, firing.moment, now, **made, started_at=started)
    if due is None:
        return {"wait": step.wait.text, "until": None}
    identity = context.unit.insert(
        t.wait,
        rule=rule.name,
        step=step.number,
        form=rule.form,
        record=occasion.record or NOBODY,
        occurrence=occasion.occurrence,
        actor=occasion.actor,
        started_at=started,
        begun_at=now,
        due_at=due,
        variables=made,
        before=dict(occasion.before) if occasion.before else None,
    )
    look_at(context, rule, step, {"id": identity, "record": occasion.record or NOBODY}, due)
    return {"wait": step.wait.text, "until": plain(due)}


def look_at(
    context: Context, rule: Rule, step: Step, row: Mapping[str, Any], due: datetime, *, again: int | None = None
) -> None:
    """Put off looking at a wait until it is over; a date that may move is looked at every day. `again`: it had been
    looked at while the record was gone."""
    assert step.wait is not None
    at = due if step.wait.until is None else min(due, context.now() + LOOK)
    context.as_app().later(
        "rules.go_on",
        at=at,
        key=f"rules.go_on:{row['id']}:{at.isoformat()}" + ("" if again is None else f":{again}"),
        wait=row["id"],
        rule=rule.name,
        step=step.number,
        record=row["record"],
    )


def still_due(context: Context, rule: Rule, step: Step, row: Mapping[str, Any]) -> datetime | None:
    """When a wait is over as things are now; None when the date has become blank."""
    assert step.wait is not None
    if step.wait.until is None:
        found: datetime = row["due_at"]
        return found
    facts: Mapping[str, Any] = {}
    if rule.form is not None and row["record"] != NOBODY:
        facts = context.facts(rule.form, [row["record"]], step.wait.needs).get(row["record"], {})
    return step.wait.due(
        facts, context.moment(), row["begun_at"], **row["variables"], started_at=row["started_at"]
    )  # fmt: skip
