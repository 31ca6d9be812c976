"""The one write path, for everyone: permit what was sent, make values of it, walk the stages, permit the result, write
record, lines, history and event in one transaction, tell.

Everything a record type needs for it is gathered once in a `SavePlan`, so a save does no deciding that the definition
has decided already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context, StageRun
from lowcode.kernel.diagnostics import TOLD, Forbidden, NotFound, Problem, Rejected, nearest
from lowcode.kernel.records import attachments, conditions, overlaps, pairs, trees, words
from lowcode.kernel.records.coercing import Shape, Shapes
from lowcode.kernel.records.completing import complete, lacks
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.fields.choices import id_of
from lowcode.kernel.records.fields.kind import Coerce, coercer_of
from lowcode.kernel.records.keeping import Keep, keeper
from lowcode.kernel.records.lines import LinesPlan, lines_plan
from lowcode.kernel.records.linked import NOTHING as NO_LINKS
from lowcode.kernel.records.linked import Known, Linking, check_links, linking
from lowcode.kernel.records.meanwhile import as_sent, meanwhile, reconcile
from lowcode.kernel.records.nested import Back, below, rows_at
from lowcode.kernel.records.permissions import NOTHING, Grant
from lowcode.kernel.records.plan import Check, Field, RecordType, Unique
from lowcode.kernel.records.rollups import Watch, gathered, hold
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.records.searching import Searching, searching_of
from lowcode.kernel.records.serials import next_serial
from lowcode.kernel.records.states import check_transition
from lowcode.kernel.records.unread import without_unread
from lowcode.kernel.records.upheld import held_from_below, whole
from lowcode.kernel.records.veil import is_mask_of
from lowcode.kernel.records.write import write_change, write_new


@dataclass(slots=True)
class SavePlan:
    """What saving one record type takes."""

    record_type: RecordType
    coercers: Mapping[str, Coerce]
    """What makes a value of what was sent, for each field somebody can set."""
    shapes: Shapes
    """The same for the names that are sent together again and again."""
    columns: tuple[str, ...]
    written: tuple[str, ...]
    """Those of its columns that a change writes."""
    update: sa.Update
    select: sa.Select[Any]
    stages: tuple[StageRun, ...]
    lines: tuple[LinesPlan, ...]
    gathered: tuple[Field, ...]
    """Stored fields that follow other records: they are kept up to date by those, and not by this save."""
    serials: tuple[Field, ...]
    defaults: tuple[Field, ...]
    conditions: conditions.Conditions
    needs: Needs
    watched: tuple[Watch, ...]
    """Parents to bring up to date."""
    checks: tuple[tuple[Check, Needs], ...] = ()
    files: tuple[attachments.Holder, ...] = ()
    looks: tuple[tuple[str, Field, pairs.Look], ...] = ()
    """Fields that are right only beside something else, and how they are looked at."""
    apart: tuple[tuple[str, Unique], ...] = ()
    """What may stand once among its rows."""
    linking: Linking = NO_LINKS
    """The fields whose values name records or people."""
    history: frozenset[str] = frozenset()
    """The fields whose changes are kept."""
    confidential: frozenset[str] = frozenset()
    """Those of which only that they changed is kept: what is encrypted in the record is not told by its history."""
    searching: Searching | None = None
    """What is searched of it."""
    keep: Keep = dict
    """What the history keeps of a new record, rows apart."""
    stages_named: tuple[str, ...] = ()
    """What its stages are called."""
    extra: dict[str, Any] = field(default_factory=dict)


def create(context: Context, plan: SavePlan, grant: Grant, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Save a new record; its values."""
    change = draft(context, plan, grant, sent)
    values = change.values
    walk(context, plan, grant, change)
    values["id"] = context.unit.new_ids(plan.record_type.table, 1)[0]
    for each in plan.serials:
        values[each.name] = next_serial(context, plan.record_type, each, values)
    with whole(context, plan):
        write_new(context, plan, change)
    return values


