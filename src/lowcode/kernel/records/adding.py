"""Sums, counts and extremes of records above, which a save brings up to date without reading them.

That is enough where nobody has to be told what they were or are: no other roll-up, formula, rule or score follows them.
The database adds, and takes the greater or the lesser, behind the lock that the write itself takes, so it goes with the
save's other writes, and nothing is waited for (decision 0171). A sum that is blank would stay so: as long as one is,
what is above is read (`rollups.refresh`). So it is when something leaves that may have been the extreme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.deltas import ADDED, Pair, function_of, steps_of
from lowcode.kernel.records.plan import Field

if TYPE_CHECKING:
    from lowcode.kernel.records.rollups import Watch

COMPARED = ("number", "date", "datetime")
"""Kinds of values that a database compares as Python does."""


def add(context: Context, watch: Watch, pairs: Mapping[int, Sequence[Pair]]) -> bool:
    """Add what changed below each parent, if that is all that has to be done."""
    host: Any = context.host
    key = ("rollups.add", watch.parent.name, watch.deltas.relation)
    statement = host.cached(key, lambda: _alone(host, watch) and _no_blank(context, watch) and _statement(watch))
    if statement is False:
        return False
    moment = context.moment()
    steps = {identity: steps_of(watch.deltas, pairs[identity], moment) for identity in sorted(pairs)}
    if None in steps.values():
        return False
    unit = context.unit
    prepared = unit.database.prepare(statement)
    for identity, step in steps.items():
        if step:
            parameters = {f"by_{each.name}": step.get(each.name, 0 if _adds(each) else None) for each in watch.fields}
            unit.write(prepared, {"was_id": identity, **parameters})
    return True


def _adds(each: Field) -> bool:
    return function_of(each) in ADDED


def _alone(host: Any, watch: Watch) -> bool:
    """Whether what can be added is all that follows these records, and nothing follows it in turn."""
    names = {each.name for each in watch.fields}
    added = {each.name for each in watch.deltas.fields if _adds(each) or each.type.kind in COMPARED}
    computed = any(names & each.expression.paths for each in watch.parent.computed if each.expression is not None)
    followers = (*watch.parent.extras.get("refreshed", ()), *host.save_plan(watch.parent).watched)
    return names <= added and not computed and not any(names & each.reads for each in followers)


def _no_blank(context: Context, watch: Watch) -> bool:
    columns = watch.parent.table.c
    blank = sa.or_(sa.false(), *(columns[each.name].is_(None) for each in watch.fields if _adds(each)))
    return not context.unit.fetch(sa.select(columns.id).where(blank).limit(1))


def _statement(watch: Watch) -> sa.Update:
    table = watch.parent.table
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("was_id"))
        .values({each.name: _stepped(table.c[each.name], each) for each in watch.fields})
    )


def _stepped(column: sa.Column[Any], each: Field) -> sa.ColumnElement[Any]:
    """What a column says after the save; nothing came to an extreme when the step is blank."""
    by = sa.bindparam(f"by_{each.name}", type_=column.type)
    if _adds(each):
        return column + by
    beyond = column < by if function_of(each) == "MAX" else column > by
    return sa.case((sa.or_(column.is_(None), beyond), by), else_=column)
