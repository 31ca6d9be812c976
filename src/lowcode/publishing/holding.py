"""Checks and ranges that are new in a version, and the records that are there and break them: counted before it is
applied, with samples. Reads only.

They do not stop an apply: such a record stays as it is until somebody edits it. What reads a column that comes or
changes with the version cannot be asked of the database as it is now, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from lowcode.kernel.definitions import Documents
from lowcode.kernel.expressions import Expression, Moment, NotPushable
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.plan import Check, RecordType, Unique, WithoutOverlaps
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.convert import SAMPLES
from lowcode.kernel.storage.migrate.examine import Effect
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.schema import schema_of
from lowcode.kernel.storage.migrate.words import said, sentence

Rule = Check | WithoutOverlaps | tuple[RecordType, Unique]
FAR = {"date": date.max, "datetime": datetime(9999, 12, 31, tzinfo=UTC)}
"""Where a range without an end ends, while ranges are compared."""
LATER = said(
    "读取随此版本改变的内容，应用前无法核对已有记录",
    "it reads what changes with this version: records that are there cannot be counted beforehand",
)


@dataclass(frozen=True)
class Asking:
    """The database as it is now, and the record types of the version to come."""

    hand: Hand
    types: Mapping[str, RecordType]
    moment: Moment
    effects: tuple[Effect, ...]

    def rules(self, before: Documents) -> Iterator[Effect]:
        """Each rule of a form that is new, with the records that break it."""
        for record_type in self.types.values():
            if record_type.parent is not None or not isinstance(record_type.table, sa.Table):
                continue  # rows are looked at with their record, and stays in states are no records of their own
            former = _former(before, record_type)
            for rule in _new(record_type, former) if former is not None else ():
                yield self._effect(record_type, rule)

    def _effect(self, record_type: RecordType, rule: Rule) -> Effect:
        owner, column = record_type, ""
        if isinstance(rule, tuple):
            owner, column = rule[0], rule[1].fields[0]
        elif isinstance(rule, WithoutOverlaps):
            column = rule.start
        (table,) = schema_of((owner.table,), self.hand.prefix, self.hand.database.dialect_name).tables
        begins = next((each for each in table.columns if each.name == column), None)
        step = s.Hold(table, begins, rule.name if isinstance(rule, Check) else "")
        try:
            broken = self._broken(record_type, rule)
            asked = broken is not None and self._is_there(broken)
        except NotPushable:
            asked = False
        if broken is None or not asked:
            return Effect(step, sentence(step), "none", 0, (Finding("warning", LATER),))
        rows = self.hand.count(owner.table.name.removeprefix(self.hand.prefix))
        return Effect(step, sentence(step), "scan", rows, tuple(self._found(broken)))

    def _broken(self, record_type: RecordType, rule: Rule) -> sa.Select[Any] | None:
        """The ids of the records that break a rule; None where the database cannot tell."""
        if isinstance(rule, tuple):
            return None if any(rule[0].fields[name].sealed for name in rule[1].fields) else _twice(*rule)
        expression = rule.expression if isinstance(rule, Check) else rule.where
        if expression is not None and self._is_sealed(expression):
            return None
        database = self.hand.database
        joins = Joins(self.types, record_type, database.table, database.dialect_name)
        if isinstance(rule, Check):
            told = rule.expression.sql(database.dialect_name, joins)
            chosen = sa.select(joins.root.c.id).select_from(joins.origin)
            return chosen.where(joins.root.c.deleted_at.is_(None), sa.not_(sa.type_coerce(told, sa.Boolean)))
        return _overlapping(record_type, rule, joins, database.dialect_name)

    def _is_sealed(self, expression: Expression) -> bool:
        """Whether it reads what the database holds encrypted."""
        read = (each.rpartition(".") for each in expression.reads)
        fields = (self.types[form].fields.get(name) for form, _, name in read if form in self.types)
        return any(each is not None and each.sealed for each in fields)

    def _is_there(self, broken: sa.Select[Any]) -> bool:
        """Whether the database has every column that is read, as the version to come will have it."""
        read: dict[str, set[str]] = {}
        for each in visitors.iterate(broken):
            table: Any = each.table if isinstance(each, sa.Column) else None
            while isinstance(table, sa.Alias):
                table = table.element
            if isinstance(each, sa.Column) and isinstance(table, sa.Table):
                read.setdefault(table.name.removeprefix(self.hand.prefix), set()).add(each.name)
        if any(name in read and (column is None or column in read[name]) for name, column in self._changing()):
            return False
        return all(names <= self.hand.columns(table) for table, names in read.items())

    def _changing(self) -> Iterator[tuple[str, str | None]]:
        """Tables that come or change as a whole, and columns of others that do."""
        for effect in self.effects:
            match effect.step:
                case s.CreateTable(table) | s.ReturnTable(_, table) | s.RenameTable(_, table):
                    yield table.name, None
                case s.LinksToLink(table, links, column) | s.LinkToLinks(table, column, links):
                    yield links.name, None
                    yield table.name, column.name
                case (
                    s.AddColumn(table, column) | s.ReturnColumn(table, _, column) | s.RenameColumn(table, _, column)
                    | s.Retype(_, table, _, column) | s.Fill(table, column) | s.RenameOptions(_, _, table, column)
                ):  # fmt: skip
                    yield table.name, column.name
                case _:
                    pass

    def _found(self, broken: sa.Select[Any]) -> Iterator[Finding]:
        listed = broken.subquery()
        count = self._fetch(sa.select(sa.func.count().label("count")).select_from(listed))[0]["count"]
        if count:
            words = said(
                "不符合的记录：{count}，下次修改时必须改正",
                "records that break it: {count}; whoever edits them next must mend them",
                count=str(count),
            )
            samples = self._fetch(sa.select(listed.c.id).order_by(listed.c.id).limit(SAMPLES))
            yield Finding("warning", words, count, tuple((each["id"],) for each in samples))

    def _fetch(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        unit = self.hand.unit
        return unit.fetch(statement, **self.moment.parameters(unit.database.dialect_name))


def _former(before: Documents, record_type: RecordType) -> Mapping[str, Any] | None:
    """The form as it was written before, whatever it was called; None where it is new."""
    found = before.get("forms", record_type.name)
    facts = record_type.table.info.get("table")
    if found is None and facts is not None and facts.was:
        found = before.get("forms", facts.was)
    return found.data if found is not None and isinstance(found.data, Mapping) else None


def _new(record_type: RecordType, former: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules that are not as they were. What a check asks of a save alone says nothing of records."""
    checks = {each.get("expression") for each in _listed(former, "checks")}
    for check in record_type.checks:
        if check.expression.text not in checks and not check.expression.old:
            yield check
    ranges = [
        (each.get("range"), tuple(each.get("per") or ()), each.get("where"))
        for each in _listed(former, "without_overlaps")
    ]
    for rule in record_type.without_overlaps:
        if (rule.start, rule.per, None if rule.where is None else rule.where.text) not in ranges:
            yield rule

    fields = _listed(former, "fields")
    for rows in (rows for _, rows in record_type.rows_below if rows.unique):
        was = _lines_of(fields, rows)
        known = {(each.get("name"),) for each in _listed(was, "fields") if each.get("unique")}
        known |= {tuple(each.get("fields") or ()) for each in _listed(was, "unique_rows")}
        yield from ((rows, rule) for rule in rows.unique if was and rule.fields not in known)


