"""What expressions read, loaded set-wise: one query for all to-one paths, one per relation, whatever the count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.moment import of_actor
from lowcode.kernel.records.joins import Allowed, Joins
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.listed import id_in as id_in
from lowcode.kernel.storage.listed import text_in as text_in


@dataclass(frozen=True, slots=True)
class Needs:
    """Which paths, and which paths of which relations, must be known."""

    paths: frozenset[str]
    rows: frozenset[tuple[str, frozenset[str]]]

    @property
    def empty(self) -> bool:
        """Whether nothing has to be loaded."""
        return not self.paths and not self.rows


def needs_of(expressions: Iterable[Expression | Needs]) -> Needs:
    """What several expressions need together."""
    paths: set[str] = set()
    rows: dict[str, set[str]] = {}
    for each in expressions:
        paths |= each.paths
        items = each.rows if isinstance(each, Needs) else each.rows.items()
        for relation, children in items:
            rows.setdefault(relation, set()).update(children)
        if isinstance(each, Expression):
            paths |= each.old
    return Needs(frozenset(paths), frozenset((name, frozenset(children)) for name, children in rows.items()))


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """The prepared statements that load some needs of one record type."""

    own: sa.Select[Any] | None
    rows: tuple[tuple[str, sa.Select[Any]], ...]


def prepare_facts(
    types: Mapping[str, RecordType],
    record_type: RecordType,
    needs: Needs,
    own: Any,
    dialect: str,
    allowed: Allowed | None = None,
) -> FactsQuery:
    """Build the statements for some needs; with `allowed`, linked records and rows as far as they may be read."""
    joins = Joins(types, record_type, own, dialect, allowed=allowed)
    columns = [joins.column(path).label(path) for path in sorted(needs.paths | {"id"})]
    statement = sa.select(*columns).select_from(joins.origin).where(id_in(joins.root.c.id, dialect))
    relations = []
    for relation, children in sorted(needs.rows, key=lambda item: item[0]):
        outer = Joins(types, record_type, own, dialect, allowed=allowed)
        _, tie, inner = outer.relation(relation)
        found = [inner.column(path).label(path) for path in sorted(children | {"id"})]
        order = inner.root.c.position if "position" in inner.root.c else inner.root.c.id
        source = outer.origin.join(inner.origin, tie)
        relations.append(
            (
                relation,
                sa.select(outer.root.c.id.label("@outer"), *found)
                .select_from(source)
                .where(id_in(outer.root.c.id, dialect))
                .order_by(outer.root.c.id, *inner.order, order),
            )
        )
    return FactsQuery(statement if needs.paths else None, tuple(relations))


def moment_parameters(context: Context, statement: sa.Select[Any]) -> dict[str, Any]:
    """The values of the moment that a statement reads."""
    database = context.unit.database
    names = database.prepare(statement).moments
    if not names:
        return {}
    return of_actor(context.actor, database.dialect_name, names) or context.moment().parameters(
        database.dialect_name, names
    )
