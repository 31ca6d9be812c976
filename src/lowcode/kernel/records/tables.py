"""The tables of a record type: its rows, its lines, its join tables, its history and its stage history."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from lowcode.kernel.diagnostics import Text as Words
from lowcode.kernel.records import entries, intervals
from lowcode.kernel.records.fields import FieldDefinition, FieldKind
from lowcode.kernel.records.fields.choices import former_names, listed
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage.migrate import FieldFacts, TableFacts
from lowcode.kernel.storage.migrate.schema import Role
from lowcode.kernel.storage.sealed import Sealed
from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.types import Day, Instant, Json, ScaledDecimal, TimeOfDay, json_text


def build(
    record_type: RecordType, metadata: MetaData, prefix: str = "", forms: Mapping[str, str] | None = None
) -> None:
    """Make the tables of a record type and of its lines. Columns follow names; identity is the field's id.

    What a migration must know goes into the `info` of tables and columns; `forms` gives the ids of forms by name.
    """
    name = prefix + record_type.name
    known = forms or {}

    def facts(role: Role, field: Field | None = None, mark: str = "") -> dict[str, TableFacts]:
        """Of which form, and of which field of it, a table is."""
        title: Words = record_type.title if field is None else field.title
        was = record_type.extras.get("was") if field is None else field.options.was
        record = record_type.name if field is None else f"{record_type.name}.{field.name}"
        return {"table": TableFacts(role, record_type.id, mark or (field.id if field else ""), title, was, record)}

    columns: list[Column[Any]] = [
        Column("id", Id, primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("created_by", BigInteger),
        Column("updated_at", Instant, nullable=False),
        Column("updated_by", BigInteger),
        Column("owner", BigInteger),
        Column("deleted_at", Instant),
    ]
    table = Table(name, metadata, *columns, *_own_columns(record_type, known), info=facts("records"))
    record_type.table = table
    live = table.c.deleted_at.is_(None)
    Index(f"{name}__owner", table.c.owner, sqlite_where=live, postgresql_where=live)
    Index(f"{name}__created", table.c.created_at, table.c.id)
    Index(f"{name}__updated", table.c.updated_at, table.c.id)
    _indexes(record_type, table, live)
    _build_history(record_type, metadata, name, facts)
    for field in record_type.fields.values():
        if field.rows is not None:
            _build_lines(field.rows, metadata, f"{name}__{field.name}", table, known, facts("lines", field)["table"])
        elif field.several:
            record_type.joins[field.name] = Table(
                f"{name}__{field.name}",
                metadata,
                Column("source", BigInteger, primary_key=True, autoincrement=False),
                Column("target", BigInteger, primary_key=True, autoincrement=False, info=_target(field, known)),
                Column("position", Integer, nullable=False),
                Index(f"{name}__{field.name}_target", "target", "source"),
                info=facts("links", field),
            )


def _build_history(
    record_type: RecordType, metadata: MetaData, name: str, facts: Callable[..., dict[str, TableFacts]]
) -> None:
    """The tables of what was done with the records and of the stays in their states, and how both are asked about."""
    record_type.history = Table(
        f"{name}__history",
        metadata,
        Column("id", Id, primary_key=True, autoincrement=True),
        Column("record_id", BigInteger, nullable=False),
        Column("version", Integer, nullable=False),
        Column("at", Instant, nullable=False),
        Column("actor", BigInteger),
        Column("kind", Text, nullable=False),
        Column("changes", Json, nullable=False),
        Index(f"{name}__history_record", "record_id", "id"),
        info=facts("history", mark="@history"),
    )
    if record_type.entries is not None:
        record_type.entries.table = entries.view(record_type.history)
    if record_type.states:
        record_type.stages = Table(
            f"{name}__stages",
            metadata,
            Column("id", Id, primary_key=True, autoincrement=True),
            Column("record_id", BigInteger, nullable=False),
            Column("field", Text, nullable=False),
            Column("came_from", Text),
            Column("state", Text),
            Column("entered_at", Instant, nullable=False),
            Column("left_at", Instant),
            Column("seconds", BigInteger),
            Column("actor", BigInteger),
            Index(f"{name}__stages_record", "record_id", "field", "left_at"),
            Index(f"{name}__stages_state", "field", "state", "entered_at"),
            info=facts("stages", mark="@stages"),
        )
        for field_name, stays in record_type.intervals.items():
            stays.table = intervals.view(record_type.stages, field_name)


def _build_lines(
    rows: RecordType, metadata: MetaData, name: str, parent: Table, forms: Mapping[str, str], facts: TableFacts
) -> None:
    """The table of rows, and of rows in them."""
    rows.table = Table(
        name,
        metadata,
        Column("id", Id, primary_key=True, autoincrement=False),
        Column("parent", BigInteger, sa.ForeignKey(parent.c.id, ondelete="CASCADE"), nullable=False),
        Column("position", Integer, nullable=False),
        *_own_columns(rows, forms),
        info={"table": facts},
    )
    Index(f"{name}__parent", rows.table.c.parent, rows.table.c.position)
    _indexes(rows, rows.table, None)
    for field in rows.lines:
        assert field.rows is not None
        was, record = field.options.was, f"{facts.record}.{field.name}"
        inner = TableFacts("lines", facts.form, f"{facts.field}/{field.id}", field.title, was, record)
        _build_lines(field.rows, metadata, f"{name}__{field.name}", rows.table, forms, inner)


def _own_columns(record_type: RecordType, forms: Mapping[str, str]) -> list[Column[Any]]:
    columns: list[Column[Any]] = []
    for field in record_type.fields.values():
        if not field.stored or field.rows is not None:
            continue
        type_ = column_type(field)
        if type_ is not None and field.sealed:
            type_ = Sealed(_place(record_type, field), field.options.encrypted == "searchable")
        if type_ is not None:
            columns.append(Column(field.name, type_, info={"field": _facts(field, forms)}))
    return columns


def _place(record_type: RecordType, field: Field) -> str:
    """What a sealed value is bound to: permanent ids from the form down."""
    found, owner = field.id, record_type
    while owner.parent is not None:
        found, owner = f"{owner.id}/{found}", owner.parent
    return f"{owner.id}/{found}"


def _facts(field: Field, forms: Mapping[str, str]) -> FieldFacts:
    """What a migration must know of a field."""
    formula: str | None = None
    reads: tuple[str, ...] = ()
    if field.expression is not None:
        formula = json_text(field.expression.as_json())
        reads = tuple(sorted(field.expression.reads))
    to = forms.get(field.target or "", field.target) if field.options_type == "link" else None
    options = tuple(name for name, _, _ in listed(field.options))
    were = tuple(former_names(field.options).items())
    convert = None if field.kind is None or field.expression is not None else _convert(field.kind, field.options)
    return FieldFacts(
        field.id, field.options_type, field.title, field.options.was, to, options, field.required, formula, reads,
        were, convert,
    )  # fmt: skip


def _target(field: Field, forms: Mapping[str, str]) -> dict[str, FieldFacts]:
    return {"field": FieldFacts("target", "", to=forms.get(field.target or "", field.target))}


LIMITS = ("min", "max", "max_length")


def _convert(kind: FieldKind, options: FieldDefinition) -> Callable[[Any], Any]:
    """What the field takes, without its limits: those are for what people enter, and values that are there are kept."""
    free = options.model_copy(update={key: None for key in LIMITS if hasattr(options, key)})
    return lambda value: kind.coerce(value, free)


def column_type(field: Field) -> sa.types.TypeEngine[Any] | None:
    """The column type of a field; a computed field's follows from the type of its expression."""
    if field.options_type not in ("formula", "rollup"):
        assert field.kind is not None
        return field.kind.column(field.options)
    match field.type.kind:
        case "number":
            return ScaledDecimal(field.type.scale if field.type.scale is not None else 6)
        case "date":
            return Day()
        case "datetime":
            return Instant()
        case "time":
            return TimeOfDay()
        case "boolean":
            return sa.Boolean()
        case "record" | "user":
            return BigInteger()
        case "multi":
            return Json()
        case _:
            return Text()


