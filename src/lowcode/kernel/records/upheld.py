"""Checks of a record above hold when records below it change, too: an order says that no more is received than was
ordered, and it is a receipt that would break it.

A check over stored values that follow other records (roll-ups, and what is computed of them) is asked again where those
values are brought up to date, in the transaction of whoever saves below, behind the lock that is held anyway. What was
not as it should be before is not held against them. Decision 0202.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.checks_over import checks_over, computed_when_read
from lowcode.kernel.records.completing import complete
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.plan import Check, RecordType


class NotUpheld(Rejected):
    """A save below would break a check of a record above."""


def read_by(record_type: RecordType, expression: Expression) -> Needs:
    """What is read of what is stored: in place of each formula that is computed when it is read, what that reads."""
    own, computed = needs_of((expression,)), computed_when_read(record_type, expression)
    inner = [read_by(record_type, each) for each in (record_type.fields[name].expression for name in computed) if each]
    return needs_of([Needs(own.paths - computed, own.rows), *inner])


def held_from_below(host: Any, plan: Any) -> bool:
    """Whether a check of the record reads what others bring up to date: then whoever saves the record holds it before
    it is read, or what was received meanwhile is not seen."""
    record_type = plan.record_type
    names = {each.name for each in plan.gathered}
    return bool(host.cached(("held from below", record_type.name), lambda: checks_over(record_type, names)))


def uphold(
    context: Context, record_type: RecordType, checks: Sequence[Check], before: Mapping[str, Any],
    values: Mapping[str, Any], at: str,
) -> None:  # fmt: skip
    """Raises NotUpheld for what holds no longer."""
    broken = [
        Problem(f"{record_type.name}.{each.name}", each.message, at)
        for each in checks
        if _says(context, record_type, each, values) is False and _says(context, record_type, each, before) is not False
    ]
    if broken:
        raise NotUpheld(broken)


def _says(context: Context, record_type: RecordType, check: Check, values: Mapping[str, Any]) -> Any:
    """What a check says of some values, with the formulas it reads computed of them."""
    computed = computed_when_read(record_type, check.expression)
    facts = complete(context, record_type, values, Needs(computed, frozenset())) if computed else values
    return check.expression.evaluate(facts, context.moment())


def whole(context: Context, plan: Any) -> AbstractContextManager[None]:
    """What a save writes is written whole or not at all, where a check above is asked once it is written: whoever
    catches the refusal goes on in the same transaction."""
    if not (plan.watched or plan.gathered) or not may_refuse(context, plan.record_type):
        return nullcontext()
    return context.unit.savepoint()


def may_refuse(context: Context, record_type: RecordType) -> bool:
    """Whether a check is asked once a record of this type is written."""
    host: Any = context.host
    return bool(host.cached(("upheld", record_type.name), lambda: _asked(host, record_type.name, set())))


def _asked(host: Any, name: str, seen: set[str]) -> bool:
    plan = host.save_plan(host.types[name])
    own = {each.name for each in plan.gathered}
    if checks_over(plan.record_type, own):
        return True
    seen.add(name)
    return any(
        bool(checks_over(watch.parent, {each.name for each in host.save_plan(watch.parent).gathered}))
        or (watch.parent.name not in seen and _asked(host, watch.parent.name, seen))
        for watch in plan.watched
    )
