"""What somebody filters a list by, apart from the values they compare with: the statement of one list serves all that
differ in these alone (see `kernel.expressions.lift`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import lifted
from lowcode.kernel.expressions.sql.truth import variable_parameter
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.query import Condition, compile_filter
from lowcode.kernel.storage.types import json_text

KEPT = 500
"""Conditions that are kept as people wrote them; the statements made of them are fewer."""


class Among:
    """Only the records whose ids are in the JSON list `ids`."""

    def sql_condition(self, dialect: str, resolver: Joins) -> sa.ColumnElement[bool]:
        """See `Condition`."""
        return id_in(resolver.root.c.id, dialect)


AMONG = Among()


@dataclass(frozen=True)
class Filter:
    """A condition somebody sent, apart from the values it compares with: what is made of it serves all that differ in
    these alone, by its `key`. `values`: parameters of the statement."""

    key: Any = None
    conditions: tuple[Condition, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def among(self, ids: Iterable[int]) -> Filter:
        """The same, and only of these records."""
        listed = json_text(sorted(set(ids)))
        return Filter((self.key, "among"), (*self.conditions, AMONG), {**self.values, "ids": listed})


NO_FILTER = Filter()


def filter_of(
    context: Context, record_type: RecordType, grant: Grant, text: str | None, ids: Iterable[int] | None = None
) -> Filter:
    """The condition of a text; `ids`: and only of these records. Raises Rejected as `compile_filter` does."""
    found = _of_text(context, record_type, grant, text) if text else NO_FILTER
    return found if ids is None else found.among(ids)


def _of_text(context: Context, record_type: RecordType, grant: Grant, text: str) -> Filter:
    known, shapes = context.host.cached("filters", lambda: ({}, {}))
    key = record_type.name, context.actor.standing, text
    found: Filter | None = known.get(key)
    if found is None:
        for each in (known, shapes):
            if len(each) >= KEPT:
                each.clear()
        apart = lifted(compile_filter(context, record_type, grant, text))
        values = {variable_parameter(name): value for name, value in apart.values.items()}
        found = known[key] = Filter(shapes.setdefault(apart.tree, object()), (apart.expression,), values)
    return found