def draft(context: Context, plan: SavePlan, grant: Grant, sent: Mapping[str, Any]) -> Change:
    """A new record as far as it is known before the stages; nothing is written."""
    record_type = plan.record_type
    if not grant.may("create"):
        raise Forbidden(words.problem("may-not", "", action="create", form=record_type.name))
    shape = plan.shapes.of(tuple(sent))
    if shape is not None and unguarded(context, grant, shape.sent):
        try:
            return begun(context, plan, shape, shape.make(sent, context.now(), context.actor.id))
        except Invalid:
            pass  # what is wrong is said name by name
    problems: list[Problem] = []
    values = _blank(plan)
    coerced = _coerce(plan, grant, sent, problems, context)
    if "owner" not in coerced:
        values["owner"] = context.actor.id
    values.update(coerced)
    now = context.now()
    values.update(id=None, version=1, created_at=now, created_by=context.actor.id, updated_at=now,
                  updated_by=context.actor.id, deleted_at=None)  # fmt: skip
    for each in plan.defaults:
        if each.name not in coerced:
            values[each.name] = default_of(context, record_type, each, values)
    _row_defaults(context, record_type, values)
    _begin_states(record_type, values)
    return Change(record_type, "create", values, None, frozenset(coerced), problems)


def unguarded(context: Context, grant: Grant, names: frozenset[str]) -> bool:
    """Whether nothing has to be said of who may set these fields."""
    return names.isdisjoint(grant.veiled) and (context.actor.is_app or names.isdisjoint(grant.fixed))


def begun(context: Context, plan: SavePlan, shape: Shape, values: dict[str, Any]) -> Change:
    """A new record of which a shape made the values of what was sent, with the others."""
    for each in shape.defaults:
        values[each.name] = default_of(context, plan.record_type, each, values)
    if plan.lines:
        _row_defaults(context, plan.record_type, values)
    _begin_states(plan.record_type, values)
    return Change(plan.record_type, "create", values, None, shape.sent)


def _begin_states(record_type: RecordType, values: dict[str, Any]) -> None:
    for state in record_type.states:
        if values.get(state.name) is None:
            values[state.name] = state.options.initial or state.options.states[0].name  # type: ignore[attr-defined]


def update(
    context: Context, plan: SavePlan, grant: Grant, identity: int, sent: Mapping[str, Any], version: int | None
) -> dict[str, Any]:
    """Change a record; its values afterwards. With `version`, what somebody else did since is kept, and Conflict is
    raised where both did something different to the same field or cell."""
    if plan.checks and held_from_below(context.host, plan):
        hold(context, plan.record_type, (identity,))
    change = redraft(context, plan, grant, identity, sent, version)
    walk(context, plan, grant, change)
    found = difference(plan, change)
    if found is None:
        return dict(change.before or {})
    with whole(context, plan):
        write_change(context, plan, change, *found)
    return change.values


def difference(plan: SavePlan, change: Change) -> tuple[dict[str, tuple[Any, Any]], list[Any]] | None:
    """What a change makes different: columns with what was and what is, and rows of each field; None for nothing."""
    before, values = change.before, change.values
    assert before is not None
    changed = {name: (before.get(name), values[name]) for name in plan.columns if values[name] != before.get(name)}
    rows = [lines.difference(before, values) for lines in plan.lines]
    return (changed, rows) if changed.keys() - {"version", "updated_at", "updated_by"} or any(rows) else None


