"""What one person may do with one record now: for the buttons of the page."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records import save
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.plan import RecordType

UNMET = {"en": "the condition of this step does not hold", "zh-CN": "不满足这一步的条件"}
MISSING = {"en": "fill in first: {fields}", "zh-CN": "请先填写：{fields}"}


def situation(context: Any, record_type: RecordType, identity: int) -> dict[str, Any]:
    """The `_meta` of a record."""
    plan = context.host.save_plan(record_type)
    grant = context.host.grant(record_type, context.actor)
    values = save.load(context, plan, identity)
    if values is None:
        return {}
    moment = context.moment()
    can = {}
    for action in ("edit", "delete"):
        facts = save.with_facts(context, plan, values, grant.needs(action))
        can[action] = grant.may(action) and grant.allows(action, facts, moment)
    fixed = set(grant.fixed)
    for field in record_type.fields.values():
        if field.read_only_when is not None:
            facts = save.with_facts(context, plan, values, needs_of((field.read_only_when,)))
            if field.read_only_when.test(facts, moment):
                fixed.add(field.name)
    extra: dict[str, list[Any]] = {}
    for name, value in context.host.situations(context, record_type, values):
        extra.setdefault(name, []).extend(value)
    return {
        "can": can,
        "read_only": sorted(fixed),
        "transitions": {state.name: _transitions(context, plan, state, values) for state in record_type.states},
        "buttons": extra.get("buttons", []), "flows": extra.get("flows", []), "print": extra.get("print", []),
    }  # fmt: skip


def _transitions(context: Any, plan: Any, state: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    actor, locale = context.actor, context.actor.locale
    conditions = plan.record_type.extras.get("transitions", {})
    for each in state.options.transitions:
        if not each.starts_at(values.get(state.name)):
            continue
        if each.roles is not None and not actor.is_administrator and not actor.roles & set(each.roles):
            continue
        message = None
        missing = [name for name in each.required if values.get(name) in (None, [])]
        if missing:
            titles = [
                localized(plan.record_type.fields[name].title, locale)
                for name in missing
                if name in plan.record_type.fields
            ]
            message = localized(MISSING, locale).replace("{fields}", "、".join(titles))
        condition = conditions.get((state.name, id(each)))
        if condition is not None:
            facts = save.with_facts(context, plan, values, needs_of((condition,)))
            if not condition.test(facts, context.moment()):
                message = localized(each.message or UNMET, locale)
        found.append({"to": each.to, "allowed": message is None, **({"message": message} if message else {})})
    return found
