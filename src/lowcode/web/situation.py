"""What one person may do with one record now: for the buttons of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import save
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.stages import held_back

UNMET = {"en": "the condition of this step does not hold", "zh-CN": "不满足这一步的条件"}
MISSING = {"en": "fill in first: {fields}", "zh-CN": "请先填写：{fields}"}


def situation(
    context: Any, record_type: RecordType, identity: int, read: Mapping[str, Any] | None = None
) -> dict[str, Any]:  # fmt: skip
    """The `_meta` of a record. `read`: the record as this person read it just now, which may be all there is of it."""
    plan = context.host.save_plan(record_type)
    grant = context.host.grant(record_type, context.actor)
    values: Mapping[str, Any] | None
    stored = context.host.cached(("stored", record_type.name), lambda: frozenset(plan.columns) - {"deleted_at"})
    if read is not None and not grant.hidden and stored <= read.keys():
        values = {**read, "deleted_at": None}
    else:
        values = save.load(context, plan, identity)
    if values is None:
        return {}
    edit = _can(context, plan, grant, "edit", values)
    alike = grant.may("delete") == grant.may("edit") and grant.conditions("delete") == grant.conditions("edit")
    can = {"edit": edit, "delete": edit if alike else _can(context, plan, grant, "delete", values)}
    conditional = context.host.cached(("fixed", record_type.name), lambda: _conditions(record_type))
    fixed = grant.fixed
    if conditional:
        moment = context.moment()
        fixed |= {
            name
            for name, condition, needs in conditional
            if condition.test(save.with_facts(context, plan, values, needs), moment)
        }
    extra: dict[str, list[Any]] = {}
    for name, value in () if context.actor.narrowed else context.host.situations(context, record_type, values):
        extra.setdefault(name, []).extend(value)
    found = {
        "can": can,
        "read_only": sorted(fixed),
        "transitions": {state.name: _transitions(context, plan, state, values) for state in record_type.states},
        "buttons": extra.get("buttons", []), "flows": extra.get("flows", []), "print": extra.get("print", []),
    }  # fmt: skip
    return _closed(record_type, found, extra["closed"]) if extra.get("closed") else found


def _closed(
    record_type: RecordType, found: dict[str, Any], closed: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """What may be done while engines keep the record closed: each of `closed` says which fields it leaves open (`but`),
    and why it is closed. Transitions that nobody but the app takes are not offered, others with the reason."""
    left = frozenset.intersection(*(frozenset(each["but"]) for each in closed))
    message = closed[0]["message"]
    for name, ways in found["transitions"].items():
        if name not in left:
            own = {each.to for each in record_type.fields[name].options.transitions if each.roles != []}  # type: ignore[attr-defined]
            ways[:] = [{"to": way["to"], "allowed": False, "message": message} for way in ways if way["to"] in own]
    return {
        **found,
        "can": {"edit": found["can"]["edit"] and bool(left), "delete": False},
        "read_only": sorted({*found["read_only"], "owner", *record_type.fields} - (left - set(found["read_only"]))),
        "closed": {"but": sorted(left), "message": message},
    }


def _can(context: Any, plan: Any, grant: Any, action: str, values: Mapping[str, Any]) -> bool:
    """Whether the person may do this with the record now."""
    if not grant.may(action) or grant.conditions(action) is None:
        return bool(grant.may(action))
    facts = save.with_facts(context, plan, values, grant.needs(action))
    return bool(grant.allows(action, facts, context.moment()))


def _conditions(record_type: RecordType) -> list[tuple[str, Expression, Needs]]:
    """The fields that are read only by condition."""
    return [
        (each.name, each.read_only_when, needs_of((each.read_only_when,)))
        for each in record_type.fields.values()
        if each.read_only_when is not None
    ]


def _transitions(context: Any, plan: Any, state: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
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
        old = values.get(state.name)
        held = held_back(context, plan, state, old, each.to, values, save.with_facts, each.gates)
        missing += [problem.pointer.removeprefix("/") for problem in held if problem.pointer != f"/{state.name}"]
        message = message or "；".join(problem.words(locale) for problem in held) or None
        found.append(
            {
                "to": each.to,
                "allowed": message is None,
                **({"message": message} if message else {}),
                **({"missing": list(dict.fromkeys(missing))} if missing else {}),
            }
        )
    return found
