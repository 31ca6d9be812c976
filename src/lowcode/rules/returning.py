"""What rules had to do for a record while it lay in the bin: nothing is done to what is deleted, and all of it is done
once when the record is back, whichever way it comes (from the bin, with another record, as a merge is taken back).

A firing and a wait whose time comes meanwhile is a row (`rule_held`), written in place of the firing, which is over
with that. How long a record has been left alone is looked at by windows of time, which do not find it meanwhile: the
window of its absence is looked at for it alone. Dates are the business of `late`. Decision 0198.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context, Stage, StageRun
from lowcode.rules import tables as t
from lowcode.rules.due import due_records
from lowcode.rules.late import SEEN
from lowcode.rules.plan import OnInactive, Rule
from lowcode.rules.stages import firing_of, plan_of, put_off
from lowcode.rules.ticking import TICK
from lowcode.rules.waiting import ONE, Occasion, look_at

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

HELD = (
    sa.select(t.held)
    .where(t.held.c.form == sa.bindparam("of_form"), t.held.c.record == sa.bindparam("of_record"))
    .order_by(t.held.c.id)
)
DONE = sa.delete(t.held).where(t.held.c.form == sa.bindparam("of_form"), t.held.c.record == sa.bindparam("of_record"))


def back_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Notices records that come back."""
    rules = [each for each in plan_of(app).rules.values() if each.form == record_type.name]
    if not rules:
        return None
    left_alone = [each for each in rules if isinstance(each.trigger, OnInactive)]

    def run(context: Context, change: Change) -> None:
        gone = None if change.before is None else change.before.get("deleted_at")
        if gone is not None and change.kind != "delete":
            change.after.append(partial(_back, form=record_type.name, left_alone=left_alone, gone=gone))

    return run


def _back(context: Context, identity: int, *, form: str, left_alone: list[Rule], gone: datetime) -> None:
    rules = plan_of(context.app).rules
    for row in context.unit.fetch(HELD, of_form=form, of_record=identity):
        rule = rules.get(row["rule"])
        step = next((each for each in rule.steps if each.number == row["step"]), None) if rule else None
        if rule is None or step is None:
            continue
        if row["wait"] is None:
            occasion = Occasion(identity, row["occurrence"], row["actor"], row["before"])
            context.as_app().later("rules.fire", key=f"rules.back:{row['id']}", **firing_of(rule, step, occasion))
        elif (wait := context.unit.one(ONE, wait_id=row["wait"])) is not None:
            look_at(context, rule, step, wait, wait["due_at"], again=row["id"])
    context.unit.run(DONE, of_form=form, of_record=identity)
    for rule in left_alone:
        seen = context.unit.one(SEEN, timer=f"rules.{rule.name}")
        if seen is None:
            continue  # its first window is still to come
        for step in rule.steps:
            for record, occurrence in due_records(context.as_app(), rule, step, gone - TICK, seen["until"], identity):
                put_off(context, rule, Occasion(record, occurrence), step=step.number)


STAGE = Stage("rules.back", 506, back_stage)
