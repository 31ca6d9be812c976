"""A question in SQL as a record type `sql.<name>` of the app, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope
from lowcode.reports.definition import SqlDefinition, SqlField
from lowcode.reports.diagnostics import MESSAGES
from lowcode.reports.sql.written import Refused, Written, understood

FACTS = "sql"
"""The word before the dot, and what a record type of this sort keeps its question under."""

TYPES = {
    "number": "numeric", "text": "text", "choice": "text", "boolean": "boolean", "date": "date",
    "datetime": "timestamptz", "record": "bigint", "user": "bigint",
}  # fmt: skip
"""The kinds of values a question may read, as SQL calls them."""


@dataclass(frozen=True, slots=True)
class SqlPlan:
    """A question in SQL, understood."""

    name: str
    roles: frozenset[str]
    fields: tuple[SqlField, ...]
    written: Written


def declare_sql(source: SourceDocument, scope: Scope) -> None:
    """Make its record type known; what is wrong is told when it is compiled."""
    document: SqlDefinition | None = parse(SqlDefinition, source, Report())
    form = scope.records.get(document.form) if document is not None else None
    if document is None or form is None:
        return
    found = RecordType(
        f"{FACTS}.{document.name}", document.title or document.name, source.place(), f"@{FACTS}.{document.name}"
    )
    found.parent = form
    for each in document.fields:
        scale = each.scale if each.type == "number" else None
        type_ = Type(each.type, scale=scale, record="user" if each.type == "user" else None)
        options = FieldDefinition(name=each.name)
        found.fields[each.name] = Field(each.name, f"@{each.name}", None, options, type_, source.place(), each.title)
        found.fields[each.name].target = "user" if each.type == "user" else None
    found.table = sa.table(found.name, *(sa.column(each) for each in ("id", "parent", *found.fields)))  # type: ignore[assignment]
    scope.records.setdefault(found.name, found)


def compile_sql(source: SourceDocument, document: SqlDefinition, scope: Scope, report: Report) -> None:
    """Understand the question, and leave it with the record type."""
    for index, role in enumerate(document.roles):
        scope.find("role", role, source.place(f"/roles/{index}"), report)
    record_type = scope.records.get(f"{FACTS}.{document.name}")
    if record_type is None:
        scope.find("form", document.form, source.place("/form"), report)
        return
    names = tuple(each.name for each in document.fields)
    scope.note_records(record_type.name, source.place("/form"))
    try:
        written = understood(document.sql, tables_of(scope.records), names)
    except Refused as refused:
        pointer = "/fields" if refused.key == "sql-no-column" else "/sql"
        report.add(MESSAGES.diagnostic(refused.key, source.place(pointer), **refused.values))
        return
    record_type.extras[FACTS] = SqlPlan(document.name, frozenset(document.roles), tuple(document.fields), written)


def tables_of(records: Mapping[str, RecordType]) -> dict[str, dict[str, str]]:
    """What may be read: forms by their names, lines as `form.lines`, each with its columns and their types."""
    found: dict[str, dict[str, str]] = {}
    for name, record_type in records.items():
        if name.startswith(f"{FACTS}.") or (
            record_type.parent is not None and record_type.parent_field in record_type.parent.intervals
        ):
            continue
        columns: dict[str, str] = {}
        for each, shape in record_type.shape.fields.items():
            field: Any = record_type.fields.get(each)
            kept = field is not None and (field.sealed or field.confidential or field.rows is not None)
            if shape.type.kind in TYPES and not kept and each not in ("deleted_at", "position"):
                columns[each] = TYPES[shape.type.kind]
        found[name] = columns
    return found