def redraft(
    context: Context,
    plan: SavePlan,
    grant: Grant,
    identity: int,
    sent: Mapping[str, Any],
    version: int | None,
    before: Mapping[str, Any] | None = None,
) -> Change:
    """A change of a record as far as it is known before the stages; nothing is written. `before`: what the record would
    be by then, where that is not what it is."""
    record_type = plan.record_type
    stored, before = before is None, before or load(context, plan, identity)
    if before is None or (before["deleted_at"] is not None):
        raise NotFound(words.problem("not-found", "", form=record_type.name, id=identity))
    permit(context, plan, grant, "edit", before)
    problems: list[Problem] = []
    since = None
    if version is not None and version != before["version"]:
        since = meanwhile(context, plan, before, version, stored=stored)
    coerced = _coerce(plan, grant, sent, problems, context, before if since is None else since.seen)
    merged = {} if since is None else reconcile(context, plan, grant, since, coerced, problems)
    values = {**before, **coerced}
    _row_defaults(context, record_type, values)
    values.update(version=before["version"] + 1, updated_at=context.now(), updated_by=context.actor.id)
    return Change(record_type, "update", values, before, frozenset(coerced), problems, merged=merged)


def permit(context: Context, plan: SavePlan, grant: Grant, action: str, before: Mapping[str, Any]) -> None:
    """Refuse who may not do this with the record; to whoever may not read it, it is not there."""

    def may(what: str) -> bool:
        facts = with_facts(context, plan, before, grant.needs(what))
        return grant.may(what) and grant.allows(what, facts, context.moment())

    if may(action):
        return
    form = plan.record_type.name
    if not may("read"):
        raise NotFound(words.problem("not-found", "", form=form, id=before["id"]))
    raise Forbidden(words.problem("may-not", "", action=action, form=form))


def load(context: Context, plan: SavePlan, identity: int) -> dict[str, Any] | None:
    """The record as it stands, with its lines."""
    found = context.unit.one(plan.select, id=identity)
    if found is not None:
        for lines in plan.lines:
            found[lines.name] = lines.load(context, identity)
    return found


def with_facts(context: Context, plan: SavePlan, values: Mapping[str, Any], needs: Needs) -> Mapping[str, Any]:
    """The values, with what the expressions need beyond the record itself."""
    if needs.paths <= values.keys() and not needs.rows:
        return values
    missing = [path for path in needs.paths if path not in values]
    relations = [(name, paths) for name, paths in needs.rows if name not in values or lacks(values[name] or (), paths)]
    if not missing and not relations:
        return values
    return complete(context, plan.record_type, values, Needs(frozenset(missing), frozenset(relations)))


# -- steps ------------------------------------------------------------------------------------------------------------


def _blank(plan: SavePlan) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(plan.columns)
    for lines in plan.lines:
        values[lines.name] = []
    return values


def default_of(context: Context, record_type: RecordType, each: Field, values: Mapping[str, Any]) -> Any:
    """The default of a field: its expression, or the plain value made one of the field's."""
    if each.default is not None:
        needs = needs_of((each.default,))
        missing = Needs(frozenset(path for path in needs.paths if path not in values), needs.rows)
        facts = values if missing.empty else complete(context, record_type, values, missing)
        return rounded(each, each.default.evaluate(facts, context.moment()))
    assert each.kind is not None
    return each.kind.coerce(each.options.default, each.options)


def _row_defaults(context: Context, record_type: RecordType, values: dict[str, Any]) -> None:
    """Defaults of new rows that are expressions: they may read the row, what it links to, and what is around it."""
    for way, rows in record_type.rows_below:
        for row in rows_at(values, way):
            for each in row.values.pop("@defaults", ()):
                row.values[each.name] = default_of(context, rows, each, row.facts())


