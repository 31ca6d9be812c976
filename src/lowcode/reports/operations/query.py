"""Facts to statements: one per form and level, through the one read path, so that permission holds inside every sum.

A form's rows are joined to-one only, which never multiplies them. A dimension over a set counts a record once for each
of its values; its total is a statement of its own, without the set. What the database cannot compute is computed from
the records' own values, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.kernel.expressions.sql import lower_measure
from lowcode.kernel.records.joins import Joins, Paths
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.query import secured
from lowcode.kernel.records.visible import kept_from
from lowcode.kernel.storage.prepared import planned_anew
from lowcode.reports.diagnostics import problem
from lowcode.reports.mirror.asking import Question, asked, mirror_of, question
from lowcode.reports.parts import Counted, Measured, taken_apart
from lowcode.reports.plan import Facts
from lowcode.reports.run import Key
from lowcode.reports.sql.reading import limited, plan_of, sql_source

GROUP_LIMIT = 20_000
ROW_LIMIT = 200_000


class Below:
    """A resolver for expressions about the record that lines belong to, over the lines' joins."""

    def __init__(self, joins: Joins | Paths, head: str) -> None:
        self._joins, self._head = joins, head

    def column(self, path: str) -> sa.ColumnElement[Any]:
        """The column of a path."""
        return self._joins.column(f"{self._head}.{path}")

    def rows(self, path: str, child_paths: Iterable[str] = ()) -> Any:
        """The rows of a relation."""
        return self._joins.rows(f"{self._head}.{path}", child_paths)


def source(
    context: Context, record_type: RecordType, dialect: str | None = None
) -> tuple[Joins, list[sa.ColumnElement[bool]]]:
    """Where facts are read from: the rows this person may read. Lines follow the record they belong to. `dialect`: of
    the mirror, in place of the database's."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    sql = plan_of(record_type)
    if sql is not None:
        return sql_source(context, record_type, sql, source)
    if record_type.parent is None:
        return secured(context, record_type, grant, dialect=dialect)
    secured(context, record_type.root, grant)  # refuses who may not read the form at all
    joins = Joins(
        host.types, record_type, host.database.table, dialect or host.database.dialect_name,
        allowed=lambda other: host.grant(other, context.actor),
    )  # fmt: skip
    up = ".".join(["parent"] * len(record_type.way.split(".")))
    conditions: list[sa.ColumnElement[bool]] = [joins.column(f"{up}.deleted_at").is_(None)]
    permitted = grant.conditions("read")
    if permitted is not None:
        below: Any = Below(joins.definer, up)
        conditions.append(sa.or_(sa.false(), *(each.sql_condition(joins.dialect, below) for each in permitted)))
    return joins, conditions


def reads_hidden(context: Context, record: str, expressions: Iterable[Expression]) -> bool:
    """Whether any expression reads a field that is kept from this person, or the rows themselves are."""
    if kept_from(context, record, "id"):
        return True
    for expression in expressions:
        children = {path for relation, paths in expression.rows.items() if not relation for path in paths}
        for relation, paths in expression.rows.items():
            if relation:
                children |= {f"{relation}.{path}" for path in paths} | {relation}
        if any(kept_from(context, record, path) for path in expression.paths | children):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement, and what its columns are parts of."""

    statement: sa.Select[Any]
    measures: tuple[Measured, ...]


def grouped(
    context: Context, facts: Facts, used: Sequence[str], values: Mapping[str, Any], *, whole: bool = False
) -> dict[Key, list[Any]]:
    """The measures of every group, or of the whole (one group with an empty key). `used` names the filters in force."""
    return counted(context, facts, used, values, whole=whole).finished(context.moment())


def counted(
    context: Context, facts: Facts, used: Sequence[str], values: Mapping[str, Any], *, whole: bool = False
) -> Counted:
    """What is counted of every group, or of the whole, and what measures are made of it."""
    host: Any = context.host
    record_type: RecordType = host.types[facts.record]
    dimensions = () if whole else facts.dimensions
    key = (
        "report", facts.record, facts.where and facts.where.text, tuple(each.text for each in dimensions),
        tuple(each.text for _, each in facts.measures), tuple(used), facts.period and facts.period.text,
        tuple(facts.filters[name].text for name in used if name != "period"),
        context.actor.standing,
    )  # fmt: skip
    if isinstance(record_type.table, sa.Table):
        copied = asked(
            context, record_type.table, key,
            lambda: _question(context, record_type, facts, dimensions, used), values,
        )  # fmt: skip
        if copied is not None:
            return copied
    prepared: Prepared | ByRecord = host.cached(key, lambda: _prepared(context, record_type, facts, dimensions, used))
    parameters = {**context.moment().parameters(host.database.dialect_name), **values}
    with limited(context, record_type):
        if isinstance(prepared, ByRecord):
            return prepared.run(context, parameters)
        rows = context.unit.fetch(prepared.statement, **parameters)
    keys = [f"report_d{index}" for index in range(len(dimensions))]
    parts = [f"report_p{index}" for index in range(sum(len(each.parts) for each in prepared.measures))]
    return Counted(
        prepared.measures, {tuple(row[name] for name in keys): [row[name] for name in parts] for row in rows}
    )


