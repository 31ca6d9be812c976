"""Whose turn it is: a row per pool of people, locked from the choice to the commit.

Two records that arrive at the same instant never count the same turn, and two claims of one person never count the
same allowance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.rules.tables import debt, turn

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


def _owe(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {name: sa.bindparam(name) for name in ("pool", "user", "owed")}
    statement = insert(debt).values(values)
    return statement.on_conflict_do_update(index_elements=["pool", "user"], set_={"owed": statement.excluded.owed})


OWED = sa.select(debt.c.user, debt.c.owed).where(debt.c.pool == sa.bindparam("pool"))
OWE = {dialect: _owe(dialect) for dialect in ("sqlite", "postgresql")}
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


def owed(unit: Unit, pool: str) -> dict[int, int]:
    """What each person of a pool is owed by weight."""
    return {row["user"]: row["owed"] for row in unit.fetch(OWED, pool=pool)}


def given(unit: Unit, pool: str, chosen: int, debts: Mapping[int, int] | None = None) -> None:
    """Somebody had their turn; `debts` is what each is owed by weight now."""
    unit.run(MOVE, of_pool=pool, chosen=chosen)
    for user, amount in (debts or {}).items():
        unit.run(OWE[unit.database.dialect_name], pool=pool, user=user, owed=amount)
