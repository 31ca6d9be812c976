"""What a page of rules is drawn from: every rule with what sets it off and how it stands, and what one person holds of
a pool with the time that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Operation
from lowcode.rules import guards
from lowcode.rules import tables as t
from lowcode.rules.plan import OnButton, OnDate, OnEvent, OnInactive, OnRecord, OnSchedule, Rule, Step
from lowcode.rules.pools.operations import OfPool, pool_named
from lowcode.rules.pools.pool import Pool
from lowcode.rules.reasons import told
from lowcode.rules.run import due_at
from lowcode.rules.selecting import paths
from lowcode.rules.stages import plan_of

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context, Nothing

COUNTED = (
    sa.select(t.run.c.rule, t.run.c.outcome, sa.func.count().label("count"), sa.func.max(t.run.c.at).label("last"))
    .where(t.run.c.at > sa.bindparam("since", type_=t.run.c.at.type))
    .group_by(t.run.c.rule, t.run.c.outcome)
)
HELD = 200
"""Records of one person that are looked at for the time they have left."""

SORTS = {
    OnRecord: "save", OnSchedule: "schedule", OnInactive: "inactive", OnDate: "date", OnButton: "button",
    OnEvent: "event",
}  # fmt: skip


def rules(context: Context, _: Nothing) -> Items:
    """Every rule of the app: what it is about, what sets it off, whether it is armed or paused, what it did lately."""
    plan = plan_of(context.app)
    language = context.actor.locale
    paused = {row["rule"]: told(row["reason"], language) for row in context.unit.fetch(guards.ALL_PAUSED)}
    since = context.now() - guards.LATELY
    done: dict[str, dict[str, Any]] = {}
    for row in context.unit.fetch(COUNTED, since=since):
        known = done.setdefault(row["rule"], {"last": None})
        known[row["outcome"]] = row["count"]
        known["last"] = max(filter(None, (known["last"], row["last"])), default=None)
    items = [
        {
            **_told(rule, armed, paused.get(rule.name), done.get(rule.name, {})),
            "switchable": context.app.documents.get("rules", rule.name) is not None,
        }
        for armed, group in ((True, plan.rules), (False, plan.disarmed))
        for rule in group.values()
    ]
    return {"items": sorted(items, key=lambda each: (each["form"] or "", each["rule"]))}


def _told(rule: Rule, armed: bool, paused: str | None, done: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "title": rule.title,
        "form": rule.form,
        "trigger": SORTS[type(rule.trigger)],
        "phase": rule.phase,
        "when": rule.when.text if rule.when is not None else None,
        "actions": [action.kind for step in rule.steps for action in step.actions],
        "armed": armed,
        "paused": paused,
        "lately": {name: value for name, value in done.items() if name != "last"},
        "last": done.get("last"),
        "tried": rule.form is not None and not isinstance(rule.trigger, (OnButton, OnEvent)),
    }


def mine(context: Context, params: OfPool) -> Items:
    """What this person holds of a pool, and when each record goes back by itself; what goes back first comes first."""
    pool = pool_named(context, params.pool)
    page = context.ask(
        "records.list", type=pool.form, where=f"{pool.field} = ME()", fields=("id",), limit=HELD, count=True
    )
    ids = [row["id"] for row in page["items"]]
    due, labels = _due(context.as_app(), pool, ids), context.ask("records.label", type=pool.form, ids=tuple(ids))
    items = [{"record": each, "label": labels.get(each), **due.get(each, {"at": None, "rule": None})} for each in ids]
    return {"items": sorted(items, key=lambda each: (each["at"] is None, each["at"])), "count": page.get("count")}


def _due(context: Context, pool: Pool, ids: list[int]) -> dict[int, dict[str, Any]]:
    """For each record the first instant at which a rule of the pool takes it back, as things are now."""
    found: dict[int, dict[str, Any]] = {}
    moment = context.moment()
    for rule, step in _reclaiming(context, pool):
        facts = context.facts(pool.form, ids, [paths("id"), *rule.needs(step)])
        for record, known in facts.items():
            if rule.still is not None and not rule.still.test(known, moment):
                continue
            at = due_at(rule, step, known, moment)
            if at is not None and (record not in found or at < found[record]["at"]):
                found[record] = {"at": at, "rule": rule.title}
    return found


def _reclaiming(context: Context, pool: Pool) -> list[tuple[Rule, Step]]:
    return [
        (rule, step)
        for rule in plan_of(context.app).rules.values()
        if rule.form == pool.form
        for step in rule.steps
        if any(
            getattr(action, "pool", None) == pool.name and action.kind == "return_to_pool" for action in step.actions
        )
    ]


OPERATIONS = (
    Operation("rules.list", rules, access="administrator", writes=False, summary={"en": "Rules", "zh-CN": "规则列表"}),
    Operation(
        "rules.pool_mine", mine, OfPool, writes=False,
        summary={"en": "What I hold of a pool", "zh-CN": "我的公海记录"},
    ),
)  # fmt: skip