def _lines_of(fields: Iterable[Mapping[str, Any]], rows: RecordType) -> Mapping[str, Any]:
    """The field of rows as it was written before; nothing where it is new."""
    found: Mapping[str, Any] = {}
    for name in rows.way.split("."):
        found = next((each for each in fields if each.get("name") == name), {})
        fields = _listed(found, "fields")
    return found


def _twice(rows: RecordType, rule: Unique) -> sa.Select[Any]:
    """The records in which two rows have the same."""
    table, above = rows.table, rows.parent
    origin: sa.FromClause = table
    record = table.c.parent
    while above is not None and above.parent is not None:
        origin = origin.join(above.table, above.table.c.id == record)
        record, above = above.table.c.parent, above.parent
    assert above is not None
    origin = origin.join(above.table, above.table.c.id == record)
    columns = [table.c[name] for name in rule.fields]
    held = [above.table.c.deleted_at.is_(None), *(each.is_not(None) for each in columns)]
    chosen = sa.select(record.label("id")).select_from(origin).where(*held)
    return sa.select(chosen.group_by(record, *columns).having(sa.func.count() > 1).subquery().c.id).distinct()


def _listed(former: Mapping[str, Any], key: str) -> Iterable[Mapping[str, Any]]:
    found = former.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else ()


def _overlapping(record_type: RecordType, rule: WithoutOverlaps, joins: Joins, dialect: str) -> sa.Select[Any]:
    """The records whose range begins before another one that began earlier is over: one pass in the order of what the
    ranges are of and when they begin."""
    column, kind = joins.root.c, record_type.fields[rule.start].options_type
    start, end = column[rule.start], column[rule.end]
    latest = sa.func.max(sa.func.coalesce(end, sa.literal(FAR[kind], type_=end.type)))
    before = latest.over(
        partition_by=[column[name] for name in rule.per] or None, order_by=[start, column.id], rows=(None, -1)
    )
    held: list[sa.ColumnElement[bool]] = [
        column.deleted_at.is_(None),
        start.is_not(None),
        *(column[name].is_not(None) for name in rule.per),
    ]
    if rule.where is not None:
        held.append(rule.where.sql_condition(dialect, joins))
    there = sa.select(column.id, start.label("starts"), before.label("until")).select_from(joins.origin)
    ranges = there.where(*held).subquery()
    late = ranges.c.until >= ranges.c.starts if kind == "date" else ranges.c.until > ranges.c.starts
    return sa.select(ranges.c.id).where(late)
