"""Which of some records somebody may read, and which they may name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.listed import id_in
from lowcode.kernel.storage.types import json_text


def readable(context: Context, record_type: RecordType, ids: Iterable[int]) -> list[int]:
    """Those ids whose records the actor may read, deleted ones included; in their order."""
    host: Any = context.host
    listed = list(ids)
    grant = host.grant(record_type, context.actor)
    if grant.conditions("read") is None or not listed:
        return listed
    if not grant.may("read"):
        return []
    permitted = {row["id"] for row in _permitted(context, record_type, listed)}
    return [each for each in listed if each in permitted]


def there(context: Context, record_type: RecordType, ids: Iterable[int]) -> set[int]:
    """Those ids whose records the actor may name: there, and theirs to read; one query. The app itself may name what is
    deleted: a rule that runs on a deletion keeps a note of it."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    if grant.conditions("read") is not None and not grant.may("read"):
        return set()
    found = _permitted(context, record_type, sorted(ids))
    return {row["id"] for row in found if row["deleted_at"] is None or context.actor.is_app}


def _permitted(context: Context, record_type: RecordType, ids: list[int]) -> list[dict[str, Any]]:
    """The records of some ids that the actor may read, each with when it was deleted."""
    host: Any = context.host
    grant, actor, dialect = host.grant(record_type, context.actor), context.actor, host.database.dialect_name
    whole = grant.conditions("read") is None

    def build() -> sa.Select[Any]:
        joins = Joins(host.types, record_type, host.database.table, dialect)
        condition = None if whole else grant.condition("read", joins)
        statement = sa.select(joins.root.c.id, joins.root.c.deleted_at).select_from(joins.origin)
        statement = statement.where(id_in(joins.root.c.id, dialect))
        return statement if condition is None else statement.where(condition)

    statement = host.cached(("permitted", record_type.name, None if whole else actor.standing), build)
    values = {} if whole else context.moment().parameters(dialect)
    return context.unit.fetch(statement, ids=json_text(ids), **values)
