"""Being away: since when and until when, and who stands in. What is said can be seen and taken back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, nearest
from lowcode.kernel.identity.keeping import user_called
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import tables as t

PRESENT = (
    sa.select(t.absence)
    .where(t.absence.c.user == sa.bindparam("person"), t.absence.c.until > sa.bindparam("now"))
    .order_by(t.absence.c.since, t.absence.c.id)
)
ONE = sa.select(t.absence).where(t.absence.c.id == sa.bindparam("absence_id"))
DROP = sa.delete(t.absence).where(t.absence.c.id == sa.bindparam("absence_id"))
SHORTEN = sa.update(t.absence).where(t.absence.c.id == sa.bindparam("absence_id")).values(until=sa.bindparam("now"))


class Away(Parameters):
    """Somebody is away; an agent stands in, named by login or id. Without `user`, the one who asks. `only` and `but`
    name matters by what they are, as documents name them: `flow:price`. `only` some: they are there for all else; all
    `but` some. Of several absences at once the nearest counts: one that names the matter, then one with `but`, then the
    rest; of equals the one that begins last."""

    user: str | None = None
    since: datetime
    until: datetime
    agent: int | str | None = None
    reason: str | None = Key(None, max_length=500)
    only: tuple[str, ...] = Key((), max_length=200)
    but: tuple[str, ...] = Key((), max_length=200)


class Whose(Parameters):
    """Whose absences, by login; one's own when left out."""

    user: str | None = None


class OneAbsence(Parameters):
    """One absence."""

    id: int


def away(context: Context, params: Away) -> int | None:
    """Say that somebody is away."""
    if params.until <= params.since:
        raise Rejected(problem("backwards", "/until"))
    everybody = directory(context)
    user = user_called(everybody, params.user, "/user") if params.user is not None else context.actor.id
    agent = _agent(context, params.agent)
    if agent is not None and agent == user:
        raise Rejected(problem("agent-is-oneself", "/agent"))
    _check_matters(context, params)
    identity = context.unit.insert(
        t.absence, user=user, since=params.since, until=params.until, agent=agent, reason=params.reason,
        only=list(dict.fromkeys(params.only)) or None, but=list(dict.fromkeys(params.but)) or None,
    )  # fmt: skip
    context.host.forget_directory(context.unit)
    return identity


def _check_matters(context: Context, params: Away) -> None:
    """What an absence is about is something of the app, and said in one way. Raises Rejected with all that is wrong."""
    if params.only and params.but:
        raise Rejected(problem("only-or-but", "/but"))
    scope, wrong = context.app.scope, []
    sorts = ", ".join(f"{each}:…" for each in sorted(scope.matters))
    for key, matters in (("only", params.only), ("but", params.but)):
        for index, matter in enumerate(matters):
            sort, _, name = matter.partition(":")
            if sort not in scope.matters:
                wrong.append(problem("no-matter", f"/{key}/{index}", seen=matter, sorts=sorts))
            elif name not in (known := scope.names(sort)):
                near = nearest(name, known)
                meant = f"{sort}:{near}" if near else ""
                wrong.append(problem("unknown-matter", f"/{key}/{index}", seen=matter, near=meant))
    if wrong:
        raise Rejected(wrong)


def _agent(context: Context, agent: int | str | None) -> int | None:
    if agent is None:
        return None
    everybody = directory(context)
    known = everybody.users.get(agent) if isinstance(agent, int) else None
    found = known.id if known is not None else user_called(everybody, str(agent), "/agent")
    if not everybody.users[found].active:
        raise Rejected(problem("inactive-agent", "/agent", login=everybody.users[found].login))
    return found


def absences(context: Context, params: Whose) -> Items:
    """When somebody is away, now and to come, and who stands in."""
    everybody = directory(context)
    user = user_called(everybody, params.user, "/user") if params.user is not None else context.actor.id
    users = everybody.users
    return {
        "items": [
            {
                "id": row["id"], "since": row["since"], "until": row["until"], "reason": row["reason"],
                "only": row["only"] or [], "but": row["but"] or [],
                "agent": {"id": row["agent"], "label": users[row["agent"]].name} if row["agent"] in users else None,
            }
            for row in context.unit.fetch(PRESENT, person=user, now=context.now())
        ]
    }  # fmt: skip


def end_absence(context: Context, params: OneAbsence) -> None:
    """Back again: one that is to come is dropped, one that has begun ends now."""
    row = context.unit.one(ONE, absence_id=params.id)
    mine = row is not None and (row["user"] == context.actor.id or context.actor.is_administrator)
    if row is None or not mine or row["until"] <= context.now():
        raise NotFound(problem("no-such-absence", "/id"))
    if row["since"] >= context.now():
        context.unit.run(DROP, absence_id=params.id)
    else:
        context.unit.run(SHORTEN, absence_id=params.id, now=context.now())
    context.host.forget_directory(context.unit)


def _own(context: Context, params: Away | Whose) -> Problem | None:
    if params.user is None or params.user == context.actor.login or context.actor.is_administrator:
        return None
    return problem("not-yours", "/user", login=params.user)


OPERATIONS = (
    Operation("identity.away", away, Away, _own, summary={"en": "Be away", "zh-CN": "设置外出代理"}),
    Operation(
        "identity.absences", absences, Whose, _own, writes=False,
        summary={"en": "When I am away", "zh-CN": "我的外出代理"},
    ),
    Operation("identity.end_absence", end_absence, OneAbsence, summary={"en": "I am back", "zh-CN": "结束外出"}),
)  # fmt: skip
