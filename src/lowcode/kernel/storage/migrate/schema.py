"""A schema as a value: the tables of an app, plain JSON that is kept beside its documents in `lc_applied`.

Names are without the host's prefix. A column is known by the permanent id of its field, a table by that of its form
and field, so that a rename is seen as one. What was retired stays in the schema under its hidden name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from lowcode.kernel.diagnostics import LowcodeError, Text
from lowcode.kernel.storage.sealed import Sealed
from lowcode.kernel.storage.types import Day, Instant, Json, ScaledDecimal, TimeOfDay, json_text

Made = TypeVar("Made")

Role = Literal["own", "records", "lines", "links", "history", "stages"]
"""What a table is: one of the library's own, or of a form: its records, lines, links, history, stage history."""

Seal = Literal["", "equal", "random"]
"""Not encrypted; so that the same values look alike, and can be found; so that nothing looks alike."""

FORMAT = 2
"""How a schema is stored. Until 2, of a cascade the first steps alone were kept, and of tags none that stand in groups.
"""
LISTED_SINCE_2 = ("cascade", "tags")


@dataclass(frozen=True)
class FieldFacts:
    """What a migration must know of the field a column stores; `records.tables` puts it into the column's `info`.

    `convert` makes a value of this field out of any value, as an import would, and raises when it cannot.
    """

    id: str
    kind: str
    title: Text = ""
    was: str | None = None
    to: str | None = None
    options: tuple[str, ...] = ()
    required: bool = False
    formula: str | None = None
    reads: tuple[str, ...] = ()
    were: tuple[tuple[str, str], ...] = ()
    """Options by their names now and before, of those that say what they were."""
    convert: Callable[[Any], Any] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TableFacts:
    """What a migration must know of a table of a form; `records.tables` puts it into the table's `info`.

    `form` and `field` are permanent ids; `record` is the record type as expressions call it.
    """

    role: Role
    form: str
    field: str = ""
    title: Text = ""
    was: str | None = None
    record: str = ""

    @property
    def id(self) -> str:
        """The permanent id of the table."""
        return f"{self.form}/{self.field}" if self.field else self.form


@dataclass(frozen=True)
class Retired:
    """Since which version something is hidden, and what it was called; `replaced` when another type took its place."""

    version: int
    name: str
    replaced: bool = False


@dataclass(frozen=True)
class ColumnShape:
    """A column. `store` is the word of its storage type (`text`, `decimal:2`, `instant` …), `kind` its field type."""

    id: str
    name: str
    store: str
    nullable: bool = True
    kind: str = ""
    title: Text = ""
    was: str | None = None
    to: str | None = None
    options: tuple[str, ...] = ()
    required: bool = False
    formula: str | None = None
    reads: tuple[str, ...] = ()
    holds: str | None = None
    retired: Retired | None = None
    were: tuple[tuple[str, str], ...] = ()
    unlisted: bool = False
    """Whether it was stored without all of its options: which there were is not known."""
    sealed: Seal = ""
    """How its values are encrypted, and in `place` what they are bound to."""
    place: str = ""

    @property
    def protection(self) -> int:
        """How much of its values the database alone tells: all, which are the same, nothing."""
        return ("", "equal", "random").index(self.sealed)

    def same_but_sealed(self, other: ColumnShape) -> bool:
        """Whether the values of both are the same, but for how they are encrypted."""
        alike = (self.store, self.kind, self.to) == (other.store, other.kind, other.to)
        return alike and (self.sealed, self.place) != (other.sealed, other.place)

    def hidden(self, name: str, version: int, *, replaced: bool = False) -> ColumnShape:
        """The same, retired."""
        return replace(self, name=name, retired=Retired(version, self.name, replaced))


