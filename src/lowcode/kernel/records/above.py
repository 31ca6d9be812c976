"""The update of a record above some that were saved: what becomes of its roll-ups and of the formulas that read them,
computed by the database in the one statement that writes it, and so behind the lock of the row.

A sum and a count are added to, an extreme is compared with what came or looked for among the records below, and a
formula is the SQL of its expression over what the roll-ups become (decision 0191). That is enough where nobody has to
be told what the values were or are: no rule, no check and no roll-up further up follows them. A score card is told that
a sum changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.expressions import Expression, NotPushable, nodes
from lowcode.kernel.records.checks_over import checks_over
from lowcode.kernel.records.deltas import ADDED, function_of
from lowcode.kernel.records.joins import Column, Joins
from lowcode.kernel.records.plan import Field, Follower, RecordType
from lowcode.kernel.records.rounding import places_of
from lowcode.kernel.storage.room import DIGITS, WIDEST, in_its_room

if TYPE_CHECKING:
    from lowcode.kernel.records.rollups import Watch

COMPARED = ("number", "date", "datetime")
"""Kinds of values that a database compares as Python does."""
WRITTEN = (*COMPARED, "text", "choice", "boolean")
"""Kinds of values that a column keeps as an expression's SQL gives them."""
HEAVIEST = 64
"""So many times at most a formula says again what becomes of a roll-up: formulas that read formulas double that each
time, and a statement that long is planned for longer than reading the record takes."""


@dataclass(slots=True)
class Above:
    """The updates of the records of one type, by which of their extremes are looked for."""

    parent: RecordType
    gathered: tuple[Field, ...]
    formulas: tuple[Field, ...]
    dialect: str
    joins: Callable[[], Joins]
    nothing: Mapping[str, Any]
    """What the updates take of roll-ups to which nothing came."""
    holds: sa.Select[Any]
    """Keeps the record as it is, so that what is looked for below it then is seen as everybody before has left it."""
    touched: tuple[Follower, ...] = ()
    """Who is told that sums change."""
    _made: dict[frozenset[str], sa.Update | None] = field(default_factory=dict)

    def update(self, anew: frozenset[str] = frozenset()) -> sa.Update | None:
        """What brings a record up to date when these extremes are looked for; None where no database can say it."""
        if anew not in self._made:
            try:
                self._made[anew] = self._update(anew)
            except NotPushable:
                self._made[anew] = None
        return self._made[anew]

    def _update(self, anew: frozenset[str]) -> sa.Update:
        table = self.parent.table
        below, made = self.joins(), _Becoming(table.c)
        for each in self.gathered:
            if each.name in anew:
                made.values[each.name] = self._kept(each, below)
            else:
                made.values[each.name] = _stepped(table.c[each.name], each)
        for each in self.formulas:
            made.values[each.name] = self._kept(each, made)
        chosen = sa.update(table).where(table.c.id == sa.bindparam("was_id"))
        if self.dialect == "postgresql":
            return chosen.values({each.name: self._in_its_room(each, made) for each in self.gathered + self.formulas})
        update = chosen.values(made.values)
        for each in self.gathered:
            if _adds(each):  # beyond 64 bits it would go on in binary
                update = update.where(sa.func.abs(made.values[each.name]) < sa.literal(10**DIGITS, sa.BigInteger))
        return update

    def _in_its_room(self, each: Field, made: _Becoming) -> sa.ColumnElement[Any]:
        """What a column becomes; the error of one without room names it."""
        value = made.values[each.name]
        if each.type.kind != "number":
            return value
        return in_its_room(value, each.name, places_of(each), self.parent.table.c.id)

    def _kept(self, each: Field, resolver: Any) -> sa.ColumnElement[Any]:
        return _expression(each).sql_kept(each.type, WIDEST, self.dialect, resolver)


class _Becoming:
    """The columns of the record as the update leaves them: what formulas read."""

    def __init__(self, columns: Any) -> None:
        self.columns = columns
        self.values: dict[str, sa.ColumnElement[Any]] = {}

    def column(self, path: str) -> sa.ColumnElement[Any]:
        """What a column becomes, or what it is."""
        return self.values[path] if path in self.values else self.columns[path]

    def rows(
        self, path: str, child_paths: frozenset[str]
    ) -> tuple[sa.FromClause, sa.ColumnElement[bool], Column]:  # fmt: skip
        """No formula that is written so reads rows (`above_of`)."""
        raise KeyError(path)


def above_of(host: Any, watch: Watch) -> Above | None:
    """How the records above are brought up to date in one statement, where that is all that has to be done."""
    parent, dialect = watch.parent, host.database.dialect_name
    names = {each.name for each in watch.fields}
    added = {each.name for each in watch.deltas.fields if _adds(each) or each.type.kind in COMPARED}
    if not names <= added:
        return None
    formulas = []
    for each in parent.computed:
        if each.name not in names and _expression(each).paths & names:
            names.add(each.name)
            formulas.append(each)
    sums = {each.name for each in watch.fields if _adds(each)}
    followers = [each for each in parent.extras.get("refreshed", ()) if names & each.reads]
    if any(each.touched is None or not names & each.reads <= sums for each in followers):
        return None
    if any(names & each.reads for each in host.save_plan(parent).watched) or checks_over(parent, names):
        return None
    if not _written(parent, watch.fields, formulas, dialect):
        return None
    found = Above(
        parent, watch.fields, tuple(formulas), dialect,
        partial(Joins, host.types, parent, host.database.table, dialect, parent.table),
        {f"by_{each.name}": Decimal(0) if _adds(each) else None for each in watch.fields},
        sa.select(parent.table.c.id).where(parent.table.c.id == sa.bindparam("was_id")).with_for_update(key_share=True),
        tuple(followers),
    )  # fmt: skip
    return found if found.update() is not None else None


def _written(parent: RecordType, gathered: tuple[Field, ...], formulas: list[Field], dialect: str) -> bool:
    """Whether the database can write what becomes of these formulas. SQLite does not: there is no lock to wait for and
    no way to a server to save, and a formula that it does not carry out by itself costs as much as reading the row."""
    if formulas and dialect == "sqlite":
        return False
    weights = {each.name: 1 for each in gathered}
    for each in formulas:
        expression = _expression(each)
        if expression.rows or expression.type.kind not in WRITTEN or expression.type.kind != each.type.kind:
            return False
        if getattr(parent.table.c[each.name].type, "sealed", False):
            return False
        weights[each.name] = _weight(expression, weights)
        if weights[each.name] > HEAVIEST:
            return False
    return True


def _weight(expression: Expression, weights: Mapping[str, int]) -> int:
    """How often a formula says again what becomes of a roll-up."""
    return sum(weights.get(each.path, 0) for each in nodes.walk(expression.tree) if isinstance(each, nodes.Field))


def _stepped(column: sa.Column[Any], each: Field) -> sa.ColumnElement[Any]:
    """What a column says after the save; nothing came to an extreme when the step is blank. For a sum without room
    SQLite does not hit the row."""
    by = sa.bindparam(f"by_{each.name}", type_=column.type)
    if _adds(each):
        return column + by
    beyond = column < by if function_of(each) == "MAX" else column > by
    return sa.case((sa.or_(column.is_(None), beyond), by), else_=column)


def _adds(each: Field) -> bool:
    return function_of(each) in ADDED


def _expression(each: Field) -> Expression:
    assert each.expression is not None
    return each.expression