def _coerce(
    plan: SavePlan,
    grant: Grant,
    sent: Mapping[str, Any],
    problems: list[Problem],
    context: Context,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Values of what was sent; every fault becomes a problem at its field."""
    values: dict[str, Any] = {}
    veiled_names, coercers = grant.veiled, plan.coercers
    fixed = NOTHING if context.actor.is_app else grant.fixed
    guarded = fixed | veiled_names
    for name, raw in sent.items():
        coerce = coercers.get(name)
        if coerce is None:
            if len(problems) < TOLD:
                problems.append(_unknown(plan, name, raw))
            continue
        if name in guarded:
            if name in fixed:
                problems.append(words.problem("read-only", f"/{name}", field=name))
                continue
            if is_mask_of(raw, (before or {}).get(name), plan.record_type.fields[name].options):
                continue
        if raw is None or raw == "":
            values[name] = None
            continue
        try:
            values[name] = coerce(raw)
        except Invalid as invalid:
            problems.append(Problem(invalid.code, invalid.message, f"/{name}", invalid.values))
    for lines in plan.lines:
        if lines.name in values:
            if not context.actor.is_app:
                problems.extend(_fixed_columns(f"/{lines.name}", values[lines.name], below(fixed, lines.name)))
            former = (before or {}).get(lines.name, ())
            under = below(veiled_names, lines.name)
            held = not context.actor.is_app
            values[lines.name] = lines.coerce(values[lines.name] or [], problems, former, veiled=under, held=held)
    return values


def _fixed_columns(pointer: str, rows: Any, kept: frozenset[str]) -> Iterable[Problem]:
    """Columns of rows that this person may not set."""
    for index, row in enumerate(rows if kept and isinstance(rows, (list, tuple)) else ()):
        for column, value in row.items() if isinstance(row, Mapping) and not isinstance(row, Back) else ():
            at = f"{pointer}/{index}/{column}"
            if column in kept:
                yield words.problem("read-only", at, field=column)
            else:
                yield from _fixed_columns(at, value, below(kept, column))


def _unknown(plan: SavePlan, name: str, sent: Any) -> Problem:
    if name in ("id", "version"):  # said where a record is named, and not among its values
        return words.problem(f"{name}-sent", f"/{name}", id=str(sent)[:40])
    if name in plan.record_type.fields or name in plan.columns:
        return words.problem("read-only", f"/{name}", field=name)
    return words.problem(
        "unknown-field", f"/{name}", field=name, form=plan.record_type.name, near=nearest(name, plan.coercers) or ""
    )


def walk(context: Context, plan: SavePlan, grant: Grant, change: Change, known: Known | None = None) -> None:
    """The stages, the checks, and whether the result is one the person may make. `known`: see `check_links`."""
    examine(context, plan, change, known)
    if change.problems:
        raise Rejected(as_sent(plan, change) if change.merged else change.problems)
    action = "create" if change.before is None else "edit"
    conditions = grant.conditions(action)
    if conditions is not None:
        facts = with_facts(context, plan, change.values, grant.needs(action))
        if not grant.allows(action, facts, context.moment()):
            raise Forbidden(_not_permitted(context, plan.record_type))


def walked(
    context: Context, plan: SavePlan, grant: Grant, change: Change, known: Known | None
) -> tuple[Problem, ...]:  # fmt: skip
    """`walk`, and what it refused: nothing where the change may be made."""
    try:
        walk(context, plan, grant, change, known)
    except Rejected as refused:
        return tuple(refused.problems)
    return ()


def _not_permitted(context: Context, record_type: RecordType) -> Problem:
    """What a save would make is nothing the actor may work on, or nothing their key reaches."""
    narrowing = context.actor.narrowing(record_type.name)
    if narrowing is not None and narrowing.where:
        return words.problem("beyond-key", "", form=record_type.name, where=narrowing.where)
    return words.problem("result-not-permitted", "", form=record_type.name)


def examine(context: Context, plan: SavePlan, change: Change, known: Known | None = None) -> None:
    """The stages and the checks: what is wrong is gathered in the change, and nothing is written."""
    seen = Known() if known is None else known
    with without_unread(context, change, plan.linking, seen):
        _examine(context, plan, change, seen)


def _examine(context: Context, plan: SavePlan, change: Change, known: Known) -> None:
    for stage in plan.stages:
        stage(context, change)
    if plan.files:
        attachments.check(context, plan.files, change)
    if plan.looks:
        pairs.check(context, plan.looks, change)
    if plan.apart:
        pairs.keep_apart(plan.apart, change)
    check_links(context, change, plan.linking, known)
    if plan.record_type.tree is not None:
        trees.check(context, change)
    if plan.record_type.states:
        check_transition(context, plan, change, with_facts)
    if plan.conditions is not conditions.NOTHING:
        facts_of = partial(with_facts, context, plan)
        conditions.check(context, plan.conditions, change, facts_of)
    if plan.checks:
        _check_rules(context, plan, change)
    if plan.record_type.without_overlaps:
        overlaps.check(context, change, partial(with_facts, context, plan))


def _check_rules(context: Context, plan: SavePlan, change: Change) -> None:
    """The form's own checks; a blank counts as met, because it has a rule of its own (required). One that reads a field
    whose value is wrong has nothing to say: what was sent is not what it would speak of."""
    moment = context.moment()
    wrong = {each.pointer.split("/")[1] for each in change.problems if each.pointer}
    for each, needs in plan.checks:
        if wrong and not wrong.isdisjoint(path.partition(".")[0] for path in needs.paths):
            continue
        facts = with_facts(context, plan, change.values, needs)
        if each.expression.evaluate(facts, moment) is False:
            pointer = f"/{each.field}" if each.field else ""
            change.problems.append(Problem(f"{plan.record_type.name}.{each.name}", each.message, pointer))


def prepare(
    record_type: RecordType,
    stages: Iterable[StageRun],
    watched: tuple[Watch, ...],
) -> SavePlan:
    """Gather what saving this record type takes."""
    table = record_type.table
    columns = tuple(column.name for column in table.columns)
    coercers = {
        each.name: coercer_of(each.kind, each.options)
        for each in record_type.fields.values()
        if not each.computed and each.kind is not None
    }
    for lines_field in record_type.lines:
        coercers[lines_field.name] = lambda value: value
    coercers["owner"] = id_of
    followed = gathered(record_type)
    kept = {each.name for each in followed}
    written = tuple(name for name in columns if name not in kept)
    update_statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("was_id"), table.c.version == sa.bindparam("was_version"))
        .values({name: sa.bindparam(f"set_{name}", type_=table.c[name].type) for name in written if name != "id"})
    )
    lines = tuple(lines_plan(each) for each in record_type.lines) + tuple(
        lines_plan(record_type.fields[name], record_type) for name in record_type.joins
    )
    defaults = tuple(
        each for each in record_type.fields.values()
        if not each.computed and (each.default is not None or each.options.default is not None)
    )  # fmt: skip
    history = {each.name for each in record_type.fields.values() if each.options.history} | {"owner"}
    confidential = frozenset(name for name in record_type.untold if "." not in name)
    return SavePlan(
        record_type=record_type,
        coercers=coercers,
        shapes=Shapes(record_type, columns, coercers, [each.name for each in lines], defaults),
        columns=columns,
        update=update_statement,
        select=sa.select(table).where(table.c.id == sa.bindparam("id")),
        stages=tuple(stages),
        lines=lines,
        written=written,
        gathered=followed,
        serials=tuple(each for each in record_type.fields.values() if each.options_type == "serial"),
        defaults=defaults,
        conditions=conditions.conditions_of(record_type),
        needs=needs_of(()),
        watched=watched,
        files=attachments.holders_of(record_type),
        looks=pairs.looks_of(record_type), apart=pairs.apart_in(record_type),
        linking=linking(record_type),
        checks=tuple((each, needs_of((each.expression,))) for each in record_type.checks),
        history=frozenset(history),
        searching=searching_of(record_type),
        confidential=confidential,
        keep=keeper(
            [name for name in dict.fromkeys((*columns, *record_type.fields)) if name in history], confidential,
            [each.name for each in record_type.fields.values() if each.type.kind == "number"],
        ),
    )  # fmt: skip
