"""Statements are built with SQLAlchemy once, compiled to text once, and then run on the driver.

Building and compiling costs ten times what a point query costs, so it happens when an app is published and not when a
person waits (research: api_platform.md 3.1 point 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Column, Numeric, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

Processor = Callable[[Any], Any]


class Prepared:
    """One statement as driver text: parameter order, what each parameter and column is converted by."""

    __slots__ = ("binds", "columns", "defaults", "dialect", "expanding", "names", "results", "statement", "text")

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self.statement = statement
        self.dialect = dialect
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.expanding = bool(compiled.post_compile_params)
        self.text = str(compiled)
        rolled_out = compiled._post_compile_expanded_state is not None  # a list has a name for each of its values
        named = compiled.params if rolled_out else compiled.bind_names.values()
        self.names: tuple[str, ...] = tuple((compiled.positiontup or ()) if compiled.positional else named)
        self.defaults: Mapping[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}
        processors: Mapping[str, Processor] = compiled._bind_processors  # type: ignore[assignment]
        self.binds = tuple((name, processors.get(name)) for name in self.names)
        described = compiled._result_columns
        self.columns: tuple[str, ...] = tuple(str(column[0]) for column in described)
        found = [_result_processor(column[3], dialect) for column in described]
        self.results = tuple((index, process) for index, process in enumerate(found) if process is not None)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Driver parameters from values by name: a tuple, or a mapping where the driver wants names."""
        defaults = self.defaults
        if self.dialect.positional:
            return [
                (process(value) if process is not None and value is not None else value)
                for name, process in self.binds
                for value in (values[name] if name in values else defaults.get(name),)
            ]
        return {
            name: (process(value) if process is not None and value is not None else value)
            for name, process in self.binds
            for value in (values[name] if name in values else defaults.get(name),)
        }

    def row(self, row: Sequence[Any]) -> dict[str, Any]:
        """One driver row as a mapping of values."""
        values = dict(zip(self.columns, row, strict=True))
        if self.results:
            columns = self.columns
            for index, process in self.results:
                name = columns[index]
                values[name] = process(row[index])
        return values

    def rows(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Driver rows as mappings of values."""
        columns, results = self.columns, self.results
        if not results:
            return [dict(zip(columns, row, strict=True)) for row in rows]
        named = [(columns[index], index, process) for index, process in results]
        found = []
        for row in rows:
            values = dict(zip(columns, row, strict=True))
            for name, index, process in named:
                raw = row[index]
                if raw is not None:
                    values[name] = process(raw)
            found.append(values)
        return found


NUMERIC_OID = 1700
"""What PostgreSQL calls NUMERIC; the processor of a decimal asks for it, and it is the same for all of ours."""


def _result_processor(type_: Any, dialect: Dialect) -> Processor | None:
    if dialect.name == "postgresql" and isinstance(type_.dialect_impl(dialect), Numeric | TypeDecorator):
        return type_._cached_result_processor(dialect, NUMERIC_OID)  # type: ignore[no-any-return]
    return type_._cached_result_processor(dialect, None)  # type: ignore[no-any-return]


def with_tables(statement: ClauseElement, tables: Mapping[Table, Table]) -> ClauseElement:
    """The statement over other tables: how one set of engine tables serves hosts with different prefixes."""

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, Table):
            return tables.get(element)
        if isinstance(element, Column) and element.table in tables:
            return tables[element.table].c[element.key]
        return None

    return cast(ClauseElement, visitors.replacement_traverse(statement, {}, replace))
