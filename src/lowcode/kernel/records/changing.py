"""Many records changed in one go, each as one that is changed by itself is: read by one query, looked at one by one,
written together. The same holds as of new ones (`creating`): where a row's own steps ask the database, or two rows mean
one record, they are changed one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records import former, overlaps, save, searching
from lowcode.kernel.records.ahead import ahead
from lowcode.kernel.records.attachments import claim
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.linked import ids_named, look_up
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.rollups import hold, refresh_own, refresh_parents
from lowcode.kernel.records.several import OneByOne, apart, in_one_go
from lowcode.kernel.records.write import (
    HISTORY_COLUMNS,
    enter_state,
    history_of,
    leave_state,
    update_parameters,
    work_of,
)
from lowcode.kernel.storage.types import json_text

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


def take_turns(
    context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Sent], new: Sequence[Mapping[str, Any]] = (),
    gone: Sequence[int] = (),
) -> None:  # fmt: skip
    """As of new ones (`creating`), and together with `new` ones (`creating.drafted`): whoever changes one record
    has it before they wait for its range, so all that is changed or deleted (`gone`) is held before any range is."""
    if not overlaps.in_turn(context, plan.record_type):
        return
    ids = [identity for identity, _ in sent]
    hold(context, plan.record_type, [*ids, *gone])
    there = load_many(context, plan, ids)
    known = [(identity, values) for identity, values in sent if identity in there]
    drafts = [_draft(context, plan, grant, there[identity], identity, values) for identity, values in known]
    values_ = [each.values for each in drafts if isinstance(each, Change)]
    overlaps.take_turns(context, plan.record_type, [*new, *values_])


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
            refused = save.walked(context, plan, grant, each, known) if isinstance(each, Change) else each
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


def write_changes(context: Context, plan: save.SavePlan, changes: Sequence[Change], word: str = "updated") -> None:
    """What `write_change` writes, kind by kind; `word`: what happened to the records."""
    unit, record_type = context.unit, plan.record_type
    different = [found for found in (save.difference(plan, each) for each in changes) if found is not None]
    unit.write_many(unit.database.prepare(plan.update), (update_parameters(plan, each) for each in changes))
    histories, about = [], []
    for change, (changed, rows) in zip(changes, different, strict=True):
        identity, values = change.values["id"], change.values
        for lines, difference in zip(plan.lines, rows, strict=True):
            lines.write(context, identity, difference)
        if plan.searching is not None:
            searching.write_change(context, plan.searching, values, changed)
        assert change.before is not None
        former.keep(context, plan, values["version"], change.before, changed, rows)
        history = history_of(plan, changed, rows)
        histories.append(
            {"record_id": identity, "version": values["version"], "at": values["updated_at"],
             "actor": context.actor.id, "kind": word, "changes": history}
        )  # fmt: skip
        about.append((identity, {"version": values["version"], "changed": sorted(history)}, work_of(context, change)))
        for state in record_type.states:
            if state.name in changed:
                leave_state(context, plan, identity, state.name, values["updated_at"])
                enter_state(context, plan, identity, state.name, *changed[state.name], values["updated_at"])
    unit.write_many(unit.database.prepare_insert(record_type.history, HISTORY_COLUMNS), histories)
    context.tell_many(f"record.{word}", record_type.name, about)
    for change in changes:
        if plan.files:
            claim(context, plan.files, change)
        if plan.gathered:
            refresh_own(context, plan, change)
    refresh_parents(context, plan, changes)
    for change in changes:
        for after in change.after:
            after(context, change.values["id"])


def load_many(context: Context, plan: save.SavePlan, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Several records as they stand, with their rows."""
    host: Any = context.host
    table, dialect = plan.record_type.table, host.database.dialect_name
    statement = host.cached(
        ("records.load-many", plan.record_type.name), lambda: sa.select(table).where(id_in(table.c.id, dialect))
    )
    found = {row["id"]: row for row in context.unit.fetch(statement, ids=json_text(list(ids)))}
    for lines in plan.lines:
        for identity, rows in lines.load_many(context, list(found)).items():
            found[identity][lines.name] = rows
    return found
