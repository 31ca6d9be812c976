"""Roll-ups of records above, and formulas that read them, which a save brings up to date without reading anything.

The database adds, takes the greater or the lesser and computes, behind the lock that the write itself takes, so it goes
with the save's other writes, and nothing is waited for (decisions 0171, 0191). When something leaves that may have been
an extreme, the record above is held first, so that what is looked for then is seen as everybody before has left it;
that goes on the same way. A sum that is blank would stay so: as long as one is, what is above is read
(`rollups.refresh`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.above import Above, above_of
from lowcode.kernel.records.deltas import ADDED, Pair, function_of, steps_of
from lowcode.kernel.storage import Prepared, StaleWrite

if TYPE_CHECKING:
    from lowcode.kernel.records.rollups import Watch


def add(context: Context, watch: Watch, pairs: Mapping[int, Sequence[Pair]]) -> Collection[int]:
    """Bring parents up to date by what changed below each; those that are left, because that does not say all."""
    host: Any = context.host
    key = ("rollups.add", watch.parent.name, watch.deltas.relation)
    above: Above | bool = host.cached(key, lambda: _above(context, watch) or False)
    if not isinstance(above, Above):
        return pairs.keys()
    moment, database = context.moment(), context.unit.database
    steps = [(identity, steps_of(watch.deltas, pairs[identity], moment)) for identity in sorted(pairs)]
    left = []
    for identity, step in steps:
        update = above.update(step.anew)
        if update is None:
            left.append(identity)
        elif step.by or step.anew:
            prepared = database.prepare(update)
            by = {f"by_{name}": value for name, value in step.by.items()}
            given = moment.parameters(database.dialect_name, prepared.moments) if prepared.moments else {}
            if not _written(context, above, prepared, {"was_id": identity, **above.nothing, **by, **given}, step.anew):
                left.append(identity)
                continue
            for each in above.touched:
                if each.reads & step.by.keys():
                    assert each.touched is not None
                    each.touched(context, identity, each.reads & step.by.keys())
    return left


def _written(
    context: Context, above: Above, update: Prepared, values: Mapping[str, Any], anew: Collection[str]
) -> bool:
    """Write a record above. On SQLite, where that is known at once, whether there was room for its sums."""
    unit = context.unit
    if unit.database.dialect_name != "sqlite":
        if anew:
            unit.write(unit.database.prepare(above.holds), values)
        unit.write(update, values)
        return True
    try:
        unit.write(update, values, must_hit=True)
    except StaleWrite:
        return False
    return True


def _above(context: Context, watch: Watch) -> Above | None:
    found = above_of(context.host, watch)
    return found if found is not None and _no_blank(context, watch) else None


def _no_blank(context: Context, watch: Watch) -> bool:
    columns = watch.parent.table.c
    sums = (columns[each.name] for each in watch.fields if function_of(each) in ADDED)
    blank = sa.or_(sa.false(), *(each.is_(None) for each in sums))
    return not context.unit.fetch(sa.select(columns.id).where(blank).limit(1))
