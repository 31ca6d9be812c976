"""Statements are built with SQLAlchemy once, compiled to text once, and then run on the driver.

Building and compiling costs ten times what a point query costs, so it happens when an app is published and not when a
person waits (research: api_platform.md 3.1 point 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Column, Numeric, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement, Executable, operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

from lowcode.kernel.expressions.moment import PARAMETERS
from lowcode.kernel.storage.types import MOMENTS, day_json, decimal_json, instant_json, whole_json

Statement = TypeVar("Statement", bound=Executable)
Processor = Callable[[Any], Any]
Types = Callable[[], Sequence[int]]
Reader = Callable[[Sequence[Sequence[Any]]], list[dict[str, Any]]]


ANEW = "planned_anew"
NAMED = re.compile(r"%\(([^)]+)\)s|%%")
"""A parameter in the text SQLAlchemy writes for psycopg, and a percent sign there."""


def planned_anew(statement: Statement) -> Statement:
    """The statement, to be planned by the database for the values of each time: for a question about many records the
    best plan depends on them, and finding it costs nothing beside carrying it out."""
    return statement.execution_options(**{ANEW: True})


class Prepared:
    """One statement as driver text: parameter order, what each parameter and column is converted by. `named` is the
    text as SQLAlchemy wrote it; `adds`: whether it is an insert; `by`: the parameter that names
    the row of an update that changes one, by its id; `moments`: the parameters that the moment fills."""

    __slots__ = (
        "adds", "anew", "binds", "by", "by_position", "columns", "copy", "defaults", "dialect", "each", "expanding",
        "fill", "moments", "named", "names", "read", "results", "shown", "statement", "text", "types", "uses",
    )  # fmt: skip

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self.statement = statement
        self.dialect = dialect
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.expanding = bool(compiled.post_compile_params)
        self.text = self.named = str(compiled)
        self.adds = isinstance(statement, sa.Insert)
        self.by = _row_of(statement) if isinstance(statement, sa.Update) else ""
        self.anew = ANEW in statement.get_execution_options() if isinstance(statement, Executable) else False
        rolled_out = compiled._post_compile_expanded_state is not None  # a list has a name for each of its values
        named = compiled.params if rolled_out else compiled.bind_names.values()
        self.names: tuple[str, ...] = tuple((compiled.positiontup or ()) if compiled.positional else named)
        self.by_position = dialect.positional
        if dialect.paramstyle == "pyformat":
            self.names = tuple(dict.fromkeys(name for name in NAMED.findall(self.named) if name))
            self.text, self.by_position = self.numbered(0), True
        self.moments = tuple(name for name in self.names if name in PARAMETERS)
        self.defaults: Mapping[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}
        processors: Mapping[str, Processor] = compiled._bind_processors  # type: ignore[assignment]
        self.binds = tuple((name, processors.get(name)) for name in self.names)
        described = compiled._result_columns
        self.columns: tuple[str, ...] = tuple(str(column[0]) for column in described)
        self.types = tuple(column[3] for column in described)
        found = [_source(each, dialect) or _result_processor(each, dialect) for each in self.types]
        self.results: tuple[tuple[int, Processor | str], ...] = tuple(
            (index, process) for index, process in enumerate(found) if process is not None
        )
        self.uses = 0
        self.fill: Callable[[Mapping[str, Any]], Any] | None = None
        self.each: Callable[[Iterable[Mapping[str, Any]]], Iterator[tuple[Any, ...]]] | None = None
        self.copy: str | None = None
        """The same insert as PostgreSQL takes many rows in one go, where it has such a form; blank where
        not, None as long as nobody asked."""
        self.read: Reader | None = None
        self.shown: tuple[Mapping[str, Processor], Reader] | None = None

    def numbered(self, after: int) -> str:
        """The text for PostgreSQL with its parameters by number, the first one `after` so many others. A driver that is
        given names looks for them in the text each time it is long, and a save or a decision is."""
        numbers = {name: f"${number}" for number, name in enumerate(self.names, after + 1)}
        return NAMED.sub(lambda found: numbers[found[1]] if found[1] else "%", self.named)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Driver parameters from values by name: a list, or a mapping where the driver wants names."""
        if self.fill is not None:
            return self.fill(values)
        self.uses += 1
        if self.uses == WORTHWHILE:
            self.fill = filler(self.binds, self.defaults, by_position=self.by_position)
        defaults = self.defaults
        if self.by_position:
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

    def tuples(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Driver parameters of many rows that all have every name, in the order of `names`."""
        if self.each is None:
            self.each = filler_of_many(self.binds, self.defaults)
        return self.each(rows)

    def rows(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Driver rows as mappings of values."""
        if not rows:
            return []
        if self.read is None:
            self.read = reader(self.columns, self.results, ())
        return self.read(rows)

    def rows_shown(
        self, rows: Sequence[Sequence[Any]], shows: Mapping[str, Processor], types_of: Types = tuple
    ) -> list[dict[str, Any]]:
        """Driver rows as mappings, each value as its function in `shows` makes it out of what is not blank. `types_of`:
        of a driver that leaves values as text (`Database.texts`), the type of each column."""
        if self.shown is None or self.shown[0] is not shows:
            processes, left, types = dict(self.results), dict(shows), types_of()
            for index, (name, type_) in enumerate(zip(self.columns, self.types, strict=True)):
                if isinstance(type_, sa.Integer) and left.get(name) is decimal_json:
                    del left[name]  # ids and versions: the driver gives whole numbers, which are JSON as they are
                source: str | None
                text = AS_TEXT.get(types[index]) if types else None
                if text is not None and name in left and left[name] in text.shown:
                    source = text.shown[left[name]]
                elif text is not None:
                    processes[index] = text.read(processes.get(index))
                    continue
                else:
                    direct = getattr(type_, "json_source", None)
                    source = direct(self.dialect, left[name]) if direct is not None and name in left else None
                if source is not None:
                    processes[index] = source
                    del left[name]
            self.shown = shows, reader(self.columns, tuple(processes.items()), tuple(left.items()))
        return self.shown[1](rows)


def _row_of(statement: sa.Update) -> str:
    """The parameter that is the id of the row, where that alone says which is changed."""
    found = statement.whereclause
    if not isinstance(found, sa.BinaryExpression) or found.operator is not operators.eq:
        return ""
    left, right = found.left, found.right
    return right.key if isinstance(left, Column) and left.name == "id" and isinstance(right, sa.BindParameter) else ""


@dataclass(frozen=True, slots=True)
class AsText:
    """A type whose values a driver may leave as the text PostgreSQL sent: what makes a value of the text `v`, and, as
    sources by the function that shows a value, what that function would make of it, in one step."""

    value: str
    shown: Mapping[Processor, str]

    def read(self, process: Processor | str | None) -> Processor | str:
        """What makes of the text what `process` would have made of the driver's value."""
        if process is None:
            return self.value
        if isinstance(process, str):
            return f"(v := {self.value}, {process})[1]"
        parse: Processor = eval(f"lambda v: {self.value}", NAMES)  # noqa: S307 (one of three constants)
        return lambda text: process(parse(text))


WORTHWHILE = 3
"""From the so-manieth use on a statement has a function of its own for its parameters; many are used but once."""


def filler(
    binds: tuple[tuple[str, Processor | None], ...], defaults: Mapping[str, Any], *, by_position: bool
) -> Callable[[Mapping[str, Any]], Any]:
    """A generated function that makes driver parameters of values: half of what looping over the names costs."""
    names, items = _parameters(binds, defaults, "get({name})", "get({name}, {default})")
    body = ", ".join(
        source if by_position else f"{name!r}: {source}" for (name, _), source in zip(binds, items, strict=True)
    )
    text = f"def fill(values):\n    get = values.get\n    return {f'[{body}]' if by_position else f'{{{body}}}'}\n"
    exec(compile(text, "<parameters>", "exec"), names)  # noqa: S102 (names stand in it as literals, nothing else does)
    made: Callable[[Mapping[str, Any]], Any] = names["fill"]
    return made


def filler_of_many(
    binds: tuple[tuple[str, Processor | None], ...], defaults: Mapping[str, Any]
) -> Callable[[Iterable[Mapping[str, Any]]], Iterator[tuple[Any, ...]]]:
    """The same for many rows of the same names: a tuple for each, made when it is asked for."""
    names, items = _parameters(binds, defaults, "r[{name}]", "r.get({name}, {default})", same=True)
    kept = "".join(f"    l{index} = k{index} = None\n" for index in range(len(binds)) if f"l{index}" in items[index])
    text = f"def each(rows):\n{kept}    return (({', '.join(items)},) for r in rows)\n"
    exec(compile(text, "<rows of parameters>", "exec"), names)  # noqa: S102 (names stand in it as literals)
    made: Callable[[Iterable[Mapping[str, Any]]], Iterator[tuple[Any, ...]]] = names["each"]
    return made


def _parameters(
    binds: tuple[tuple[str, Processor | None], ...], defaults: Mapping[str, Any], plain: str, with_default: str, *,
    same: bool = False,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    """What generated source may call, and the source of each parameter. `same`: a moment that
    the row before had as well, the very same object, is converted once."""
    names: dict[str, Any] = {"__builtins__": {}}
    items = []
    for index, (name, process) in enumerate(binds):
        if defaults.get(name) is not None:
            names[f"d{index}"] = defaults[name]
            source = with_default.format(name=repr(name), default=f"d{index}")
        else:
            source = plain.format(name=repr(name))
        if process is not None:
            names[f"p{index}"] = process
            made = f"p{index}(v)"
            if same and process in MOMENTS:
                made = f"k{index} if v is l{index} else (k{index} := p{index}(l{index} := v))"
            source = f"None if (v := {source}) is None else {made}"
        items.append(source)
    return names, items


NUMERIC_OID = 1700
"""What PostgreSQL calls NUMERIC; the processor of a decimal asks for it, and it is the same for all of ours."""
NAMES = {
    "__builtins__": {"str": str, "bool": bool, "int": int, "len": len}, "UTC": UTC, "Decimal": Decimal,
    "parse_instant": datetime.fromisoformat, "parse_day": date.fromisoformat, "instant_json": instant_json,
}  # fmt: skip
"""What the sources of types may call."""

INSTANT = "parse_instant(v).astimezone(UTC)"
MILLISECONDS = "f\"{v[:10]}T{v[11:19]}.{(v[20:-3] + '00')[:3] if len(v) > 22 else '000'}Z\""
AS_TEXT: Mapping[int, AsText] = {
    1184: AsText(INSTANT, {instant_json: f"{MILLISECONDS} if v[-3:] == '+00' else instant_json({INSTANT})"}),
    NUMERIC_OID: AsText("Decimal(v)", {decimal_json: "v", whole_json: "int(Decimal(v))"}),
    1082: AsText("parse_day(v)", {day_json: "v"}),
}
"""By the number of the type on PostgreSQL (TIMESTAMPTZ, NUMERIC, DATE): a page of records is mostly these, and reading
them to write them again is a third of what showing it costs."""


@lru_cache(maxsize=2000)
def reader(
    columns: tuple[str, ...],
    results: tuple[tuple[int, Processor | str], ...],
    shows: tuple[tuple[str, Processor], ...],
    *,
    by_name: bool = False,
) -> Reader:
    """A generated function that makes mappings of rows (or, `by_name`, of mappings): a third of what loops over the
    columns cost. A result is changed by a function, or by source that says what becomes of `v`; then it is shown."""
    names: dict[str, Any] = dict(NAMES)
    processes, shown = dict(results), dict(shows)
    items = []
    for index, name in enumerate(columns):
        source, process, show = "v", processes.get(index), shown.get(name)
        if isinstance(process, str):
            source = process
        elif process is not None:
            names[f"p{index}"] = process
            source = f"p{index}(v)"
        if show is not None:
            names[f"s{index}"] = show
            source = f"s{index}({source})"
        place = f"r[{name!r}]" if by_name else f"r[{index}]"
        items.append(f"{name!r}: {place if source == 'v' else f'None if (v := {place}) is None else {source}'}")
    text = f"def read(rows):\n    return [{{{', '.join(items)}}} for r in rows]\n"
    exec(compile(text, "<rows>", "exec"), names)  # noqa: S102 (columns stand in it as literals, nothing else does)
    made: Reader = names["read"]
    return made


def _source(type_: Any, dialect: Dialect) -> str | None:
    """What makes a value of a driver's value `v`, as source, for types that say so."""
    source = getattr(type_, "value_source", None)
    return source(dialect) if source is not None else None


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
