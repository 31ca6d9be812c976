"""Whose turn it is: a row per pool of people, locked from the choice to the commit.

Two records that arrive at the same instant never count the same turn, and two claims of one person never count the
same allowance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.rules.tables import turn

if TYPE_CHECKING:
    from lowcode.kernel.storage import Unit

TURN = sa.select(turn).where(turn.c.pool == sa.bindparam("pool"))
LOCKED = TURN.with_for_update()
MOVE = (
    sa.update(turn)
    .where(turn.c.pool == sa.bindparam("of_pool"))
    .values(last=sa.bindparam("chosen"), given=turn.c.given + 1)
)


def _first(dialect: str) -> Any:
    """Insert the row of a pool unless somebody else has: two rules may need it at the same instant."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {
        "pool": sa.bindparam("pool"),
        "last": sa.bindparam("last"),
        "given": sa.bindparam("given"),
    }
    return insert(turn).values(**values).on_conflict_do_nothing()


FIRST = {dialect: _first(dialect) for dialect in ("sqlite", "postgresql")}


def peek(unit: Unit, pool: str) -> int | None:
    """Who had the last turn; nothing is locked."""
    found = unit.one(TURN, pool=pool)
    return found["last"] if found else None


def lock(unit: Unit, pool: str) -> int | None:
    """Who had the last turn; the pool's row belongs to this transaction from here on."""
    if unit.one(TURN, pool=pool) is None:
        unit.run(FIRST[unit.database.dialect_name], pool=pool, last=None, given=0)
    last: int | None = unit.locked(LOCKED, pool=pool)[0]["last"]
    return last


def given(unit: Unit, pool: str, chosen: int) -> None:
    """Somebody had their turn."""
    unit.run(MOVE, of_pool=pool, chosen=chosen)
