"""What can be asked of pools: what lies in them, claim, give back, transfer, and what went in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Read, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.identity import APP
from lowcode.kernel.records.query import compile_filter
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t
from lowcode.rules.pools import moving
from lowcode.rules.pools.pool import Pool
from lowcode.rules.schedules.spans import start_of
from lowcode.rules.selecting import paths
from lowcode.rules.turns import lock

move = t.pool_move
REPORT = (
    sa.select(move.c.kind, move.c.user, move.c.former, sa.func.count().label("count"))
    .where(
        move.c.pool == sa.bindparam("pool"),
        move.c.at >= sa.bindparam("since", type_=move.c.at.type),
        move.c.at < sa.bindparam("until", type_=move.c.at.type),
    )
    .group_by(move.c.kind, move.c.user, move.c.former)
)
MOVES = (
    sa.select(move)
    .where(move.c.form == sa.bindparam("form"), move.c.record == sa.bindparam("record"), move.c.kind != "viewed")
    .order_by(move.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)


class OfPool(Parameters):
    """A pool, by name."""

    pool: str


class PoolRecords(OfPool):
    """A page of what lies in a pool."""

    where: str | None = None
    sort: tuple[str, ...] = ()
    limit: int = Key(50, ge=1, le=200)
    after: str | None = None


class OfRecordInPool(OfPool):
    """A record in a pool."""

    record: int


class Release(Parameters):
    """Give a record back to the pool of its form where it belongs, or to a named one."""

    form: str
    record: int
    pool: str | None = None
    reason: str = ""


class Transfer(OfRecordInPool):
    """Move a record to another pool."""

    to: str
    reason: str = ""


class Report(OfPool):
    """What went in and out between two days, both included."""

    since: date
    until: date


class Moves(Parameters):
    """How a record came into pools and went out of them."""

    form: str
    record: int
    limit: int = Key(50, ge=1, le=200)


def pool_named(context: Context, name: str, *, manager: bool = False) -> Pool:
    """The pool of a name, for a member (or a manager) of it. Raises NotFound and Forbidden."""
    pools = moving.pools_of(context.app)
    if name not in pools:
        raise NotFound(
            words.problem("no-such-pool", words.NO_SUCH_POOL, "/pool", name=name, near=nearest(name, pools) or "")
        )
    pool, actor = pools[name], context.actor
    if not actor.is_app and not (pool.has_manager(actor) if manager else pool.has_member(actor)):
        code, text = ("no-manager", words.NO_MANAGER) if manager else ("no-member", words.NO_MEMBER)
        raise Forbidden(words.problem(code, text, "/pool", pool=pool.title))
    return pool


def list_pools(context: Context, _: Any) -> list[dict[str, Any]]:
    """The pools this person may look into, with what they have claimed and may still claim."""
    actor = context.actor
    return [_described(context, each) for each in moving.pools_of(context.app).values() if each.has_member(actor)]


def _described(context: Context, pool: Pool) -> dict[str, Any]:
    limits, person = pool.limits, context.actor.id or 0
    now = moving.standing(context, pool, person)
    listed = context.as_app().ask("records.list", type=pool.form, where=pool.condition, limit=1, count=True)
    return {
        "pool": pool.name,
        "title": pool.title,
        "form": pool.form,
        "manager": pool.has_manager(context.actor),
        "records": listed.get("count"),
        "claimed_today": now.claimed_today,
        "per_day": limits.per_day,
        "held": now.held,
        "holding": limits.holding,
        "viewed_today": moving.views_today(context, pool, person),
        "views_per_day": limits.views_per_day,
        "shown": list(_seen(context, pool)),
    }


def _seen(context: Context, pool: Pool) -> tuple[str, ...]:
    """The fields a member sees before opening a record: those the pool shows and permissions do not hide."""
    host: Any = context.host
    record_type = host.types[pool.form]
    hidden = frozenset() if context.actor.is_app else host.grant(record_type, context.actor).hidden
    shown = pool.shown or tuple(each.name for each in record_type.stored_fields)
    return tuple(each for each in shown if each not in hidden)


def list_records(
    context: Context, params: PoolRecords
) -> Annotated[dict[str, Any], has(items=list[dict], next=object)]:
    """A page of what lies in a pool, with the fields it shows."""
    pool = pool_named(context, params.pool)
    fields = ("id", *_seen(context, pool))
    read = {name.lstrip("-+") for name in params.sort} | (_read(context, pool, params.where) if params.where else set())
    unseen = sorted(read - {*fields, "created_at"})
    if unseen:
        raise Rejected(words.problem("not-shown", words.NOT_SHOWN, "/where", name=unseen[0]))
    where = f"({params.where}) and {pool.condition}" if params.where else pool.condition
    found: dict[str, Any] = context.as_app().ask(
        "records.list", type=pool.form, where=where, fields=fields, sort=params.sort, limit=params.limit,
        after=params.after, count=True,
    )  # fmt: skip
    return found


def _read(context: Context, pool: Pool, where: str) -> set[str]:
    """The fields a filter reads: it may not tell what the pool does not show."""
    host: Any = context.host
    record_type = host.types[pool.form]
    expression = compile_filter(context, record_type, host.grant(record_type, APP), where)
    return {*expression.paths, *expression.rows}


def _in_pool(context: Context, pool: Pool, record: int) -> int:
    """The version of a record that lies in the pool; who takes it names the version, so of two at once one is refused.
    Raises NotFound when it does not lie there."""
    found = context.as_app().ask("records.get", type=pool.form, id=record, fields=(pool.field, "version"))
    if found[pool.field] is not None or not pool.holds(_facts(context, pool, record), context.moment()):
        raise NotFound(words.problem("not-in-pool", words.NOT_IN_POOL, "/record", pool=pool.title))
    return int(found["version"])


def view(context: Context, params: OfRecordInPool) -> Read:
    """Open a record of a pool: all its fields; so many in a day, the same one once."""
    pool = pool_named(context, params.pool)
    _in_pool(context, pool, params.record)
    person = context.actor.id
    if person is not None and not moving.viewed_today(context, pool, person, params.record):
        limit = pool.limits.views_per_day
        if limit is not None and not pool.has_manager(context.actor):
            lock(context.unit, f"view:{pool.name}:{person}")
            if moving.views_today(context, pool, person) >= limit:
                problem = words.problem(
                    "views-of-the-day", words.VIEWS_OF_THE_DAY, "/record", limit=limit, pool=pool.title
                )
                raise Rejected(problem)
        moving.log(context, pool, params.record, "viewed", user=person)
    host: Any = context.host
    hidden = frozenset() if context.actor.is_app else host.grant(host.types[pool.form], context.actor).hidden
    record = context.as_app().ask("records.get", type=pool.form, id=params.record)
    return {name: value for name, value in record.items() if name not in hidden}


def claim(context: Context, params: OfRecordInPool) -> Annotated[dict[str, Any], has(form=str, record=int, owner=int)]:
    """Take a record out of a pool for oneself."""
    return claim_for(context, pool_named(context, params.pool), params.record, context.actor.id or 0)


def claim_for(context: Context, pool: Pool, record: int, user: int) -> dict[str, Any]:
    """Take a record out of a pool for a person who asked for it, within their limits. Raises Rejected, NotFound, and
    Conflict when somebody else was faster."""
    version = _in_pool(context, pool, record)
    actor = context.as_user(user).actor
    problems = [] if pool.has_manager(actor) else moving.claim_problems(context, pool, actor, record, user)
    if problems:
        raise Rejected(problems)
    context.as_app().ask("records.update", type=pool.form, id=record, values={pool.field: user}, version=version)
    moving.name_move(context, pool.form, record, "claimed")
    return {"form": pool.form, "record": record, pool.field: user}


def release(context: Context, params: Release) -> Annotated[dict[str, Any], has(form=str, record=int, pool=str)]:
    """Give a record back: who has it, or a manager of the pool."""
    record = context.ask("records.get", type=params.form, id=params.record)
    pools = [each for each in moving.pools_on(context.app, params.form) if params.pool in (None, each.name)]
    for pool in pools:
        owner = record.get(pool.field)
        if owner is None:
            raise Rejected(words.problem("nobody-has-it", words.NOBODY_HAS_IT, "/record"))
        if owner != context.actor.id and not pool.has_manager(context.actor):
            raise Forbidden(words.problem("not-yours", words.NOT_YOURS, "/record"))
        if not pool.holds(_facts(context, pool, params.record), context.moment()):
            continue
        context.as_app().ask("records.update", type=pool.form, id=params.record, values={pool.field: None})
        moving.name_move(context, pool.form, params.record, "released", params.reason or None)
        return {"form": pool.form, "record": params.record, "pool": pool.name}
    raise Rejected(words.problem("no-pool-for-it", words.NO_POOL_FOR_IT, "/pool", form=params.form))


def _facts(context: Context, pool: Pool, record: int) -> Mapping[str, Any]:
    """What the pool's condition reads of a record, as if nobody had it."""
    needs = [paths("id"), *([pool.where] if pool.where is not None else [])]
    found: Mapping[str, Any] = context.as_app().facts(pool.form, [record], needs).get(record, {})
    return {**found, pool.field: None}


