"""What can be asked of rules that wait: going on, who is on the way, and an end before the time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Page, has
from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import Text
from lowcode.rules import reasons
from lowcode.rules import tables as t
from lowcode.rules.firing import Outcome, fire, held_back, log
from lowcode.rules.plan import Rule, Step
from lowcode.rules.stages import plan_of
from lowcode.rules.waiting import LONGER, NOBODY, ONE, REMOVE, Begun, Occasion, look_at, still_due, waiting_for

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

PAGE = (
    sa.select(t.wait)
    .where(
        sa.or_(sa.bindparam("of_rule", type_=sa.Text).is_(None), t.wait.c.rule == sa.bindparam("of_rule")),
        sa.or_(sa.bindparam("of_form", type_=sa.Text).is_(None), t.wait.c.form == sa.bindparam("of_form")),
        sa.or_(
            sa.bindparam("of_record", type_=sa.BigInteger).is_(None), t.wait.c.record == sa.bindparam("of_record")
        ),
        t.wait.c.id > sa.bindparam("after_id", type_=sa.BigInteger),
    )
    .order_by(t.wait.c.id)
    .limit(sa.bindparam("page_limit", type_=sa.Integer))
)  # fmt: skip


class GoOn(Parameters):
    """A wait that is over, or a date that is looked at."""

    wait: int
    rule: str
    step: int
    record: int


class Waiting(Parameters):
    """Who is on the way: through one rule, or of one record."""

    rule: str | None = None
    form: str | None = None
    record: int | None = None
    after: int = 0
    limit: int = Key(100, ge=1, le=500)


class EndWaits(Parameters):
    """What a rule still waits to do for a record."""

    rule: str
    record: int | None = None
    reason: Text = Key(reasons.BY_A_PERSON, min_length=1)


def go_on(context: Context, params: GoOn) -> str:
    """Go on with a rule after a wait: `gone` when the wait was ended, `later` when its date has moved on."""
    row = context.unit.one(ONE, wait_id=params.wait)
    if row is None:
        return "gone"
    rule = plan_of(context.app).rules.get(row["rule"])
    step = next((each for each in rule.steps if each.number == row["step"] and each.wait), None) if rule else None
    if rule is None or step is None:
        context.unit.run(REMOVE, wait_id=row["id"])
        return "gone"
    due = still_due(context.as_app(), rule, step, row)
    if due is not None and due > context.now():
        context.unit.run(LONGER, wait_id=row["id"], due=due)
        look_at(context, rule, step, row, due)
        return "later"
    occasion = _occasion(row)
    if due is not None and held_back(context, rule, step, occasion, wait=row["id"]):
        return "held"
    context.unit.run(REMOVE, wait_id=row["id"])
    if due is None:
        return _ended(context, rule, step, occasion, reasons.NO_DATE).outcome
    return fire(context, rule, step, occasion, Begun(row["started_at"], row["variables"])).outcome


def _occasion(row: Any) -> Occasion:
    record = row["record"] if row["record"] != NOBODY else None
    return Occasion(record, row["occurrence"], row["actor"], row["before"])


def _ended(context: Context, rule: Rule, step: Step, occasion: Occasion, why: Text) -> Outcome:
    """A wait has ended and nothing more is done: the run log says why."""
    ended = Outcome("ended", reason=why)
    log(context, rule, step, occasion, ended, time.perf_counter())
    return ended


def end_waits(context: Context, params: EndWaits) -> Annotated[dict[str, Any], has(rule=str, ended=int)]:
    """End what a rule still waits to do for a record; what it has done stays done."""
    row = waiting_for(context, params.rule, params.record)
    if row is None:
        return {"rule": params.rule, "ended": 0}
    context.unit.run(REMOVE, wait_id=row["id"])
    rule = plan_of(context.app).rules.get(params.rule)
    step = next((each for each in rule.steps if each.number == row["step"]), None) if rule else None
    if rule is not None and step is not None:
        _ended(context, rule, step, _occasion(row), params.reason)
    return {"rule": params.rule, "ended": 1}


def waiting(context: Context, params: Waiting) -> Page:
    """The records on their way through rules: since when, and when each goes on with which step."""
    rows = context.unit.fetch(
        PAGE,
        of_rule=params.rule,
        of_form=params.form,
        of_record=params.record,
        after_id=params.after,
        page_limit=params.limit,
    )
    items = [{**row, "title": _title(context, row["rule"])} for row in rows]
    return {"items": items, "next": rows[-1]["id"] if len(rows) == params.limit else None}


def _title(context: Context, name: str) -> Any:
    rule = plan_of(context.app).rules.get(name)
    return rule.title if rule is not None else name


OPERATIONS = (
    Operation("rules.go_on", go_on, GoOn, "internal", summary={"en": "Go on with a rule", "zh-CN": "继续执行规则"}),
    Operation(
        "rules.end_waits", end_waits, EndWaits, "administrator",
        summary={"en": "End what a rule waits to do", "zh-CN": "终止等待"},
    ),
    Operation(
        "rules.waiting", waiting, Waiting, "administrator", False,
        {"en": "Records on their way through rules", "zh-CN": "等待中的记录"},
    ),
)  # fmt: skip