@dataclass(frozen=True)
class IndexShape:
    """An index over columns by name; `live` when it leaves out deleted records, `filled` when it leaves out rows in
    which one of them is blank; `begins` when it is for what texts begin with, which on PostgreSQL an index in the order
    of a language does not tell."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    live: bool = False
    filled: bool = False
    begins: bool = False


@dataclass(frozen=True)
class TableShape:
    """A table with its columns, those that were retired last."""

    id: str
    name: str
    role: Role
    form: str = ""
    field: str = ""
    title: Text = ""
    was: str | None = None
    record: str = ""
    columns: tuple[ColumnShape, ...] = ()
    primary: tuple[str, ...] = ()
    indexes: tuple[IndexShape, ...] = ()
    retired: Retired | None = None

    @property
    def live(self) -> tuple[ColumnShape, ...]:
        """The columns in use."""
        return tuple(each for each in self.columns if each.retired is None)

    @property
    def keyed(self) -> bool:
        """Whether its rows have ids of their own."""
        return self.primary == ("id",)

    @cached_property
    def as_json(self) -> Mapping[str, Any]:
        """The plain value that is stored, without what has its default value."""
        plain: Mapping[str, Any] = _plain(self)
        return plain

    def column(self, name: str) -> ColumnShape | None:
        """A column by its name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True)
