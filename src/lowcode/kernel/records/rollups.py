"""Roll-ups: stored values gathered from other records, brought up to date in the transaction that changes those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.plan import Field, RecordType

if TYPE_CHECKING:
    from lowcode.kernel.records.save import SavePlan


DIGITS = 18
"""What fits into the 64 bits of SQLite, places included."""


def refresh_parents(context: Context, plan: SavePlan, change: Change) -> None:
    """Bring the roll-ups of the records this one belongs to up to date."""
    for parent_type, link, fields in plan.watched:
        parents = {change.values.get(link), change.before.get(link) if change.before else None} - {None}
        if parents:
            refresh(context, parent_type, [int(each) for each in parents if each is not None], fields)


def refresh(context: Context, record_type: RecordType, ids: Iterable[int], fields: Sequence[Field]) -> None:
    """Compute stored fields of records anew, from what is in the database now."""
    expressions = [each.expression for each in fields if each.expression is not None]
    own = {each.name for each in fields}
    needs = needs_of(expressions)
    needs = Needs(needs.paths | own, needs.rows)
    moment = context.moment()
    for identity, facts in context.facts(record_type.name, ids, [needs]).items():
        values = dict(facts)
        for each in fields:
            assert each.expression is not None
            values[each.name] = rounded(each, each.expression.evaluate(values, moment))
        changed = {name: values[name] for name in own if values[name] != facts[name]}
        if changed:
            table = record_type.table
            statement = sa.update(table).where(table.c.id == identity).values(**changed)
            context.unit.run(statement)
            before = {name: facts[name] for name in changed}
            for refreshed in record_type.extras.get("refreshed", ()):
                refreshed(context, identity, before, changed)


def rounded(each: Field, value: Any) -> Any:
    """A computed number with the places its column has. Raises Rejected for one that has no room in any column."""
    if value is not None and each.type.kind == "number":
        scale = each.type.scale if each.type.scale is not None else 6
        number = Decimal(value)
        if number and number.adjusted() + scale >= DIGITS:
            raise Rejected(words.problem("out-of-range", f"/{each.name}", field=each.name))
        return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return value