def transfer(context: Context, params: Transfer) -> Annotated[dict[str, Any], has(form=str, record=int, pool=str)]:
    """Move a record to another pool: it gets the values of coming in there, and must then lie in it."""
    pool = pool_named(context, params.pool, manager=True)
    other = pool_named(context, params.to, manager=True)
    if other.form != pool.form:
        raise Rejected(words.problem("pool-of-another-form", words.POOL_OF_ANOTHER_FORM, "/to", pool=other.title))
    version = _in_pool(context, pool, params.record)
    moment = context.moment()
    facts = context.as_app().facts(pool.form, [params.record], list(other.enter.values()))[params.record]
    values = {name: each.evaluate(facts, moment) for name, each in other.enter.items()}
    context.as_app().ask("records.update", type=pool.form, id=params.record, values=values, version=version)
    if not other.holds(_facts(context, other, params.record), moment):
        raise Rejected(words.problem("not-for-that-pool", words.NOT_FOR_THAT_POOL, "/to", pool=other.title))
    moving.log(context, pool, params.record, "transferred", to_pool=other.name, reason=params.reason or None)
    return {"form": pool.form, "record": params.record, "pool": other.name}


def report(
    context: Context, params: Report
) -> Annotated[dict[str, Any], has(pool=str, records=dict, moves=dict, people=list[dict])]:
    """What went in and out of a pool, in all and by person; for managers."""
    pool = pool_named(context, params.pool, manager=True)
    zone = context.moment().zone
    rows = context.unit.fetch(
        REPORT,
        pool=pool.name,
        since=start_of(params.since, zone),
        until=start_of(params.until + timedelta(days=1), zone),
    )
    kinds: dict[str, int] = {}
    people: dict[int, dict[str, Any]] = {}
    for row in rows:
        kinds[row["kind"]] = kinds.get(row["kind"], 0) + row["count"]
        person = row["user"] if row["user"] is not None else row["former"]
        if person is not None:
            known = people.setdefault(person, {"user": person, "name": moving.person_of(context, person)})
            known[row["kind"]] = known.get(row["kind"], 0) + row["count"]
    listed = context.as_app().ask("records.list", type=pool.form, where=pool.condition, limit=1, count=True)
    return {"pool": pool.name, "records": listed.get("count"), "moves": kinds, "people": list(people.values())}