LONGEST = 63
"""So many letters PostgreSQL keeps of a name."""


def index_name(table: str, kind: str, fields: Sequence[str]) -> str:
    """What an index over some fields is called; of a long name the end is told apart by its digest."""
    whole = "_".join((f"{table}__{kind}", *fields))
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: LONGEST - 9]}_{digest}"


def _begins(field: Field, column: Column[Any]) -> bool:
    """Whether people ask what its values begin with: letters of a text, the first steps of a way."""
    told = field.type.kind == "text" or field.options_type == "cascade"
    return told and isinstance(column.type, sa.Text) and not isinstance(column.type, Sealed)


def _indexes(record_type: RecordType, table: Table, live: sa.ColumnElement[bool] | None) -> None:
    name = table.name
    indexed = set()
    if live is not None:
        gone = table.c.deleted_at.is_not(None)
        Index(f"{name}__deleted", table.c.deleted_at, sqlite_where=gone, postgresql_where=gone)
        by_whom = (table.c.updated_by, table.c.deleted_at)
        Index(f"{name}__deleted_by", *by_whom, sqlite_where=gone, postgresql_where=gone)
    searched = {each for rule in record_type.duplicates for each in rule.fields} | record_type.extras.get(
        "indexes", set()
    )
    for rule in record_type.unique if record_type.parent is None else ():
        columns = [table.c[each] for each in rule.fields if each in table.c]
        if len(columns) == len(rule.fields):
            called = index_name(name, "unique", rule.fields)
            Index(called, *columns, unique=True, sqlite_where=live, postgresql_where=live)
            indexed.add(rule.fields[0])
    for found in dict.fromkeys(each.columns for each in record_type.without_overlaps):
        columns = [table.c[each] for each in found if each in table.c]
        if len(columns) == len(found):
            Index(index_name(name, "range", found), *columns, sqlite_where=live, postgresql_where=live)
    for field in record_type.fields.values():
        links = field.options_type in ("link", "link_any", "member", "state", "department")
        wanted = field.options.index or links or field.name in searched
        if wanted and field.name in table.c and field.name not in indexed:
            Index(f"{name}__{field.name}", table.c[field.name], sqlite_where=live, postgresql_where=live)
        if field.options.index and field.name in table.c and _begins(field, table.c[field.name]):
            Index(
                index_name(name, "begins", (field.name,)), table.c[field.name], sqlite_where=live,
                postgresql_where=live, postgresql_ops={field.name: "text_pattern_ops"},
            )  # fmt: skip
