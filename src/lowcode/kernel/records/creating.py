"""Many new records in one go: every row is looked at as one that is saved by itself is, and all are written together.

What makes one save slow is the way to the database and back. Here the links of all rows are looked up at once, and so
is what their rules and conditions read along these links (`ahead`); records, words, history and events are written by
one statement each. That means the same as one save after the other only while no row's own steps ask the database
anything more (a rule that counts what is there has to see the row before); when one does, or when a value is taken,
nothing of it happened, and the rows are saved one by one. `changing` does the same for records that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lowcode.kernel.contract import Change, Context, Told
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records import overlaps, save, searching
from lowcode.kernel.records.ahead import ahead
from lowcode.kernel.records.attachments import claim
from lowcode.kernel.records.linked import ids_named, look_up
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.rollups import refresh_above
from lowcode.kernel.records.serials import next_serials
from lowcode.kernel.records.several import OneByOne, apart, in_one_go
from lowcode.kernel.records.write import ENTERED_COLUMNS, HISTORY_COLUMNS, kept_of, work_of
from lowcode.kernel.storage import tables as t

Values = Mapping[str, Any]
Made = dict[str, Any] | tuple[Problem, ...]
"""The values of a record that was made, or why it was not."""
Against = Callable[[int, save.SavePlan, Change], tuple[Problem, ...]]
"""What stands against a change that is otherwise right; with its place among what was sent."""


def create_many(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values]) -> list[Made]:
    """Save new records, each for itself: one that is refused does not hold up the others."""
    if len(sent) > 1:
        take_turns(context, plan, grant, sent)
    made = in_one_go(context, lambda: _together(context, plan, grant, sent)) if len(sent) > 1 else None
    return [_alone(context, plan, each) for each in sent] if made is None else made


def take_turns(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values]) -> None:
    """Before several are saved: in one order with whoever saves ranges of the same things (`overlaps`)."""
    if overlaps.in_turn(context, plan.record_type):
        overlaps.take_turns(context, plan.record_type, drafted(context, plan, grant, sent))


def drafted(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values]) -> list[Values]:
    """The values of new records as they are known before their stages, without those that are refused already."""
    return [each.values for each in _drafts(context, plan, grant, sent) if isinstance(each, Change)]


def examine_many(
    context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values], against: Against | None = None
) -> list[Made]:  # fmt: skip
    """The same up to the point where it would write: the values as they would be, or what is wrong. `against`: also
    what would be refused once it is written, after what has been looked at so far."""
    with ahead(context, plan.record_type, ids_named(plan.record_type, sent)):
        drafts = _drafts(context, plan, grant, sent)
        known = look_up(context, [each for each in drafts if isinstance(each, Change)], plan.linking)
        found: list[Made] = []
        for index, each in enumerate(drafts):
            if isinstance(each, Change):
                refused = _examined(context, plan, each, known)
                if against is not None and not refused:
                    refused = against(index, plan, each)
                found.append(refused or each.values)
            else:
                found.append(each)
    return found


def _examined(context: Context, plan: save.SavePlan, change: Change, known: Any) -> tuple[Problem, ...]:
    try:
        save.examine(context, plan, change, known)
    except Rejected as refused:
        return (*change.problems, *refused.problems)
    return tuple(change.problems)


def _alone(context: Context, plan: save.SavePlan, sent: Values) -> Made:
    try:
        with context.unit.savepoint():
            made: dict[str, Any] = context.ask("records.create", type=plan.record_type.name, values=sent)
            return made
    except Rejected as refused:
        return tuple(refused.problems)


def _drafts(
    context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values]
) -> list[Change | tuple[Problem, ...]]:  # fmt: skip
    """Each as it is known before its stages; those that come with the same names are made column by column."""
    names = tuple(sent[0]) if sent else ()
    shape = plan.shapes.of(names, often=True) if len(sent) > 1 and all(tuple(each) == names for each in sent) else None
    if shape is None or not grant.may("create") or not save.unguarded(context, grant, shape.sent):
        return [_draft(context, plan, grant, each) for each in sent]
    made = shape.many(sent, context.now(), context.actor.id)
    return [
        _draft(context, plan, grant, each) if values is None else save.begun(context, plan, shape, values)
        for each, values in zip(sent, made, strict=True)
    ]


def _draft(context: Context, plan: save.SavePlan, grant: Grant, sent: Values) -> Change | tuple[Problem, ...]:
    try:
        return save.draft(context, plan, grant, sent)
    except Rejected as refused:
        return tuple(refused.problems)


def _together(context: Context, plan: save.SavePlan, grant: Grant, sent: Sequence[Values]) -> list[Made]:
    """Raises OneByOne when a step of a row asks the database."""
    unit = context.unit
    found: list[Made] = []
    changes: list[Change] = []
    with ahead(context, plan.record_type, ids_named(plan.record_type, sent)) as looked:
        asked = unit.statements
        drafts = _drafts(context, plan, grant, sent)
        if unit.statements != asked:
            raise OneByOne
        known = look_up(context, [each for each in drafts if isinstance(each, Change)], plan.linking)
        asked = unit.statements
        for each in drafts:
            if isinstance(each, Change):
                refused = save.walked(context, plan, grant, each, known)
                if unit.statements != asked:
                    raise OneByOne
                if not refused:
                    changes.append(each)
                found.append(refused or each.values)
            else:
                found.append(each)
    apart(looked, changes)
    if changes:
        _write(context, plan, changes)
    return found


def _write(context: Context, plan: save.SavePlan, changes: Sequence[Change]) -> None:
    """What `write_new` writes, kind by kind."""
    unit, record_type = context.unit, plan.record_type
    insert = unit.database.prepare_insert
    rows = [each.values for each in changes]
    for values, identity in zip(rows, unit.new_ids(record_type.table, len(rows)), strict=True):
        values["id"] = identity
    for serial in plan.serials:
        for values, number in zip(rows, next_serials(context, record_type, serial, rows), strict=True):
            values[serial.name] = number
    unit.write_many(insert(record_type.table, plan.columns), rows)
    for lines in plan.lines:
        for values in rows:
            if values[lines.name]:
                lines.insert(context, values["id"], values[lines.name])
    if plan.searching is not None:
        words = (each for values in rows for each in searching.rows_of(plan.searching, values))
        unit.write_many(insert(t.search, searching.COLUMNS), words)
    actor = context.actor.id
    told: dict[tuple[str, ...], dict[str, Any]] = {}
    about: list[Told] = []
    asked = [work_of(context, each) for each in changes]

    def histories() -> Iterator[Values]:
        """One after the other: what is not kept is not gone through by the collector of garbage."""
        for values, work in zip(rows, asked, strict=True):
            kept = kept_of(plan, values)
            names = tuple(kept)
            body = told.get(names)
            if body is None:
                body = told[names] = {"version": 1, "changed": sorted(names)}
            about.append((values["id"], body, work))
            yield {"record_id": values["id"], "version": 1, "at": values["created_at"], "actor": actor,
                   "kind": "created", "changes": kept}  # fmt: skip

    unit.write_many(insert(record_type.history, HISTORY_COLUMNS), histories())
    context.tell_many("record.created", record_type.name, about)
    for state in record_type.states:
        assert record_type.stages is not None
        unit.write_many(
            insert(record_type.stages, ENTERED_COLUMNS),
            (
                {"record_id": values["id"], "field": state.name, "came_from": None, "state": values[state.name],
                 "entered_at": values["created_at"], "actor": actor}
                for values in rows
            ),
        )  # fmt: skip
    _follow(context, plan, changes)


def _follow(context: Context, plan: save.SavePlan, changes: Iterable[Change]) -> None:
    """What must follow, last of all, when everything stands that it may read."""
    changes = list(changes)
    if plan.files:
        for change in changes:
            claim(context, plan.files, change)
    refresh_above(context, plan, [change.values for change in changes])
    for change in changes:
        for after in change.after:
            after(context, change.values["id"])
