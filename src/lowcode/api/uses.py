"""What keys were used for: when, from where, what was asked, how it ended. The newest uses of each key are kept."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api.diagnostics import problem
from lowcode.api.tables import key as key_table
from lowcode.api.tables import use as use_table
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound

KEPT = 1000
"""Uses kept of each key."""
SWEPT = 50
"""Every so many uses the older ones are taken away."""

BY_ID = sa.select(key_table.c.prefix, key_table.c.user).where(key_table.c.id == sa.bindparam("key_id"))
OF_KEY = (
    sa.select(*(each for each in use_table.c if each.name != "key"))
    .where(use_table.c.key == sa.bindparam("of_key"), use_table.c.id < sa.bindparam("before_id"))
    .order_by(use_table.c.id.desc())
    .limit(sa.bindparam("page_limit", type_=sa.Integer))
)
OLDEST_KEPT = (
    sa.select(use_table.c.id)
    .where(use_table.c.key == sa.bindparam("of_key"))
    .order_by(use_table.c.id.desc())
    .limit(1)
    .offset(KEPT - 1)
)
PREFIXES = sa.select(use_table.c.key.label("prefix")).distinct()
SWEEP = sa.delete(use_table).where(
    use_table.c.key == sa.bindparam("of_key"), use_table.c.id < sa.bindparam("before_id")
)


class ListUses(Parameters):
    """The uses of a key, the newest first."""

    id: int
    before: int = Key(2**62, description="The number of the last use of the page before.")
    limit: int = Key(100, ge=1, le=500)


class Used(Parameters):
    """A use to be written down."""

    key: str
    address: str
    what: str
    status: int


def uses(context: Context, params: ListUses) -> Items:
    """What a key of one's own was used for; an administrator sees it of every key."""
    if context.actor.key:
        raise Forbidden(problem("keys-by-key"))
    row = context.unit.one(BY_ID, key_id=params.id)
    if row is None or not (context.actor.is_administrator or row["user"] == context.actor.id):
        raise NotFound(problem("no-row", id=params.id))
    found = context.unit.fetch(OF_KEY, of_key=row["prefix"], before_id=params.before, page_limit=params.limit)
    return {"items": found, "kept": KEPT}


def write_down(context: Context, params: Used) -> None:
    """Write a use down; now and then take away what is too old to be kept."""
    unit = context.unit
    identity = unit.insert(
        use_table, key=params.key, at=context.now(), address=params.address[:100], what=params.what[:200],
        status=params.status,
    )  # fmt: skip
    if identity is not None and identity % SWEPT == 0:
        for each in unit.fetch(PREFIXES):
            oldest = unit.one(OLDEST_KEPT, of_key=each["prefix"])
            if oldest is not None:
                unit.run(SWEEP, of_key=each["prefix"], before_id=oldest["id"])