class Schema:
    """Every table of an app on one database."""

    tables: tuple[TableShape, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, TableShape]:
        """The tables in use, by id."""
        return {each.id: each for each in self.tables if each.retired is None}

    @property
    def live(self) -> Iterator[TableShape]:
        """The tables in use."""
        return (each for each in self.tables if each.retired is None)

    def as_json(self) -> dict[str, Any]:
        """The plain value that is stored."""
        return {"format": FORMAT, "tables": [each.as_json for each in self.tables]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Schema:
        """The schema that was stored."""
        listed = stored.get("format", 1) >= 2
        return cls(tuple(_table(each, listed) for each in stored["tables"]))

    @cached_property
    def digest(self) -> str:
        """One hash of what is in use: what was retired does not change it."""
        kept = [each if each.live == each.columns else replace(each, columns=each.live) for each in self.live]
        return hashlib.sha256(json_text([each.as_json for each in kept]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A dataclass as JSON without what has its default value."""
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    kept = _defaults(value.__class__)
    if kept is None:
        return value
    plain: dict[str, Any] = {}
    for name, default in kept:
        found = getattr(value, name)
        if found != default:
            plain[name] = found if type(found) is str else _plain(found)
    return plain


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...] | None:
    """What is kept of a dataclass, and each field's default; None for what is no dataclass. What a thing was called
    before is of the documents: it is not kept."""
    if not is_dataclass(kind):
        return None
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in ("was", "were"))


def _table(stored: Mapping[str, Any], listed: bool) -> TableShape:
    values = dict(stored)
    values["columns"] = tuple(_column(each, listed) for each in stored.get("columns", ()))
    values["indexes"] = tuple(
        IndexShape(**{**each, "columns": tuple(each["columns"])}) for each in stored.get("indexes", ())
    )
    values["primary"] = tuple(stored.get("primary", ()))
    values["retired"] = Retired(**stored["retired"]) if stored.get("retired") else None
    return TableShape(**values)


def _column(stored: Mapping[str, Any], listed: bool) -> ColumnShape:
    values = dict(stored)
    if not listed and stored.get("kind") in LISTED_SINCE_2:
        values["unlisted"] = True
    for key in ("options", "reads"):
        values[key] = tuple(stored.get(key, ()))
    values["retired"] = Retired(**stored["retired"]) if stored.get("retired") else None
    return ColumnShape(**values)


# -- from SQLAlchemy's tables ---------------------------------------------------------------------------------------

_STORES: tuple[tuple[type[Any], str], ...] = (
    (Instant, "instant"), (Day, "day"), (TimeOfDay, "time"), (Json, "json"), (sa.Boolean, "boolean"),
    (sa.BigInteger, "bigint"), (sa.Integer, "integer"), (sa.LargeBinary, "bytes"), (sa.Text, "text"),
    (Sealed, "text"),
)  # fmt: skip


class UnknownColumnType(LowcodeError):
    """A field type keeps its values in a column that migrations know nothing of; the message lists those they know."""


def store_of(type_: sa.types.TypeEngine[Any]) -> str:
    """The word of a column type. Raises UnknownColumnType."""
    if isinstance(type_, ScaledDecimal):
        return f"decimal:{type_.scale}"
    for known, word in _STORES:
        if isinstance(type_, known):
            return word
    known_types = ", ".join(["ScaledDecimal", *(known.__name__ for known, _ in _STORES)])
    raise UnknownColumnType(
        f"a column of the type {type_!r} cannot be compared and converted; use one of {known_types}"
    )


def type_of(store: str) -> sa.types.TypeEngine[Any]:
    """The column type of a word."""
    if store.startswith("decimal:"):
        return ScaledDecimal(int(store.partition(":")[2]))
    # The first type of a word is the plain one: an encrypted text is read and written as the text that is stored.
    made: sa.types.TypeEngine[Any] = next(known for known, word in _STORES if word == store)()
    return made


def schema_of(tables: Iterable[sa.Table], prefix: str = "", dialect: str = "postgresql") -> Schema:
    """The schema that tables describe: what is wanted on a database of this kind."""
    shapes = [_shape(table, prefix, dialect) for table in tables]
    return Schema(tuple(sorted(shapes, key=lambda each: (each.role != "own", each.id))))


def kept(table: sa.Table, what: str, make: Callable[[], Made]) -> Made:
    """What follows from a table: of an engine's own, which is one object in every host of the process, worked out once;
    those of an app come and go with it."""
    if "table" in table.info:
        return make()
    if what not in table.info:
        table.info[what] = make()
    found: Made = table.info[what]
    return found


def _shape(table: sa.Table, prefix: str, dialect: str) -> TableShape:
    return kept(table, f"shape {prefix} {dialect}", lambda: _shaped(table, prefix, dialect))


def _shaped(table: sa.Table, prefix: str, dialect: str) -> TableShape:
    facts: TableFacts | None = table.info.get("table")
    name = table.name.removeprefix(prefix)
    found = (_index(each, prefix) for each in made_indexes(table, dialect))
    indexes = tuple(sorted(found, key=lambda each: each.name))
    columns = tuple(_column_shape(each) for each in table.columns)
    primary = tuple(each.name for each in table.primary_key)
    if facts is None:
        return TableShape(f"@{name}", name, "own", columns=columns, primary=primary, indexes=indexes)
    return TableShape(
        facts.id, name, facts.role, facts.form, facts.field, facts.title, facts.was, facts.record, columns, primary,
        indexes,
    )  # fmt: skip


def _column_shape(column: sa.Column[Any]) -> ColumnShape:
    facts: FieldFacts | None = column.info.get("field")
    store, nullable = store_of(column.type), bool(column.nullable)
    if facts is None:
        return ColumnShape(column.name, column.name, store, nullable, holds=column.info.get("holds"))
    return ColumnShape(
        facts.id, column.name, store, nullable, facts.kind, facts.title, facts.was, facts.to, facts.options,
        facts.required, facts.formula, facts.reads, were=facts.were, **_sealed(column.type),
    )  # fmt: skip


def _sealed(type_: sa.types.TypeEngine[Any]) -> dict[str, Any]:
    """How the values of a column are encrypted."""
    if not isinstance(type_, Sealed):
        return {}
    return {"sealed": "equal" if type_.searchable else "random", "place": type_.place}


def made_indexes(table: sa.Table, dialect: str) -> Iterable[sa.Index]:
    """The indexes of a table that a database of this kind has: on SQLite any index tells what texts begin with."""
    return [each for each in table.indexes if dialect == "postgresql" or not each.dialect_options["postgresql"]["ops"]]


def _index(index: sa.Index, prefix: str) -> IndexShape:
    only = index.dialect_options["postgresql"]["where"]
    filled = only is not None and "IS NOT NULL" in str(only)
    columns = tuple(each.name for each in index.columns)
    return IndexShape(
        str(index.name).removeprefix(prefix), columns, bool(index.unique), only is not None and not filled, filled,
        bool(index.dialect_options["postgresql"]["ops"]),
    )  # fmt: skip


def table_of(shape: TableShape, metadata: sa.MetaData, prefix: str = "") -> sa.Table:
    """A shape as a table, for reading and writing rows, also of what the documents no longer know."""
    columns = [
        sa.Column(
            each.name, type_of(each.store), primary_key=each.name in shape.primary, nullable=each.nullable,
            autoincrement="auto" if shape.role in ("own", "history", "stages") else False,
        )
        for each in shape.columns
    ]  # fmt: skip
    return sa.Table(prefix + shape.name, metadata, *columns, info={"role": shape.role})
