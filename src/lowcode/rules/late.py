"""A record gets its date when the moment of a date rule has passed: declared, and not left to when the clock was last
looked at.

The save says so. An occasion that is to be skipped is taken there and then, so that no window that is still to come
finds it; one that is to fire is put off as if a window had found it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context, Stage, StageRun
from lowcode.kernel.records.plan import Follower
from lowcode.kernel.storage import tables as t
from lowcode.rules.firing import take
from lowcode.rules.plan import OnDate, Rule
from lowcode.rules.run import fires_late, passed
from lowcode.rules.stages import plan_of, put_off
from lowcode.rules.waiting import Occasion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowcode.kernel.records.plan import RecordType

SEEN = sa.select(t.watermark.c.until).where(t.watermark.c.name == sa.bindparam("timer"))


def late_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Notices dates whose moment has passed, in saves and where a roll-up of the record changes."""
    rules = [each for each in plan_of(app).timed if isinstance(each.trigger, OnDate) and each.form == record_type.name]
    if not rules:
        return None
    dates = frozenset(each.trigger.field for each in rules if isinstance(each.trigger, OnDate))
    follower = Follower(dates, partial(_refreshed, rules))
    record_type.extras["refreshed"] = (*record_type.extras.get("refreshed", ()), follower)

    def run(context: Context, change: Change) -> None:
        if change.kind == "delete":
            return
        for rule in rules:
            assert isinstance(rule.trigger, OnDate)
            value = change.values.get(rule.trigger.field)
            if value is not None and _new(change, rule.trigger.field, value):
                change.after.append(partial(_came, rule=rule, value=value))

    return run


def _new(change: Change, name: str, value: Any) -> bool:
    """Whether a record has a date only from this save on."""
    before = change.before
    return before is None or before.get(name) != value or before.get("deleted_at") is not None


def _refreshed(
    rules: list[Rule], context: Context, identity: int, was: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    for rule in rules:
        assert isinstance(rule.trigger, OnDate)
        value = now.get(rule.trigger.field)
        if value is not None:
            _came(context, identity, rule=rule, value=value)


def _came(context: Context, identity: int, *, rule: Rule, value: Any) -> None:
    """A record has got a date: what of it is late fires now, or is taken so that it never does."""
    trigger = rule.trigger
    assert isinstance(trigger, OnDate)
    seen: datetime | None = None
    for found in passed(trigger, value, context.moment()):
        occasion = Occasion(identity, found.occurrence, context.actor.id)
        if fires_late(trigger, found):
            for step in rule.steps:
                if step.wait is None:
                    put_off(context, rule, occasion, step=step.number)
            continue
        if seen is None:
            row = context.unit.one(SEEN, timer=f"rules.{rule.name}")
            seen = row["until"] if row is not None else context.now()
        if seen is not None and found.mark > seen:
            for step in rule.steps:
                take(context, rule, step, occasion)


STAGE = Stage("rules.late", 505, late_stage)