def _question(
    context: Context, record_type: RecordType, facts: Facts, dimensions: Sequence[Expression], used: Sequence[str]
) -> Question:
    """The same for the mirror. Raises NotPushable."""
    mirror = mirror_of(context)
    assert mirror is not None
    joins, conditions = source(context, record_type, mirror.lowering)
    conditions += [each.sql_condition(mirror.lowering, joins) for each in _conditions(facts, used)]
    measures = [measure for _, measure in facts.measures]
    return question(context.host, mirror.lowering, joins, conditions, dimensions, measures, GROUP_LIMIT)


def _conditions(facts: Facts, used: Sequence[str]) -> list[Expression]:
    chosen = [facts.period if name == "period" else facts.filters.get(name) for name in used]
    return [each for each in (facts.where, *chosen) if each is not None]


def _prepared(
    context: Context, record_type: RecordType, facts: Facts, dimensions: Sequence[Expression], used: Sequence[str]
) -> Prepared | ByRecord:
    try:
        return _statement(context, record_type, facts, dimensions, used)
    except NotPushable:
        return ByRecord(context, record_type, facts, dimensions, used)


def _statement(
    context: Context, record_type: RecordType, facts: Facts, dimensions: Sequence[Expression], used: Sequence[str]
) -> Prepared:
    joins, conditions = source(context, record_type)
    conditions += [each.sql_condition(joins.dialect, joins) for each in _conditions(facts, used)]
    sets: list[Any] = []
    columns = []
    for index, dimension in enumerate(dimensions):
        element = dimension.sql(joins.dialect, joins)
        if dimension.type.kind == "multi":
            element = _members(element, joins.dialect, index)
            sets.append(element)
            element = element.c.value
        columns.append(element.label(f"report_d{index}"))
    taken = [_measured(measure) for _, measure in facts.measures]
    parts = [part for each in taken for part in each.parts]
    added = [lower_measure(part, joins.dialect, joins).label(f"report_p{index}") for index, part in enumerate(parts)]
    origin: sa.FromClause = joins.origin
    for members in sets:
        origin = origin.outerjoin(members, sa.true())
    statement = sa.select(*columns, *added).select_from(origin).where(*conditions)
    if columns:
        names: list[Any] = [sa.literal_column(f"report_d{index}") for index in range(len(columns))]
        statement = statement.group_by(*names).limit(GROUP_LIMIT)
    return Prepared(planned_anew(statement), tuple(taken))


def _measured(measure: Expression) -> Measured:
    """A measure taken apart where its parts add up; else the database works it out as it is."""
    found = taken_apart(measure.tree)
    return found if found.adds else Measured((measure.tree,), None)


def _members(element: Any, dialect: str, index: int) -> Any:
    """The values of a set, one row each."""
    name = f"set_{index}"
    if dialect == "sqlite":
        return sa.func.json_each(element).table_valued("value", name=name)
    return sa.func.jsonb_array_elements_text(element).table_valued("value", name=name).render_derived().lateral()


class ByRecord:
    """Groups computed from the records' own values, where the database cannot compute a measure (working time, say)."""

    def __init__(
        self, context: Context, record_type: RecordType, facts: Facts, dimensions: Sequence[Expression],
        used: Sequence[str],
    ) -> None:  # fmt: skip
        joins, conditions = source(context, record_type)
        conditions += [each.sql_condition(joins.dialect, joins) for each in _conditions(facts, used)]
        paths = set().union(
            *(each.paths for each in dimensions), *(each.rows.get("", ()) for _, each in facts.measures)
        )
        columns = [joins.column(path).label(path) for path in sorted(paths | {"id"})]
        self._statement = sa.select(*columns).select_from(joins.origin).where(*conditions).limit(ROW_LIMIT + 1)
        self._dimensions, self._measures = tuple(dimensions), tuple(measure for _, measure in facts.measures)

    def run(self, context: Context, parameters: Mapping[str, Any]) -> Counted:
        """The measures of every group."""
        moment = context.moment()
        groups: dict[Key, list[Mapping[str, Any]]] = {} if self._dimensions else {(): []}
        found = context.unit.fetch(self._statement, **parameters)
        if len(found) > ROW_LIMIT:
            raise Rejected(problem("too-many-records", limit=ROW_LIMIT))
        for row in found:
            for key in _keys([each.evaluate(row, moment) for each in self._dimensions], self._dimensions):
                groups.setdefault(key, []).append(row)
        return Counted(
            tuple(Measured((measure.tree,), None) for measure in self._measures),
            {key: [measure.evaluate({"": rows}, moment) for measure in self._measures] for key, rows in groups.items()},
        )


def _keys(values: Sequence[Any], dimensions: Sequence[Expression]) -> list[Key]:
    keys: list[Key] = [()]
    for value, dimension in zip(values, dimensions, strict=True):
        choices: Sequence[Any] = (
            (tuple(dict.fromkeys(value or ())) or (None,)) if dimension.type.kind == "multi" else (value,)
        )
        keys = [(*key, choice) for key in keys for choice in choices]
    return keys


def permitted(context: Context, form: str, refuse: Callable[[], Forbidden]) -> None:
    """Refuse whoever may not read a form at all."""
    host: Any = context.host
    if not host.grant(host.types[form], context.actor).may("read"):
        raise refuse()
