"""The record that is meant already: by the form's exact duplicate rules and by what is unique.

Similar is for people to judge (`forms.duplicates`); what is merged without a person has to be certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.plan import RecordType


def rules(record_type: RecordType) -> Iterator[tuple[str, ...]]:
    """The fields of each rule that makes two records one."""
    seen: set[tuple[str, ...]] = set()
    exact = [each.fields for each in record_type.duplicates if each.match == "exact"]
    for fields in (*exact, *(each.fields for each in record_type.unique)):
        if fields not in seen and all(name in record_type.table.c for name in fields):
            seen.add(fields)
            yield fields


def find(context: Context, record_type: RecordType, values: Mapping[str, Any]) -> int | None:
    """The id of the earliest record that is the same by some rule, the first rule first."""
    host: Any = context.host
    for fields in rules(record_type):
        wanted = {name: _coerced(record_type, name, values.get(name)) for name in fields}
        if any(value is None for value in wanted.values()):
            continue
        statement = host.cached(
            ("same", record_type.name, fields), lambda fields=fields: _statement(record_type, fields)
        )
        found = context.unit.one(statement, **{f"same_{name}": value for name, value in wanted.items()})
        if found is not None:
            return int(found["id"])
    return None


def claim(context: Context, form: str) -> None:
    """Let one request after the other look and save: two at the same instant would both find nothing."""
    if context.unit.database.dialect_name == "postgresql":
        context.unit.locked(LOCK, of_form=f"lowcode:{context.unit.database.prefix}:{form}")


LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("of_form", type_=sa.Text), 0)))


def _coerced(record_type: RecordType, name: str, value: Any) -> Any:
    field = record_type.fields[name]
    if value in (None, "") or field.kind is None:
        return None
    try:
        return field.kind.coerce(value, field.options)
    except Invalid:
        return None


def _statement(record_type: RecordType, fields: tuple[str, ...]) -> sa.Select[Any]:
    columns = record_type.table.c
    same = [columns[name] == sa.bindparam(f"same_{name}", type_=columns[name].type) for name in fields]
    return sa.select(columns.id).where(columns.deleted_at.is_(None), *same).order_by(columns.id).limit(1)
