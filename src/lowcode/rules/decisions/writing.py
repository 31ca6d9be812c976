"""What a decision table answers, written to all records of its form: at once where that is the same as one by one.

Where nothing follows a change of the fields (no formula, rule, check, index of words or other engine reads them), the
records that have another answer are changed with their history by the statement itself, however many there are. Where
something does, each of them is saved by the one write path, page after page. Either way a record that has its answer
already is left alone, and so is one that no row answers for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected, Text
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.kernel.reasons import filled
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.records.selecting import everything
from lowcode.kernel.records.write import HISTORY_COLUMNS
from lowcode.kernel.storage.types import ScaledDecimal
from lowcode.rules.decisions.decide import decide_record
from lowcode.rules.decisions.statement import NotOneStatement, conditions_of, row_number
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.diagnostics import ANSWERS_ARE_EXPRESSIONS, FOLLOWS, ROWS_MAY_CONTRADICT
from lowcode.rules.plan import OnDate, OnRecord, RulesPlan
from lowcode.rules.selecting import paths

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType
    from lowcode.kernel.records.save import SavePlan

PAGE = 200
"""Records saved in one transaction, where each is saved by itself."""

KINDS = frozenset({"text", "choice", "boolean", "date", "number"})
"""What the statement can write into the history as a save does."""

KNOWN_STAGES = ("records.compute", "rules.")
"""The steps of a save of which it is known here what they read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A table's outputs into fields of its form, for the records that meet a condition."""

    table: DecisionTable
    into: Mapping[str, str]
    where: Expression | None = None

    @property
    def form(self) -> str:
        """The form of the table."""
        return self.table.form or ""

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same wish."""
        return (self.table.name, tuple(self.into.items()), self.where.text if self.where is not None else None)


# -- whether anything follows -----------------------------------------------------------------------------------------


def follows(app: Any, form: str, names: Iterable[str]) -> Text | None:
    """What follows a change of some fields, so that each record must be saved by itself; None when nothing does."""
    record_type: RecordType = app.types[form]
    fields = [record_type.fields[name] for name in names if name in record_type.fields]
    written, plan = {each.name for each in fields}, app.saves[form]
    if len(fields) < len(set(names)):
        return FOLLOWS["owner"]
    for each in fields:
        if each.type.kind not in KINDS or each.sealed or each.options.unique or each in record_type.states:
            return filled(FOLLOWS["field"], name=each.name)
    read = {f"{form}.{name}" for name in written}
    for other in app.types.values():
        for field in other.computed:
            if field.expression is not None and field.expression.reads & read:
                return filled(FOLLOWS["formula"], name=f"{other.name}.{field.name}")
    return _in_the_save(plan, record_type, written, read) or _of_rules(app.plans["rules"], form, written, read)


def _in_the_save(plan: SavePlan, record_type: RecordType, written: set[str], read: set[str]) -> Text | None:
    conditions: list[Any] = [each.expression for each in record_type.checks]
    for field in record_type.fields.values():
        conditions += [field.visible_when, field.required_when, field.read_only_when, *field.section_when]
        conditions += field.option_when.values()
    if any(each is not None and each.reads & read for each in conditions):
        return FOLLOWS["condition"]
    if any(written & set(each.fields) for each in record_type.unique):
        return FOLLOWS["once"]
    if plan.searching is not None and written & plan.searching.names:
        return FOLLOWS["search"]
    if any(name in written or each.name in written for name, each, _ in plan.looks):
        return FOLLOWS["beside"]
    return next((name for name in plan.stages_named if not name.startswith(KNOWN_STAGES)), None)


def _of_rules(plan: RulesPlan, form: str, written: set[str], read: set[str]) -> Text | None:
    for gathered in (plan.before, plan.after):
        watch = gathered.get((form, "update"))
        for rule in watch.rules if watch is not None else ():
            trigger = rule.trigger
            any_change = isinstance(trigger, OnRecord) and trigger.updated and not trigger.fields
            if any_change or rule.watched & written or (isinstance(trigger, OnRecord) and trigger.fields & written):
                return filled(FOLLOWS["rule"], name=rule.name)
    for rule in plan.timed:
        if isinstance(rule.trigger, OnDate) and rule.form == form and rule.trigger.field in written:
            return filled(FOLLOWS["rule"], name=rule.name)
    for rule in plan.listening:
        if rule.trigger.name == "record.updated" and rule.form in (None, form):  # type: ignore[union-attr]
            return filled(FOLLOWS["rule"], name=rule.name)
    for card in plan.cards.values():
        if (card.form == form and card.watched & written) or card.relations:
            return filled(FOLLOWS["card"], name=card.name)
    pools = (filled(FOLLOWS["pool"], name=each.name) for each in plan.pools.values() if each.form == form)
    return next(pools, None)


# -- at once ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """The records of a form with what is there and what the table answers, as part of a statement."""

    rows: sa.Subquery
    was: Mapping[str, sa.ColumnElement[Any]]
    answers: Mapping[str, sa.ColumnElement[Any]]

    @property
    def differs(self) -> sa.ColumnElement[bool]:
        """That a record is to be changed."""
        unlike = [self.answers[name].is_distinct_from(was) for name, was in self.was.items()]
        return sa.and_(self.rows.c.row.is_not(None), sa.or_(*unlike))


def decided(context: Context, wish: Wish) -> Decided:
    """Every record with its answer. Raises NotOneStatement or NotPushable."""
    table = wish.table
    if table.free_rows and table.hit in ("UNIQUE", "ANY"):
        raise NotOneStatement(ROWS_MAY_CONTRADICT)
    joins, conditions = everything(context.as_app(), wish.form)
    if wish.where is not None:
        conditions.append(wish.where.sql_condition(joins.dialect, joins))
    number = row_number(table, conditions_of(table, context.app.scope.shapes, joins))
    if table.otherwise:
        number = sa.func.coalesce(number, 0)
    root = joins.root
    was = [root.c[name].label(f"was_{name}") for name in wish.into]
    rows = (
        sa.select(root.c.id, root.c.version, *was, number.label("row")).select_from(joins.origin).where(*conditions)
    ).subquery("decided")
    return Decided(
        rows,
        {name: rows.c[f"was_{name}"] for name in wish.into},
        {name: _answer(wish, output, rows.c.row, root.c[name].type) for name, output in wish.into.items()},
    )


def _answer(wish: Wish, output: str, row: sa.ColumnElement[Any], kind: Any) -> sa.ColumnElement[Any]:
    answers = {each.number: each.answers.get(output) for each in wish.table.rows}
    if wish.table.otherwise:
        answers[0] = wish.table.otherwise.get(output)
    if any(isinstance(each, Expression) for each in answers.values()):
        raise NotOneStatement(ANSWERS_ARE_EXPRESSIONS)
    given = {number: sa.literal(value, kind) for number, value in answers.items() if value is not None}
    return sa.type_coerce(sa.case(given, value=row), kind) if given else sa.cast(sa.null(), kind)


def count_changes(context: Context, wish: Wish) -> int | None:
    """How many records have another answer; None when that takes deciding one by one."""
    try:
        found = _prepared(context, wish, "count", lambda: _counting(decided(context, wish)))
    except (NotOneStatement, NotPushable):
        return None
    row = context.unit.one(found, **_values(context))
    return int(row["records"]) if row is not None else 0


def _counting(found: Decided) -> sa.Select[Any]:
    return sa.select(sa.func.count().label("records")).select_from(found.rows).where(found.differs)


def _values(context: Context) -> Mapping[str, Any]:
    host: Any = context.host
    values: Mapping[str, Any] = context.moment().parameters(host.database.dialect_name)
    return values


def _prepared(context: Context, wish: Wish, what: str, make: Any) -> Any:
    host: Any = context.host
    return host.cached(("rules", "decided", what, *wish.key), make)


def write_at_once(context: Context, wish: Wish) -> int:
    """Change every record that has another answer, and write its history: one statement on PostgreSQL, and on SQLite,
    which writes one table in a statement, one for the history and one for the records. How many records there were.
    Raises NotOneStatement or NotPushable."""
    unit, dialect = context.unit, context.unit.database.dialect_name
    unit.begin()
    values = {**_values(context), "written_at": context.now(), "written_by": context.actor.id}
    if dialect == "postgresql":
        row = unit.one(_prepared(context, wish, "write", lambda: _together(context, wish)), **values)
        return int(row["records"]) if row is not None else 0
    history, change = _prepared(context, wish, "write", lambda: _one_after_the_other(context, wish))
    written = unit.run(history, **values)
    if written:
        unit.run(change, **values)
    return written


def _stamp(record_type: RecordType, version: sa.ColumnElement[Any]) -> dict[str, Any]:
    at, by = record_type.table.c.updated_at.type, record_type.table.c.updated_by.type
    return {
        "version": version + 1,
        "updated_at": sa.bindparam("written_at", type_=at),
        "updated_by": sa.bindparam("written_by", type_=by),
    }


def _entry(record_type: RecordType, found: Decided, dialect: str) -> list[Any]:
    history = record_type.history.c
    return [
        found.rows.c.id,
        found.rows.c.version + 1,
        sa.bindparam("written_at", type_=history.at.type),
        sa.bindparam("written_by", type_=history.actor.type),
        sa.literal("updated", history.kind.type),
        _changes(record_type, found, dialect),
    ]


def _one_after_the_other(context: Context, wish: Wish) -> tuple[sa.Insert, sa.Update]:
    host: Any = context.host
    record_type: RecordType = host.types[wish.form]
    found = decided(context, wish)
    entries = sa.select(*_entry(record_type, found, "sqlite")).where(found.differs)
    history = sa.insert(record_type.history).from_select(list(HISTORY_COLUMNS), entries)
    change = (
        sa.update(record_type.table)
        .where(record_type.table.c.id == found.rows.c.id, found.differs)
        .values({**found.answers, **_stamp(record_type, found.rows.c.version)})
    )
    return history, change


def _together(context: Context, wish: Wish) -> sa.Select[Any]:
    """What somebody else changes meanwhile has another version, and is left to the next time."""
    host: Any = context.host
    record_type: RecordType = host.types[wish.form]
    found = decided(context, wish)
    table = record_type.table
    changed = (
        sa.update(table)
        .where(table.c.id == found.rows.c.id, table.c.version == found.rows.c.version, found.differs)
        .values({**found.answers, **_stamp(record_type, found.rows.c.version)})
        .returning(*_entry(record_type, found, "postgresql"))
        .cte("changed")
    )
    history = (
        sa.insert(record_type.history)
        .from_select(list(HISTORY_COLUMNS), sa.select(*changed.columns))
        .returning(record_type.history.c.id)
        .cte("kept")
    )
    return sa.select(sa.func.count().label("records")).select_from(history)


def _changes(record_type: RecordType, found: Decided, dialect: str) -> sa.ColumnElement[Any]:
    """The changed fields with what they were and are, as a save writes them."""
    pairs: list[Any] = []
    for name, was in found.was.items():
        kept = record_type.fields[name]
        now = found.answers[name]
        make = sa.func.json_array if dialect == "sqlite" else sa.func.jsonb_build_array
        both = make(_plain(was, kept, dialect), _plain(now, kept, dialect)) if kept.options.history else make()
        pairs += [sa.literal(name, sa.Text), sa.case((now.is_distinct_from(was), both), else_=sa.null())]
    if dialect == "sqlite":  # a merge of RFC 7396 leaves members that are null out
        made = sa.func.json_patch("{}", sa.func.json_object(*pairs))
        return sa.type_coerce(made, sa.Text)
    return sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*pairs), type_=JSONB)


def _plain(element: sa.ColumnElement[Any], field: Any, dialect: str) -> sa.ColumnElement[Any]:
    kind, column = field.type.kind, element.type
    if kind == "number" and isinstance(column, ScaledDecimal):
        if dialect == "postgresql":
            return sa.cast(sa.cast(element, sa.Numeric(28, column.scale)), sa.Text)
        return _digits(sa.type_coerce(element, sa.BigInteger), column.scale)
    if kind == "boolean" and dialect == "sqlite":
        truth = sa.type_coerce(element, sa.Integer)
        return sa.func.json(sa.case((truth.is_(None), "null"), (truth != 0, "true"), else_="false"))
    return sa.type_coerce(element, sa.Text) if dialect == "sqlite" else element


def _digits(whole: sa.ColumnElement[Any], scale: int) -> sa.ColumnElement[Any]:
    """A scaled whole number as the number it means, in digits."""
    sign = sa.case((whole < 0, "-"), else_="")
    if not scale:
        return sa.cast(whole, sa.Text)
    size = sa.func.printf(f"%0{scale + 1}d", sa.func.abs(whole))
    return (
        sign.concat(sa.func.substr(size, 1, sa.func.length(size) - scale))
        .concat(".")
        .concat(sa.func.substr(size, -scale))
    )


# -- one by one -------------------------------------------------------------------------------------------------------


def write_page(context: Context, wish: Wish, after: int) -> int | None:
    """Save a page of records that have another answer, in the order of their ids; the last id, None at the end."""
    ids, last = _page(context, wish, after)
    host: Any = context.host
    record_type: RecordType = host.types[wish.form]
    app = context.as_app()
    moment = context.moment()
    for identity, facts in app.facts(
        wish.form, ids, [*wish.table.needs, paths("id", *wish.into), *_asked(wish)]
    ).items():
        if wish.where is not None and not wish.where.test(facts, moment):
            continue
        found = decide_record(wish.table, facts, moment)
        if not (found.rows or wish.table.otherwise) or found.conflict is not None:
            continue
        values = dict(_changed(record_type, wish, facts, found.outputs))
        if values:
            _save(app, wish, identity, values)
    return last


def _asked(wish: Wish) -> tuple[Expression, ...]:
    return (wish.where,) if wish.where is not None else ()


def _changed(
    record_type: RecordType, wish: Wish, facts: Mapping[str, Any], outputs: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name, output in wish.into.items():
        field = record_type.fields.get(name)
        value = rounded(field, outputs.get(output)) if field is not None else outputs.get(output)
        if value != facts.get(name):
            yield name, value


def _save(app: Context, wish: Wish, identity: int, values: Mapping[str, Any]) -> None:
    """A record that breaks a check of its form keeps what it has, and does not hold up the others."""
    try:
        with app.unit.savepoint():
            app.ask("records.update", type=wish.form, id=identity, values=values)
    except Rejected:
        return


def _page(context: Context, wish: Wish, after: int) -> tuple[list[int], int | None]:
    statement = _prepared(context, wish, "page", lambda: _paging(context, wish))
    rows = context.unit.fetch(statement, **_values(context), after_id=after, page_limit=PAGE)
    ids = [row["id"] for row in rows]
    return ids, ids[-1] if len(ids) == PAGE else None


def _paging(context: Context, wish: Wish) -> sa.Select[Any]:
    """The next records: those that have another answer, where the database can tell."""
    later, limit = sa.bindparam("after_id", type_=sa.BigInteger), sa.bindparam("page_limit", type_=sa.Integer)
    try:
        found = decided(context, wish)
        statement = sa.select(found.rows.c.id).where(found.differs, found.rows.c.id > later)
        return statement.order_by(found.rows.c.id).limit(limit)
    except (NotOneStatement, NotPushable):
        joins, conditions = everything(context.as_app(), wish.form)
        root = joins.root
        statement = sa.select(root.c.id).select_from(joins.origin).where(*conditions, root.c.id > later)
        return statement.order_by(root.c.id).limit(limit)
