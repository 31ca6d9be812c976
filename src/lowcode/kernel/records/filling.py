"""Computing a stored formula or roll-up for the records that are there: what a migration asks for, in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.expressions import Moment
from lowcode.kernel.records.facts import FactsQuery, needs_of, prepare_facts
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage.migrate import Fill
from lowcode.kernel.storage.types import json_text


class Filler:
    """The values of computed fields, from what is in the database; one query per relation and batch."""

    def __init__(
        self,
        types: Mapping[str, RecordType],
        own: Callable[[sa.Table], sa.Table],
        dialect: str,
        moment: Moment,
    ) -> None:
        self.types = types
        self.own = own
        self.dialect = dialect
        self.moment = moment
        self._queries: dict[tuple[str, str], tuple[Field, sa.Select[Any], FactsQuery]] = {}

    def __call__(self, unit: Unit, step: Fill, after: int, limit: int) -> list[tuple[int, Any]]:
        """(id, value) of at most so many records after an id, in the order of ids."""
        field, page, query = self._query(step)
        ids = [row["id"] for row in unit.fetch(page, after=after, size=limit)]
        if not ids:
            return []
        found = self._facts(unit, query, ids)
        assert field.expression is not None
        evaluate = field.expression.evaluate
        return [(identity, rounded(field, evaluate(found[identity], self.moment))) for identity in ids]

    def _query(self, step: Fill) -> tuple[Field, sa.Select[Any], FactsQuery]:
        key = (step.table.record, step.column.name)
        found = self._queries.get(key)
        if found is None:
            record_type = self.types[step.table.record]
            field = record_type.fields[step.column.name]
            assert field.expression is not None
            table = record_type.table
            page = (
                sa.select(table.c.id)
                .where(table.c.id > sa.bindparam("after"))
                .order_by(table.c.id)
                .limit(sa.bindparam("size", type_=sa.Integer))
            )
            query = prepare_facts(self.types, record_type, needs_of([field.expression]), self.own, self.dialect)
            found = self._queries[key] = (field, page, query)
        return found

    def _facts(self, unit: Unit, query: FactsQuery, ids: list[int]) -> dict[int, dict[str, Any]]:
        parameters = {**self.moment.parameters(self.dialect), "ids": json_text(ids)}
        found: dict[int, dict[str, Any]] = {identity: {"id": identity} for identity in ids}
        if query.own is not None:
            found.update((row["id"], row) for row in unit.fetch(query.own, **parameters))
        for relation, statement in query.rows:
            for facts in found.values():
                facts[relation] = []
            for row in unit.fetch(statement, **parameters):
                found[row.pop("@outer")][relation].append(row)
        return found
