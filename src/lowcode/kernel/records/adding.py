"""Sums and counts of records above, to which a save adds without reading them.

That is enough where nobody has to be told what they were or are: no other roll-up, formula, rule or score follows them.
The database adds behind the lock that the write itself takes, so it goes with the save's other writes, and nothing is
waited for. A blank would stay one: as long as one is there, what is above is read (`rollups.refresh`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import nodes
from lowcode.kernel.records.deltas import ADDED, Pair, told_by

if TYPE_CHECKING:
    from lowcode.kernel.records.rollups import Watch

NOUGHT = 0


def add(context: Context, watch: Watch, pairs: Mapping[int, Sequence[Pair]]) -> bool:
    """Add what changed below each parent, if that is all that has to be done."""
    host: Any = context.host
    key = ("rollups.add", watch.parent.name, watch.deltas.relation)
    statement = host.cached(key, lambda: _alone(host, watch) and _no_blank(context, watch) and _statement(watch))
    if statement is False:
        return False
    unit, moment = context.unit, context.moment()
    prepared = unit.database.prepare(statement)
    nothing = {each.name: NOUGHT for each in watch.fields}
    for identity in sorted(pairs):
        more = told_by(watch.deltas, nothing, pairs[identity], moment)
        if any(more.values()):
            parameters = {f"add_{name}": value for name, value in more.items()}
            parameters["was_id"] = identity
            unit.write(prepared, parameters)
    return True


def _alone(host: Any, watch: Watch) -> bool:
    """Whether sums and counts are all that follows these records, and nothing follows them in turn."""
    names = {each.name for each in watch.fields}
    summed = {
        each.name for each in watch.deltas.fields
        if each.expression is not None and isinstance(each.expression.tree, nodes.Aggregate)
        and each.expression.tree.function in ADDED
    }  # fmt: skip
    computed = any(names & each.expression.paths for each in watch.parent.computed if each.expression is not None)
    told = watch.parent.extras.get("refreshed") or any(
        names & each.reads for each in host.save_plan(watch.parent).watched
    )
    return names <= summed and not computed and not told


def _no_blank(context: Context, watch: Watch) -> bool:
    columns = watch.parent.table.c
    blank = sa.or_(*(columns[each.name].is_(None) for each in watch.fields))
    return not context.unit.fetch(sa.select(columns.id).where(blank).limit(1))


def _statement(watch: Watch) -> sa.Update:
    table = watch.parent.table
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("was_id"))
        .values({
            each.name: table.c[each.name] + sa.bindparam(f"add_{each.name}", type_=table.c[each.name].type)
            for each in watch.fields
        })
    )  # fmt: skip
