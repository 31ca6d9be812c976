"""Which of some records somebody may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.plan import RecordType
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
    dialect = host.database.dialect_name

    def build() -> sa.Select[Any]:
        joins = Joins(host.types, record_type, host.database.table, dialect)
        condition = grant.condition("read", joins)
        statement = sa.select(joins.root.c.id).select_from(joins.origin).where(id_in(joins.root.c.id, dialect))
        return statement if condition is None else statement.where(condition)

    statement = host.cached(("readable", record_type.name, context.actor.standing), build)
    found = context.unit.fetch(statement, ids=json_text(listed), **context.moment().parameters(dialect))
    permitted = {row["id"] for row in found}
    return [each for each in listed if each in permitted]
