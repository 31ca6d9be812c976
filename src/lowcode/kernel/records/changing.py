"""Many records changed in one go, each as one that is changed by itself is: read by one query, looked at one by one,
written together. The same holds as of new ones (`creating`): where a row's own steps ask the database, or two rows mean
one record, they are changed one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records import overlaps, save
from lowcode.kernel.records.ahead import ahead
from lowcode.kernel.records.creating import OneByOne, apart, in_one_go, walked
from lowcode.kernel.records.linked import ids_named, look_up
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.rollups import hold
from lowcode.kernel.records.together import load_many, write_changes

Sent = tuple[int, Mapping[str, Any]]
Changed = tuple[int, int] | tuple[Problem, ...]
"""The version a record had and the one it has, or why it was not changed."""


def change_many(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Sent]) -> list[Changed]:
    """Change records, each for itself: one that is refused does not hold up the others."""
    several = len(sent) > 1 and len({identity for identity, _ in sent}) == len(sent)
    if several:
        take_turns(context, plan, grant, sent)
    changed = in_one_go(context, lambda: _together(context, plan, grant, sent)) if several else None
    return [_alone(context, plan, *each) for each in sent] if changed is None else changed


def take_turns(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Sent]) -> None:
    """As of new ones (`creating`)."""
    if not overlaps.in_turn(context, plan.record_type):
        return
    ids = [identity for identity, _ in sent]
    hold(context, plan.record_type, ids)
    there = load_many(context, plan, ids)
    known = [(identity, values) for identity, values in sent if identity in there]
    drafts = [_draft(context, plan, grant, there[identity], identity, values) for identity, values in known]
    overlaps.take_turns(context, plan.record_type, [each.values for each in drafts if isinstance(each, Change)])


def _alone(context: Context, plan: save.SavePlan, identity: int, values: Mapping[str, Any]) -> Changed:
    form = plan.record_type.name
    try:
        with context.unit.savepoint():
            before = context.ask("records.get", type=form, id=identity, fields=("version",))["version"]
            return before, context.ask("records.update", type=form, id=identity, values=values)["version"]
    except Rejected as refused:
        return tuple(refused.problems)


def _together(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Sent]) -> list[Changed]:
    """Raises OneByOne when a step of a row asks the database."""
    unit, record_type = context.unit, plan.record_type
    ids = [identity for identity, _ in sent]
    hold(context, record_type, ids)
    there = load_many(context, plan, ids)
    found: list[Changed] = []
    changes: list[Change] = []
    named = ids_named(record_type, [*there.values(), *(values for _, values in sent)])
    with ahead(context, record_type, named) as looked:
        asked = unit.statements
        drafts = [_draft(context, plan, grant, there.get(identity), identity, values) for identity, values in sent]
        if unit.statements != asked:
            raise OneByOne
        known = look_up(context, [each for each in drafts if isinstance(each, Change)], plan.linking)
        asked = unit.statements
        for each in drafts:
            refused = walked(context, plan, grant, each, known) if isinstance(each, Change) else each
            if unit.statements != asked:
                raise OneByOne
            if refused or not isinstance(each, Change):
                found.append(refused)
                continue
            assert each.before is not None
            if save.difference(plan, each) is not None:
                changes.append(each)
                found.append((each.before["version"], each.values["version"]))
            else:
                found.append((each.before["version"], each.before["version"]))
    apart(looked, changes)
    if record_type.tree is not None and any(record_type.tree in each.changed for each in changes):
        raise OneByOne  # whether a move closes a circle depends on the moves before it
    if changes:
        write_changes(context, plan, changes)
    return found


def _draft(
    context: Context, plan: save.SavePlan, grant: Grant, before: Mapping[str, Any] | None, identity: int,
    values: Mapping[str, Any],
) -> Change | tuple[Problem, ...]:  # fmt: skip
    if before is None:
        raise OneByOne
    try:
        return save.redraft(context, plan, grant, identity, values, None, before)
    except Rejected as refused:
        return tuple(refused.problems)
