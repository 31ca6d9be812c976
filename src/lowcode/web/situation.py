"""What one person may do with one record now: for the buttons of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import save
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.fields import Transition
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.stages import Wanted, gate_of, lacking, problems_of
from lowcode.kernel.records.standing import told

UNMET = {"en": "the condition of this step does not hold", "zh-CN": "不满足这一步的条件"}
MISSING = {"en": "fill in first: {fields}", "zh-CN": "请先填写：{fields}"}


@dataclass(frozen=True, slots=True)
class Known:
    """What of a situation is the same for every record of a form that somebody of one standing reads.

    `edit` and `delete`: whether they may, None where it depends on the record; `conditional`: the fields that are read
    only by condition; `stored`: what a record must have been read with to say the rest."""

    edit: bool | None
    delete: bool | None
    fixed: frozenset[str]
    conditional: tuple[tuple[str, Expression, Needs], ...]
    stored: frozenset[str]
    by_values: bool
    """Whether anything of it depends on what is in the record."""
    whole: bool
    """Whether nothing is kept from them, so that what they read is all there is."""


def known_of(context: Any, record_type: RecordType) -> Known:
    """What needs no record to be said."""
    found: Known = context.host.cached(
        ("situation", record_type.name, context.actor.standing), lambda: _known(context, record_type)
    )
    return found


def _known(context: Any, record_type: RecordType) -> Known:
    plan, grant = context.host.save_plan(record_type), context.host.grant(record_type, context.actor)
    edit, delete = _always(grant, "edit"), _always(grant, "delete")
    conditional = tuple(_conditions(record_type))
    by_values = bool(edit is None or delete is None or conditional or record_type.states)
    stored = frozenset(plan.columns) - {"deleted_at"}
    return Known(edit, delete, grant.fixed, conditional, stored, by_values, not grant.hidden)


def _always(grant: Any, action: str) -> bool | None:
    """Whether the person may do this with any record that they read; None where that depends on the record."""
    if not grant.may(action):
        return False
    condition = grant.conditions(action)
    return True if condition is None or (grant.may("read") and condition == grant.conditions("read")) else None


def situation(context: Any, record_type: RecordType, read: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The `_meta` of a record. `read`: the record as this person read it just now, which may be all there is of it;
    where nothing is said by its values they may be JSON already."""
    values: Mapping[str, Any] | None
    if not known.by_values:
        values = read
    elif known.whole and known.stored <= read.keys():
        values = {**read, "deleted_at": None}
    else:
        values = save.load(context, context.host.save_plan(record_type), read["id"])
    if values is None:
        return {}
    found = {
        "can": {"edit": known.edit, "delete": known.delete}, "read_only": sorted(known.fixed), "transitions": {},
        "buttons": [], "flows": [], "print": [],
    }  # fmt: skip
    if known.by_values:
        found.update(_by_values(context, record_type, known, values))
    extra: dict[str, list[Any]] = {}
    for name, value in () if context.actor.narrowed else context.host.situations(context, record_type, values):
        extra.setdefault(name, []).extend(value)
    found.update((name, extra[name]) for name in ("buttons", "flows", "print") if name in extra)
    return _closed(record_type, found, extra["closed"]) if extra.get("closed") else found


def _by_values(context: Any, record_type: RecordType, known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a situation that depends on what is in the record."""
    plan = context.host.save_plan(record_type)
    grant = context.host.grant(record_type, context.actor)
    edit = known.edit if known.edit is not None else _can(context, plan, grant, "edit", values)
    if known.delete is not None:
        delete = known.delete
    elif grant.may("delete") == grant.may("edit") and grant.conditions("delete") == grant.conditions("edit"):
        delete = edit
    else:
        delete = _can(context, plan, grant, "delete", values)
    fixed = known.fixed
    if known.conditional:
        moment = context.moment()
        fixed |= {
            name
            for name, condition, needs in known.conditional
            if condition.test(save.with_facts(context, plan, values, needs), moment)
        }
    return {
        "can": {"edit": edit, "delete": delete}, "read_only": sorted(fixed),
        "transitions": {
            state.name: _transitions(context, plan, state, values) if edit and state.name not in fixed else []
            for state in record_type.states
        },
    }  # fmt: skip


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
    grant = context.host.grant(plan.record_type, actor)
    for each in state.options.transitions:
        if not each.starts_at(values.get(state.name)):
            continue
        if each.roles is not None and not actor.is_administrator and not actor.roles & set(each.roles):
            continue
        lacks = _lacking(context, plan, state, each, values)
        open_to_them = [one for one in lacks if one.field is None or one.field not in grant.kept]
        message = _message(state, open_to_them, locale) or (localized(UNMET, locale) if lacks else None)
        missing = [one.field for one in open_to_them if one.field is not None]
        unmet = told(grant, locale, open_to_them)
        found.append(
            {
                "to": each.to,
                "allowed": message is None,
                **({"message": message} if message else {}),
                **({"missing": list(dict.fromkeys(missing))} if missing else {}),
                **({"unmet": unmet} if unmet else {}),
            }
        )
    return found


def _lacking(context: Any, plan: Any, state: Any, each: Transition, values: Mapping[str, Any]) -> list[Wanted]:
    """What a step still needs: its fields, its condition, and what is asked for in the state it leaves and enters."""
    record_type: RecordType = plan.record_type
    found = [
        Wanted("field", record_type.fields[name].title or name, False, name)
        for name in each.required
        if name in record_type.fields and values.get(name) in (None, [])
    ]
    condition = record_type.extras.get("transitions", {}).get((state.name, id(each)))
    if condition is not None:
        facts = save.with_facts(context, plan, values, needs_of((condition,)))
        if not condition.test(facts, context.moment()):
            found.append(gate_of(record_type, each.message or UNMET, condition, False))
    named = {one.field for one in found} - {None}
    held = lacking(context, plan, state, values.get(state.name), each.to, values, save.with_facts, each.gates)
    return [*found, *(one for one in held if one.kind != "field" or one.field not in named)]


def _message(state: Any, lacks: Sequence[Wanted], locale: str | None) -> str | None:
    """What is lacking in one line: the fields together, then the rest."""
    comma, semicolon = ("、", "；") if (locale or "").startswith("zh") else (", ", "; ")
    fields = comma.join(localized(each.title, locale) for each in lacks if each.kind == "field")
    said = [localized(MISSING, locale).replace("{fields}", fields)] if fields else []
    said += [one.words(locale) for one in problems_of(state, [each for each in lacks if each.kind != "field"])]
    return semicolon.join(said) or None
