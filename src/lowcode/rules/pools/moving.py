"""Records that come into pools and go out of them, whichever save moves them.

The limits of a pool are checked where records are written, so they hold for a claim, an edit of the owner, an import
and a call from outside alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context, StageRun
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.identity import org
from lowcode.kernel.records.completing import complete
from lowcode.kernel.records.facts import needs_of
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t
from lowcode.rules.pools.pool import INWARD, Pool, Refusal, Standing, refusals
from lowcode.rules.schedules.spans import WORKING, start_of
from lowcode.rules.selecting import count_by
from lowcode.rules.turns import lock

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Expression, Moment
    from lowcode.kernel.identity import Actor
    from lowcode.kernel.records.plan import RecordType

move = t.pool_move
OF_PERSON = (move.c.pool == sa.bindparam("pool"), move.c.user == sa.bindparam("person"))
SINCE = move.c.at >= sa.bindparam("since", type_=move.c.at.type)
CLAIMED = sa.select(sa.func.count().label("count")).where(*OF_PERSON, move.c.kind == "claimed", SINCE)
VIEWED = sa.select(sa.func.count(sa.distinct(move.c.record)).label("count")).where(
    *OF_PERSON, move.c.kind == "viewed", SINCE
)
VIEWED_ONE = sa.select(move.c.id).where(
    *OF_PERSON, move.c.kind == "viewed", SINCE, move.c.record == sa.bindparam("record")
)
GAVE_UP = sa.select(sa.func.max(move.c.at).label("at")).where(
    move.c.form == sa.bindparam("form"),
    move.c.record == sa.bindparam("record"),
    move.c.former == sa.bindparam("person"),
    sa.or_(*(move.c.kind == each for each in INWARD if each != "entered")),
)
_LAST = (
    sa.select(sa.func.max(move.c.id))
    .where(move.c.form == sa.bindparam("of_form"), move.c.record == sa.bindparam("of_record"))
    .scalar_subquery()
)
NAME_MOVE = (
    sa.update(move)
    .where(move.c.id == _LAST)
    .values(kind=sa.bindparam("named"), reason=sa.bindparam("why", type_=move.c.reason.type))
)
"""Say of the last move of a record how it came about."""


def pools_of(app: Any) -> Mapping[str, Pool]:
    """The pools of an app."""
    found: Mapping[str, Pool] = app.plans["rules"].pools
    return found


def pools_on(app: Any, form: str) -> tuple[Pool, ...]:
    """The pools of a form, in the order of their names."""
    return tuple(each for each in pools_of(app).values() if each.form == form)


# -- stages -----------------------------------------------------------------------------------------------------------


def move_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Gives records the values of coming in and going out, and refuses what the limits of a pool forbid."""
    pools = pools_on(app, record_type.name)
    if not pools:
        return None

    def run(context: Context, change: Change) -> None:
        if change.kind == "delete":
            return
        moment = context.moment()
        for field in dict.fromkeys(each.field for each in pools):
            now, was = change.values.get(field), (change.before or {}).get(field)
            if change.before is not None and now == was:
                continue
            there = [each for each in pools if each.field == field]
            if now is None:
                _come_in(context, record_type, change, there, moment)
            elif change.before is not None and was is None:
                _go_out(context, record_type, change, there, moment)

    return run


def pool_of(
    context: Context, record_type: RecordType, pools: Iterable[Pool], record: Mapping[str, Any], moment: Moment
) -> Pool | None:
    """The pool a record without an owner lies in: the first whose condition holds."""
    for pool in pools:
        needs = needs_of((pool.where,) if pool.where is not None else ())
        if pool.holds(complete(context, record_type, record, needs), moment):
            return pool
    return None


def _come_in(
    context: Context, record_type: RecordType, change: Change, pools: Iterable[Pool], moment: Moment
) -> None:  # fmt: skip
    pool = pool_of(context, record_type, pools, change.values, moment)
    if pool is None:
        return
    former = (change.before or {}).get(pool.field)
    _give(context, record_type, change, pool.enter, moment)
    if pool.keep is not None and former is not None:
        change.values[pool.keep] = former
    kind = "entered" if change.before is None else "returned"
    change.after.append(lambda later, identity: log(later, pool, identity, kind, former=former))


