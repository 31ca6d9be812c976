"""Runs one expression against one record in a database, the record standing in a literal subquery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, cast, func, literal, null, select, union_all

from lowcode.kernel.expressions import Expression, Moment, Type, lifted
from lowcode.kernel.expressions.sql import bind_value, storage_type
from lowcode.kernel.expressions.sql.truth import variable_parameter
from tests.conformance.expressions.support import flat_record, type_of


class LiteralResolver:
    """Columns of a record written into the statement itself."""

    def __init__(self, fields: Mapping[str, str], record: Mapping[str, Any], dialect: str):
        self.fields, self.record, self.dialect = fields, flat_record(fields, record), dialect
        own = {
            name: kind for name, kind in fields.items() if not kind.startswith("rows") and not self.relation_of(name)
        }
        self.subject: Any = self.one_row(self.record, {**own, "id": "number:0!"}).subquery("subject")

    def relation_of(self, name: str) -> str:
        within = [one for one, kind in self.fields.items() if kind.startswith("rows") and name.startswith(one + ".")]
        return max(within, key=len, default="")

    def one_row(self, row: Mapping[str, Any], fields: Mapping[str, str]) -> Any:
        return select(
            *(self.typed(row.get(name), type_of(kind)).label(name.replace(".", "__")) for name, kind in fields.items())
        )

    def typed(self, value: Any, kind: Type) -> ColumnElement[Any]:
        stored = storage_type(kind, self.dialect)
        raw = bind_value(value, kind, self.dialect)
        made: ColumnElement[Any] = null() if raw is None else literal(raw, stored)
        return cast(made, stored) if self.dialect == "postgresql" or raw is None else made

    def column(self, path: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.subject.c[path.replace(".", "__")]
        return found

    def rows(
        self, path: str, child_paths: frozenset[str]
    ) -> tuple[FromClause, ColumnElement[bool], Callable[[str], ColumnElement[Any]]]:
        inner = {name[len(path) + 1 :]: kind for name, kind in self.fields.items() if name.startswith(path + ".")}
        inner = {"id": "number:0!", "of__subject": "number:0!", **inner}
        found: list[dict[str, Any]] = [{**row, "of__subject": self.record["id"]} for row in self.record[path]]
        rows: list[Any] = [self.one_row(row, inner) for row in found or [{"id": 0, "of__subject": -1}]]
        combined: Any = union_all
        table: Any = (combined(*rows) if len(rows) > 1 else rows[0]).subquery(path.replace(".", "__"))
        return (table, table.c.of__subject == self.subject.c.id, lambda child: table.c[child.replace(".", "__")])


def value_in(
    connection: Connection, dialect: str, expression: Expression, resolver: LiteralResolver, moment: Moment
) -> Any:
    """The value the database gives."""
    element = expression.sql(dialect, resolver)
    return connection.execute(select(element).select_from(resolver.subject), moment.parameters(dialect)).scalar()


def met_in(
    connection: Connection, dialect: str, expression: Expression, resolver: LiteralResolver, moment: Moment
) -> bool:
    """Whether the database finds the record by the condition; the same is found when its values come apart from it."""
    apart = lifted(expression)
    values = {variable_parameter(name): value for name, value in apart.values.items()}
    found = set()
    for each, given in ((expression, {}), (apart.expression, values)):
        statement = select(func.count()).select_from(resolver.subject).where(each.sql_condition(dialect, resolver))
        found.add(connection.execute(statement, {**moment.parameters(dialect), **given}).scalar() == 1)
    assert len(found) == 1, (expression.text, apart.values)
    return found.pop()
