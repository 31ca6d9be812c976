"""What the designer of pools asks: what may be written, what is wrong with a pool as it would be, and what it would
mean: what would lie in it, what would go back and when, and what somebody might still claim.

A pool that is designed is the document itself; it is looked at and published by `app.plan` and `app.publish`, as any
other document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any

from lowcode.kernel.answers import Checked, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions.designing import told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report, nearest
from lowcode.kernel.identity import org
from lowcode.rules import designing
from lowcode.rules import diagnostics as words
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.actions.schema import pool_model
from lowcode.rules.compile import examine_pool
from lowcode.rules.plan import Rule
from lowcode.rules.pools import moving
from lowcode.rules.pools.pool import Pool, refusals
from lowcode.rules.pools.words import OPTIONS
from lowcode.rules.run import due_at
from lowcode.rules.schedules.spans import WORKING
from lowcode.rules.selecting import paths
from lowcode.rules.stages import plan_of

LOOKED_AT = 500
"""So many held records are looked at for when they would go back."""
SHOWN = 12
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


class CheckPool(Parameters):
    """A pool as it would be."""

    document: dict[str, Any]


class TryPool(CheckPool):
    """The same; with what a person might still claim, by login."""

    login: str | None = None


@lru_cache(maxsize=8)
def _schema(kinds: tuple[ActionKind, ...]) -> dict[str, Any]:
    return schema_of(pool_model(kinds))


def pool_palette(
    context: Context, params: Nothing
) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
    """What `rules.rule_palette` says, with the schema of a pool and the words for it."""
    found = designing.rule_palette(context, params)
    named = found["words"]
    return {
        **found,
        "schema": _schema(tuple(_kinds(context))),
        "words": {**named, "options": {**named["options"], **OPTIONS}},
    }


def _kinds(context: Context) -> Any:
    return next(each for each in context.app.engines if each.name == "rules").kinds


def examine(context: Context, document: Mapping[str, Any]) -> tuple[Report, Pool | None, list[Rule]]:
    """A pool held against the app as it stands: what is wrong with it, and what it is where it can be understood."""
    return examine_pool(document, context.app.scope, _kinds(context), plan_of(context.app))


def check_pool(context: Context, params: CheckPool) -> Checked:
    """Everything that is wrong with a pool (`findings`). `elsewhere`: other documents may speak of what it no longer
    says: of another form, another field, or of a rule by which it took records back."""
    report, found, _ = examine(context, params.document)
    now = moving.pools_of(context.app).get(str(params.document.get("name")))
    return {
        "findings": told(report, context.actor.locale),
        "elsewhere": now is not None and (found is None or _known(now) != _known(found)),
    }


def _known(pool: Pool) -> tuple[Any, ...]:
    """What others know of a pool."""
    return pool.form, pool.field, pool.reclaims


def try_pool(
    context: Context, params: TryPool
) -> Annotated[
    dict[str, Any],
    has(lying=dict, held=object, looked_at=int, overdue=int, week=int, month=int, going=list[dict], person=dict | None),
]:
    """What a pool would mean now: what would be `lying` in it, how many records are `held`, which of those are
    `going` back and when, the next first (`overdue`, in a `week`, in a `month` of the `looked_at`), and what the
    `person` might still claim. Nothing is done. Raises Rejected with what is wrong with it, NotFound."""
    report, pool, rules = examine(context, params.document)
    if pool is None or report.errors:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    app = context.as_app()
    lying = app.ask("records.list", type=pool.form, where=pool.condition, fields=("id",), limit=SHOWN, count=True)
    held = f"{pool.field} is not blank" + (f" and ({pool.where.text})" if pool.where is not None else "")
    page = app.ask(
        "records.list", type=pool.form, where=held, fields=("id", pool.field), limit=LOOKED_AT, count=True
    )  # fmt: skip
    owners = {row["id"]: row[pool.field] for row in page["items"]}
    going = _going(app, pool, rules, list(owners))
    now = context.moment().now
    first = sorted(going, key=lambda record: (going[record][0] <= now, going[record][0], record))[:SHOWN]
    lies = [row["id"] for row in lying["items"]]
    labels = app.ask("records.label", type=pool.form, ids=tuple(dict.fromkeys((*lies, *first))))
    return {
        "lying": {"count": lying["count"], "items": [{"record": each, "label": labels.get(each)} for each in lies]},
        "held": page["count"],
        "looked_at": len(owners),
        "overdue": sum(1 for at, _ in going.values() if at <= now),
        "week": sum(1 for at, _ in going.values() if now < at <= now + WEEK),
        "month": sum(1 for at, _ in going.values() if now < at <= now + MONTH),
        "going": [
            {"record": each, "label": labels.get(each), "at": going[each][0], "rule": going[each][1],
             "owner": moving.person_of(context, owners[each])}
            for each in first
        ],
        "person": _standing(context, pool, params.login) if params.login else None,
    }  # fmt: skip


def _going(context: Context, pool: Pool, rules: Sequence[Rule], ids: list[int]) -> dict[int, tuple[datetime, Any]]:
    """For each record that would go back the first instant at which it does, and what takes it."""
    found: dict[int, tuple[datetime, Any]] = {}
    moment = context.moment()
    for rule in rules:
        step = rule.steps[-1]
        for record, known in context.facts(pool.form, ids, [paths("id"), *rule.needs(step)]).items():
            if rule.still is not None and not rule.still.test(known, moment):
                continue
            at = due_at(rule, step, known, moment)
            if at is not None and (record not in found or at < found[record][0]):
                found[record] = (at, rule.title)
    return found


def _standing(context: Context, pool: Pool, login: str) -> dict[str, Any]:
    """What a person has of a pool, of its limits, and what speaks against one more."""
    directory = org.directory(context)
    known = {each.login: each for each in directory.users.values() if each.id in directory.active}
    if login not in known:
        near = nearest(login, known) or ""
        raise NotFound(words.problem("no-such-person", words.NO_SUCH_PERSON, "/login", name=login, near=near))
    person = known[login]
    actor, moment, limits = context.as_user(person.id).actor, context.moment(), pool.limits
    now, free = moving.standing(context, pool, person.id), pool.has_manager(actor)
    reached = [] if free else refusals(pool, now, moment, moment.calendar or WORKING)
    return {
        "member": pool.has_member(actor),
        "manager": free,
        "claimed_today": now.claimed_today,
        "per_day": limits.per_day,
        "held": now.held,
        "holding": limits.holding,
        "viewed_today": moving.views_today(context, pool, person.id),
        "views_per_day": limits.views_per_day,
        "reached": [each.code for each in reached],
    }


OPERATIONS = (
    Operation(
        "rules.pool_palette", pool_palette, Nothing, "administrator", False,
        {"en": "What a pool may say", "zh-CN": "公海设计器选项"},
    ),
    Operation(
        "rules.check_pool", check_pool, CheckPool, "administrator", False,
        {"en": "What is wrong with a pool", "zh-CN": "检查公海"},
    ),
    Operation(
        "rules.try_pool", try_pool, TryPool, "administrator", False,
        {"en": "What a pool would mean", "zh-CN": "试运行未发布的公海"},
    ),
)  # fmt: skip
