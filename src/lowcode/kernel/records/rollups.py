"""Roll-ups: stored values gathered from other records, brought up to date in the transaction that changes those.

Only what was read is followed: a save that touches nothing a roll-up reads costs nothing more. A roll-up that changed
is followed in turn, up to the record at the top. Whoever brings a record up to date holds it first, so that of two
people who save under one parent the second reads what the first wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.adding import add
from lowcode.kernel.records.checks_over import checks_over
from lowcode.kernel.records.deltas import Deltas, Pair, deltas_of, told_by
from lowcode.kernel.records.facts import Needs, id_in, needs_of
from lowcode.kernel.records.linked import record_in
from lowcode.kernel.records.plan import Check, Field, RecordType
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.records.upheld import read_by, uphold
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.kernel.records.save import SavePlan


@dataclass(frozen=True, slots=True)
class Watch:
    """What of a parent follows the records of one type.

    `by` is the field of these records that names the parent, or `through` the field of the parent that names them.
    """

    parent: RecordType
    by: str
    through: str
    reads: frozenset[str]
    """The fields of these records that are read."""
    fields: tuple[Field, ...]
    deltas: Deltas
    """Which of them follow by difference alone."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How the records below each parent changed, as far as it is known beforehand."""

    deltas: Deltas
    pairs: Mapping[int, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class Refreshing:
    """What bringing some stored fields of a record type up to date takes, and what is computed from them."""

    fields: tuple[Field, ...]
    own: frozenset[str]
    needs: Needs
    watched: tuple[Watch, ...]
    """Who gathers something of these records in turn."""
    checks: tuple[Check, ...] = ()
    """What has to hold of them still."""
    rows_asked: bool = False
    """Whether that reads rows."""


def watches_of(types: Mapping[str, RecordType], record_type: RecordType) -> tuple[Watch, ...]:
    """Which parents gather something from this record type, along which link."""
    found = []
    for parent in types.values():
        for name, by, through in _ways(parent, record_type):
            fields = tuple(each for each in parent.computed if each.expression and name in each.expression.rows)
            if fields:
                reads = frozenset(path for each in fields for path in _expression(each).rows[name])
                moving = {each.name for each in gathered(record_type)}
                found.append(Watch(parent, by, through, reads, fields, deltas_of(parent, name, record_type, moving)))
    return tuple(found)


def _ways(parent: RecordType, record_type: RecordType) -> Iterator[tuple[str, str, str]]:
    for relation in parent.relations.values():
        if relation.record_type == record_type.name:
            yield relation.name, relation.by, ""
    for name in parent.joins:
        if parent.fields[name].target == record_type.name:
            yield name, "", name


def gathered(record_type: RecordType) -> tuple[Field, ...]:
    """The stored fields that follow other records, and those computed from them: no save of their own record writes
    them, because what it knows of the others may be old."""
    along = record_type.relations.keys() | record_type.joins.keys()
    return following(record_type, [each for each in record_type.computed if along & _expression(each).rows.keys()])


def following(record_type: RecordType, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Stored fields, and those of the same record that are computed from them, in order."""
    names = {each.name for each in fields}
    for each in record_type.computed:
        if _expression(each).paths & names:
            names.add(each.name)
    return tuple(each for each in record_type.computed if each.name in names)


def inputs(each: Field) -> frozenset[str]:
    """What of its own record a stored field reads."""
    expression = _expression(each)
    return expression.paths | expression.rows.keys()


def _expression(each: Field) -> Expression:
    assert each.expression is not None
    return each.expression


# -- after a save -----------------------------------------------------------------------------------------------------


def refresh_own(context: Context, plan: SavePlan, change: Change) -> None:
    """Bring up to date what of this record follows others and reads what was changed in it."""
    changed = _changed(change)
    fields = [each for each in plan.gathered if inputs(each) & changed]
    if fields:
        refresh(context, plan.record_type, [change.values["id"]], fields, at="")


def refresh_parents(context: Context, plan: SavePlan, changes: Sequence[Change], *, whole: bool = False) -> None:
    """Bring the roll-ups of the records that some belong to up to date; `whole`: whatever was changed in them."""
    for watch in plan.watched:
        some = [each for each in changes if whole or each.before is None or touches(watch, each.before, each.values)]
        pairs = [(each.before, each.values) for each in some]
        if pairs:
            records = [each for pair in pairs for each in pair if each is not None]
            steps = None if whole or not watch.by else _steps(watch, pairs)
            _follow(context, watch, records, steps, None if whole else place_of(watch))


def refresh_above(context: Context, plan: SavePlan, records: Sequence[Mapping[str, Any]]) -> None:
    """Bring the roll-ups of all that some new records belong to up to date."""
    for watch in plan.watched:
        steps = _steps(watch, [(None, each) for each in records]) if watch.by else None
        _follow(context, watch, records, steps, place_of(watch))


def _follow(
    context: Context, watch: Watch, records: Sequence[Mapping[str, Any]], steps: Steps | None, at: str | None
) -> None:
    """Bring the parents of records up to date: in one write each, where that is all, else holding and reading them."""
    left = _parents(context, watch, records) if steps is None else add(context, watch, steps.pairs)
    if left:
        refresh(context, watch.parent, left, watch.fields, steps, at=at)


def place_of(watch: Watch) -> str:
    """Where the person who saves below reads what a check above has against it."""
    return f"/{watch.by}" if watch.by else ""


def _steps(watch: Watch, changes: Iterable[Pair]) -> Steps:
    """What came to each parent and what left it; a record that is put away counts nowhere."""
    found: dict[int, list[Pair]] = {}
    for pair in changes:
        above = [
            None if each is None or each["deleted_at"] is not None else record_in(each.get(watch.by), watch.parent.name)
            for each in pair
        ]
        if above[0] == above[1] and above[0] is not None:
            found.setdefault(above[0], []).append(pair)
            continue
        if above[0] is not None:
            found.setdefault(above[0], []).append((pair[0], None))
        if above[1] is not None:
            found.setdefault(above[1], []).append((None, pair[1]))
    return Steps(watch.deltas, found)


def touches(watch: Watch, before: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a change is one that a parent follows."""
    return _differs(before, values, watch.reads | {watch.by, "deleted_at"})


def above_of(
    context: Context, watch: Watch, before: Mapping[str, Any] | None, values: Mapping[str, Any]
) -> Iterator[tuple[int, Pair]]:  # fmt: skip
    """The parents of a record that would change, each with what would come to it and what would leave it."""
    if watch.by:
        for above, pairs in _steps(watch, [(before, values)]).pairs.items():
            yield from ((above, each) for each in pairs)
    elif values.get("id") is not None:
        yield from ((above, (before, values)) for above in sorted(_parents(context, watch, [values])))


def _differs(before: Mapping[str, Any], values: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(values.get(name) != before.get(name) for name in names)


def _changed(change: Change) -> frozenset[str]:
    before = change.before or {}
    return frozenset(name for name, value in change.values.items() if value != before.get(name))


def _parents(context: Context, watch: Watch, records: Sequence[Mapping[str, Any]]) -> set[int]:
    """The parents that some records belong to."""
    if watch.by:
        found = (record_in(each.get(watch.by), watch.parent.name) for each in records)
        return {each for each in found if each is not None}
    host: Any = context.host
    join, dialect = watch.parent.joins[watch.through], context.unit.database.dialect_name
    statement = host.cached(
        ("rollups.sources", watch.parent.name, watch.through),
        lambda: sa.select(join.c.source).where(id_in(join.c.target, dialect)),
    )
    ids = json_text(sorted({int(each["id"]) for each in records}))
    return {row["source"] for row in context.unit.fetch(statement, ids=ids)}


# -- bringing up to date ----------------------------------------------------------------------------------------------


def refresh(
    context: Context, record_type: RecordType, ids: Iterable[int], fields: Sequence[Field], steps: Steps | None = None,
    *, at: str | None = None,
) -> None:  # fmt: skip
    """Bring stored fields of records up to date, and what is computed from them: by what changed, where that is known
    and enough, else anew from what is in the database now. `at`: where whoever saved reads which check would not hold
    any more; without it none is asked, and what is computed stands."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    what = refreshing(context, record_type, fields, held=at is not None)
    steps = None if what.rows_asked else steps
    moment = context.moment()
    moved: list[tuple[Mapping[str, Any], frozenset[str]]] = []
    for identity, facts, known in _facts(context, record_type, wanted, what, steps):
        values = dict(facts)
        for each in what.fields:
            found = known[each.name] if each.name in known else _expression(each).evaluate(values, moment)
            values[each.name] = rounded(each, found)
        changed = {name: values[name] for name in what.own if values[name] != facts[name]}
        if changed:
            stays = facts.get("deleted_at") is None and (record_type.name, identity) not in context.unit.leaving
            if at is not None and what.checks and stays:
                uphold(context, record_type, what.checks, facts, values, at)
            _write(context, record_type, identity, changed)
            before = {name: facts[name] for name in changed}
            tell_followers(context, record_type, identity, before, changed)
            moved.append((values, frozenset(changed)))
    for watch in what.watched:
        records = [values for values, names in moved if watch.reads & names]
        if records:
            refresh(context, watch.parent, _parents(context, watch, records), watch.fields, at=at)


def refreshing(context: Context, record_type: RecordType, fields: Sequence[Field], *, held: bool) -> Refreshing:
    """What bringing stored fields up to date takes; `held`: with what has to hold of them then."""
    host: Any = context.host
    key = "rollups.refreshing", record_type.name, tuple(each.name for each in fields), held
    found: Refreshing = host.cached(key, lambda: _refreshing(host, record_type, fields, held=held))
    return found


def _refreshing(host: Any, record_type: RecordType, fields: Sequence[Field], *, held: bool) -> Refreshing:
    whole = following(record_type, fields)
    watched: tuple[Watch, ...] = host.save_plan(record_type).watched
    own = frozenset(each.name for each in whole)
    checks = checks_over(record_type, own) if held else ()
    needs, asked = needs_of([_expression(each) for each in whole]), read_over(record_type, checks)
    paths = {each.by for each in watched if each.by} | asked.paths | ({"deleted_at"} if checks else frozenset())
    read = needs_of([Needs(needs.paths | own | paths, needs.rows), asked])
    return Refreshing(whole, own, read, watched, checks, bool(asked.rows))


def read_over(record_type: RecordType, checks: Iterable[Check]) -> Needs:
    """What checks read of what is stored."""
    return needs_of([read_by(record_type, each.expression) for each in checks])


def tell_followers(
    context: Context, record_type: RecordType, identity: int, before: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """Tell who follows what changed of a record without a save."""
    for each in record_type.extras.get("refreshed", ()):
        if each.reads & now.keys():
            each.told(context, identity, before, now)


def _facts(
    context: Context, record_type: RecordType, ids: Sequence[int], what: Refreshing, steps: Steps | None
) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """Hold the records; of each what its fields read, and those values that are known already. The records below are
    read only of those, and for those fields, where what changed does not say it."""
    needs = what.needs
    if steps is None or not steps.deltas.fields or not needs.paths <= set(record_type.table.c.keys()):
        hold(context, record_type, ids)
        for identity, found in context.facts(record_type.name, ids, [needs]).items():
            yield identity, found, {}
        return
    own = _held(context, record_type, ids, needs.paths)
    known: dict[int, dict[str, Any]] = {}
    missing: dict[frozenset[str], list[int]] = {}
    for identity, facts in own.items():
        told = told_by(steps.deltas, facts, steps.pairs.get(identity, ()), context.moment())
        known[identity] = {name: value for name, value in told.items() if name in what.own}
        left = frozenset(each.name for each in what.fields if each.name not in told and _expression(each).rows)
        if left:
            missing.setdefault(left, []).append(identity)
    for left, some in missing.items():
        rows = needs_of([_expression(each) for each in what.fields if each.name in left]).rows
        for identity, found in context.facts(record_type.name, some, [Needs(frozenset(), rows)]).items():
            own[identity] = {**found, **own[identity]}
    for identity, facts in own.items():
        yield identity, facts, known[identity]


def refresh_rows(context: Context, record_type: RecordType, ids: Iterable[int]) -> None:
    """Compute the stored formulas of the rows of some records anew, the innermost first."""
    unit, moment, dialect = context.unit, context.moment(), context.unit.database.dialect_name
    for _, rows in reversed(record_type.rows_below):
        if not rows.computed:
            continue
        needs = needs_of([_expression(each) for each in rows.computed])
        own = frozenset(each.name for each in rows.computed)
        known = [row["id"] for row in unit.fetch(rows_of(rows, dialect), ids=json_text(sorted(ids)))]
        wanted = Needs(needs.paths | own, needs.rows)
        for identity, facts in context.facts(rows.name, known, [wanted]).items() if known else ():
            values = dict(facts)
            for each in rows.computed:
                values[each.name] = rounded(each, _expression(each).evaluate(values, moment))
            changed = {name: values[name] for name in own if values[name] != facts[name]}
            if changed:
                _write(context, rows, identity, changed)


def rows_of(rows: RecordType, dialect: str) -> sa.Select[Any]:
    """The ids of the rows that lie in some records (`ids`), however deep."""
    parent = rows.parent
    assert parent is not None
    column = rows.table.c.parent
    inside = id_in(column, dialect) if parent.parent is None else column.in_(rows_of(parent, dialect))
    return sa.select(rows.table.c.id).where(inside)


def hold(context: Context, record_type: RecordType, ids: Sequence[int], *, shared: bool = False) -> None:
    """Keep records as they are until this transaction ends; on SQLite nobody else writes anyway."""
    if context.unit.database.dialect_name == "sqlite" or not ids:
        return
    host: Any = context.host
    table = record_type.table
    statement = host.cached(
        ("rollups.hold", record_type.name, shared),
        lambda: (
            sa.select(table.c.id)
            .where(id_in(table.c.id, "postgresql"))
            .order_by(table.c.id)
            .with_for_update(read=shared, key_share=not shared)
        ),
    )
    context.unit.locked(statement, ids=json_text(sorted(ids)))


def _held(
    context: Context, record_type: RecordType, ids: Sequence[int], paths: frozenset[str]
) -> dict[int, Mapping[str, Any]]:
    """Hold records and read columns of theirs, in one statement: what it waited for, it reads as it is then."""
    host: Any = context.host
    dialect, one = context.unit.database.dialect_name, len(ids) == 1

    def build() -> sa.Select[Any]:
        columns = record_type.table.c
        wanted = columns.id == sa.bindparam("ids") if one else id_in(columns.id, dialect)
        chosen = sa.select(*(columns[name] for name in sorted(paths | {"id"}))).where(wanted).order_by(columns.id)
        return chosen if dialect == "sqlite" else chosen.with_for_update(key_share=True)

    statement = host.cached(("rollups.held", record_type.name, paths, one), build)
    found = context.unit.locked(statement, ids=ids[0] if one else json_text(sorted(ids)))
    return {row["id"]: row for row in found}


def _write(context: Context, record_type: RecordType, identity: int, changed: Mapping[str, Any]) -> None:
    host: Any = context.host
    table, names = record_type.table, tuple(sorted(changed))
    statement = host.cached(
        ("rollups.write", record_type.name, names),
        lambda: (
            sa.update(table)
            .where(table.c.id == sa.bindparam("was_id"))
            .values({name: sa.bindparam(f"set_{name}", type_=table.c[name].type) for name in names})
        ),
    )
    values = {"was_id": identity, **{f"set_{name}": changed[name] for name in names}}
    context.unit.write(context.unit.database.prepare(statement), values)