def list_moves(context: Context, params: Moves) -> list[dict[str, Any]]:
    """How a record moved, the newest first; for who may read it."""
    context.ask("records.get", type=params.form, id=params.record, fields=("id",))
    rows = context.unit.fetch(MOVES, form=params.form, record=params.record, count=params.limit)
    return [
        {
            **row,
            "user_name": moving.person_of(context, row["user"]),
            "former_name": moving.person_of(context, row["former"]),
        }
        for row in rows
    ]


OPERATIONS = (
    Operation("rules.pools", list_pools, writes=False, summary={"en": "My pools", "zh-CN": "我的公海"}),
    Operation(
        "rules.pool_records", list_records, PoolRecords, writes=False,
        summary={"en": "What lies in a pool", "zh-CN": "公海记录"},
    ),
    Operation(
        "rules.pool_view", view, OfRecordInPool, summary={"en": "Open a record of a pool", "zh-CN": "查看公海记录"}
    ),
    Operation("rules.claim", claim, OfRecordInPool, summary={"en": "Claim a record", "zh-CN": "领取"}),
    Operation("rules.release", release, Release, summary={"en": "Give a record back", "zh-CN": "退回公海"}),
    Operation(
        "rules.transfer", transfer, Transfer, summary={"en": "Move a record to another pool", "zh-CN": "转移到其他公海"}
    ),
    Operation(
        "rules.pool_report", report, Report, writes=False, summary={"en": "What moved in a pool", "zh-CN": "公海报表"}
    ),
    Operation(
        "rules.pool_moves", list_moves, Moves, writes=False, summary={"en": "How a record moved", "zh-CN": "流转记录"}
    ),
)  # fmt: skip
