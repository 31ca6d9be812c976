"""What may come back of what was deleted, and by whom: whoever may `restore` it, and who deleted it and may delete it.
What was erased since does not come back at all. Decision 0177."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.save import with_facts

if TYPE_CHECKING:
    from lowcode.kernel.records.save import SavePlan

ERASED = "erased"
"""The word of the history for it."""


def may_bring_back(context: Context, plan: SavePlan, grant: Grant, before: Mapping[str, Any]) -> bool:
    """Whether a person may bring this deleted record back; the same as `returnable` in Python."""

    def may(action: str) -> bool:
        if not grant.may(action):
            return False
        return grant.allows(action, with_facts(context, plan, before, grant.needs(action)), context.moment())

    mine = context.actor.id is not None and before["updated_by"] == context.actor.id
    return may("restore") or (mine and may("delete"))


def returnable(grant: Grant, joins: Joins) -> sa.ColumnElement[bool]:
    """Which deleted records somebody (`:deleted_by`) may bring back, in SQL."""
    return sa.or_(permitted(grant, joins, "restore"), sa.and_(own(joins), permitted(grant, joins, "delete")))


def own(joins: Joins) -> sa.ColumnElement[bool]:
    """Those that somebody (`:deleted_by`) deleted, in SQL."""
    mine: sa.ColumnElement[bool] = joins.root.c.updated_by == sa.bindparam("deleted_by", type_=sa.BigInteger)
    return mine


def permitted(grant: Grant, joins: Joins, action: str) -> sa.ColumnElement[bool]:
    """On which records an action is permitted: all, some or none."""
    if not grant.may(action):
        return sa.false()
    condition = grant.condition(action, joins)
    return sa.true() if condition is None else condition


def not_erased(record_type: RecordType, joins: Joins) -> sa.ColumnElement[bool]:
    """Deleted records that were not erased with it or after it."""
    history = record_type.history
    return ~sa.exists(
        sa.select(sa.literal(1)).select_from(history).where(
            history.c.record_id == joins.root.c.id, history.c.kind == ERASED, history.c.at >= joins.root.c.deleted_at
        )
    )  # fmt: skip


def erased_since(context: Context, record_type: RecordType, before: Mapping[str, Any]) -> bool:
    """Whether a deleted record was erased with it or after it."""
    history = record_type.history
    statement = (
        sa.select(history.c.id)
        .where(history.c.record_id == sa.bindparam("record"), history.c.kind == ERASED)
        .where(history.c.at >= sa.bindparam("since", type_=history.c.at.type))
        .limit(1)
    )
    return context.unit.one(statement, record=before["id"], since=before["deleted_at"]) is not None