def _go_out(
    context: Context, record_type: RecordType, change: Change, pools: Iterable[Pool], moment: Moment
) -> None:  # fmt: skip
    before = change.before or {}
    pool = pool_of(context, record_type, pools, before, moment)
    if pool is None:
        return
    user, actor = int(change.values[pool.field]), context.actor
    if not actor.is_app and not pool.has_manager(actor):
        change.problems.extend(claim_problems(context, pool, actor, int(before["id"]), user))
    _give(context, record_type, change, pool.leave, moment)
    kind = "claimed" if user == actor.id else "assigned"
    change.after.append(lambda later, identity: log(later, pool, identity, kind, user=user))


def _give(
    context: Context, record_type: RecordType, change: Change, values: Mapping[str, Expression], moment: Moment
) -> None:  # fmt: skip
    if values:
        facts = complete(context, record_type, change.values, needs_of(values.values()))
        change.values.update({name: each.evaluate(facts, moment) for name, each in values.items()})


# -- limits -----------------------------------------------------------------------------------------------------------


def claim_problems(context: Context, pool: Pool, actor: Actor, record: int, user: int) -> list[Problem]:
    """Why a person may not have a record of a pool: no member, for somebody else, or a limit is reached."""
    pointer = f"/{pool.field}"
    if not pool.has_member(actor):
        return [words.problem("no-member", words.NO_MEMBER, pointer, pool=pool.title)]
    if user != actor.id:
        return [words.problem("claim-for-another", words.CLAIM_FOR_ANOTHER, pointer)]
    lock(context.unit, f"claim:{pool.name}:{user}")
    moment = context.moment()
    found = refusals(pool, standing(context, pool, user, record), moment, moment.calendar or WORKING)
    return [_problem(each, pool, pointer) for each in found]


def _problem(refusal: Refusal, pool: Pool, pointer: str) -> Problem:
    return words.problem(refusal.code, words.LIMITS[refusal.code], pointer, pool=pool.title, **refusal.values)


def day_begins(context: Context) -> datetime:
    """The instant the day of the app began."""
    moment = context.moment()
    return start_of(moment.today, moment.zone)


def standing(context: Context, pool: Pool, user: int, record: int | None = None) -> Standing:
    """What somebody has of a pool now."""
    unit = context.unit
    claimed = unit.one(CLAIMED, pool=pool.name, person=user, since=day_begins(context))
    held = 0
    if pool.limits.holding is not None:
        where = pool.limits.holding_where
        key = ("pool", pool.form, pool.field, where.text if where is not None else None)
        held = count_by(context.as_app(), key, pool.form, pool.field, where, [user]).get(user, 0)
    gave_up = None
    if record is not None and pool.limits.cool_down is not None:
        found = unit.one(GAVE_UP, form=pool.form, record=record, person=user)
        gave_up = found["at"] if found else None
    return Standing(int(claimed["count"]) if claimed else 0, held, gave_up)


def views_today(context: Context, pool: Pool, user: int) -> int:
    """How many records of a pool somebody has opened today."""
    found = context.unit.one(VIEWED, pool=pool.name, person=user, since=day_begins(context))
    return int(found["count"]) if found else 0


def viewed_today(context: Context, pool: Pool, user: int, record: int) -> bool:
    """Whether somebody has opened this record today."""
    return (
        context.unit.one(VIEWED_ONE, pool=pool.name, person=user, record=record, since=day_begins(context)) is not None
    )


# -- the log ----------------------------------------------------------------------------------------------------------


def log(
    context: Context, pool: Pool, record: int, kind: str, *, user: int | None = None, former: int | None = None,
    to_pool: str | None = None, reason: Any = None,
) -> None:  # fmt: skip
    """Write down a move."""
    context.unit.insert(
        move, pool=pool.name, form=pool.form, record=record, kind=kind, at=context.now(), by=context.actor.id,
        user=user, former=former, to_pool=to_pool, reason=reason,
    )  # fmt: skip


def name_move(context: Context, form: str, record: int, kind: str, reason: Any = None) -> None:
    """Say of the last move of a record how it came about."""
    context.unit.run(NAME_MOVE, of_form=form, of_record=record, named=kind, why=reason)


def person_of(context: Context, user: int | None) -> str | None:
    """The name of a person."""
    found = org.user(context, user) if user is not None else None
    return found.name if found is not None else None
