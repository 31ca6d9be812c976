"""Filters that looked for somebody who was erased: boards of one's own, links and subscriptions look for nobody then.

A filter is compared with something: where that is no text, its value is an option, a day or the number of a record,
and names nobody, whatever digits it has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfTexts
from lowcode.kernel.records.mentioned import forget_texts, without
from lowcode.reports.operations.reading import plans_of
from lowcode.reports.plan import Facts, FunnelPlan, ReportsPlan
from lowcode.reports.tables import board, share, subscription

DAYS = frozenset({"period", "as_of"})
"""Filters of every report that take days, or a period by its name."""
Kinds = Mapping[str, Collection[str]]


def forget(context: Context, params: OfTexts) -> None:
    """Boards that people made for themselves, links and subscriptions look for nobody who was erased."""
    kinds = kinds_of(plans_of(context))
    forget_texts(context, params.texts, (board.c.filters,), partial(_of_board, kinds))
    forget_texts(context, params.texts, (share.c.filters, subscription.c.filters), partial(_values, kinds))


def kinds_of(plans: ReportsPlan) -> Kinds:
    """By filter, the kinds of values that it is compared with in any report."""
    found: dict[str, set[str]] = {name: {"date"} for name in DAYS}
    for facts in _facts(plans):
        for name, condition in facts.filters.items():
            variable = condition.variables.get(f"filter_{name}")
            if variable is not None:
                found.setdefault(name, set()).add(variable.kind)
    return found


def _facts(plans: ReportsPlan) -> Iterator[Facts]:
    for plan in (*plans.reports.values(), *plans.datasets.values()):
        yield from (plan.facts,) if isinstance(plan, FunnelPlan) else plan.facts


def _of_board(kinds: Kinds, filters: list[Mapping[str, Any]], known: Collection[str]) -> list[dict[str, Any]]:
    """The filters of a board: what each begins with, and what may be chosen in it."""
    return [{name: _part(kinds, each, name, known) for name in each} for each in filters]


def _part(kinds: Kinds, each: Mapping[str, Any], name: str, known: Collection[str]) -> Any:
    if name == "default":
        return _value(kinds, each["name"], each[name], known)
    if name == "options":
        return [
            {key: _value(kinds, each["name"], one[key], known) if key == "value" else without(one[key], known)
             for key in one}
            for one in each[name]
        ]  # fmt: skip
    return without(each[name], known) if name == "title" else each[name]


def _values(kinds: Kinds, filters: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Filters by name with their values."""
    return {name: _value(kinds, name, value, known) for name, value in filters.items()}


def _value(kinds: Kinds, name: str, value: Any, known: Collection[str]) -> Any:
    """What is left of a value. One that is given as a record with its label keeps the number of the record."""
    if "text" in kinds.get(name, ("text",)):
        return without(value, known)
    if isinstance(value, list):
        return [_value(kinds, name, each, known) for each in value]
    if isinstance(value, Mapping) and "id" in value:
        return {**without(value, known), "id": value["id"]}
    return value
