"""Records found by a condition, as the app itself sees them or among those somebody may read: statements that are built
once and run with other parameters each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.kernel.expressions.moment import PARAMETERS
from lowcode.kernel.expressions.sql import variable_parameter
from lowcode.kernel.records import words
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.query import secured

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.expressions import Moment

PAGE = 500
"""Records looked at in one statement; the next page begins after the last id."""

Where = Callable[[Joins], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Below:
    """Only the records of a relation of one record."""

    form: str
    relation: str
    record: int


@dataclass(frozen=True, slots=True)
class Selection:
    """A prepared search: the statement, and the condition left for Python where it cannot be asked in SQL."""

    statement: sa.Select[Any]
    rest: Expression | None
    moment: tuple[str, ...]
    """The parameters of the moment that the statement has."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search selects from, before it is said what of it."""

    joins: Joins
    origin: Callable[[], Any]
    conditions: list[sa.ColumnElement[bool]]
    rest: Expression | None


def select_records(
    context: Context,
    key: tuple[Any, ...],
    form: str,
    *,
    where: Where | None = None,
    when: Expression | None = None,
    shown: Mapping[str, Callable[[Joins], sa.ColumnElement[Any]]] | None = None,
    parameters: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    paged: bool = True,
    page: int = PAGE,
    after: int = 0,
    moment: Moment | None = None,
    below: Below | None = None,
    readable: bool = False,
) -> Iterator[dict[str, Any]]:
    """The records for which `where` and `when` hold, as the app sees them: page by page in the order of their ids, or
    (for a window, which is small) all at once in whatever order its index gives. `variables`: what `when` names beside
    the fields of the form; `below`: only those of a relation of a record; `readable`: only those the actor may read.
    Raises Forbidden: they may read none of the form."""
    host: Any = context.host
    selection = host.cached(
        ("selecting", *key, _standing(context, readable)),
        lambda: _selection(_searched(context, form, where, when, below, readable), shown or {}, paged),
    )
    asked = moment or context.moment()
    values, named = _values(context, selection, asked, parameters, variables, below)
    if not paged:
        found = context.unit.fetch(selection.statement, **values)
        yield from _filtered(context, form, found, selection.rest, named, asked)
        return
    while True:
        rows = context.unit.fetch(selection.statement, after_id=after, page_limit=page, **values)
        yield from _filtered(context, form, rows, selection.rest, named, asked)
        if len(rows) < page:
            return
        after = rows[-1]["id"]


def count_records(
    context: Context,
    key: tuple[Any, ...],
    form: str,
    *,
    when: Expression | None = None,
    variables: Mapping[str, Any] | None = None,
    moment: Moment | None = None,
    below: Below | None = None,
    readable: bool = False,
) -> tuple[int, int]:
    """How many records there are for which `when` holds, and the last id of them; `readable` as with them."""
    host: Any = context.host
    counting = host.cached(
        ("selecting", "count", *key, _standing(context, readable)),
        lambda: _counting(_searched(context, form, None, when, below, readable)),
    )
    if counting.rest is None:
        values, _ = _values(context, counting, moment or context.moment(), None, variables, below)
        row = context.unit.one(counting.statement, **values)
        return (int(row["records"]), int(row["last"] or 0)) if row is not None else (0, 0)
    count = last = 0
    asked = {"when": when, "variables": variables, "moment": moment, "below": below, "readable": readable}
    for row in select_records(context, key, form, **asked):  # type: ignore[arg-type]
        count, last = count + 1, row["id"]
    return count, last


def _values(
    context: Context, selection: Selection, moment: Moment, parameters: Mapping[str, Any] | None,
    variables: Mapping[str, Any] | None, below: Below | None,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    host: Any = context.host
    named = dict(variables or {})
    values = {**moment.parameters(host.database.dialect_name, selection.moment), **(parameters or {})}
    values |= {variable_parameter(name): value for name, value in named.items()}
    if below is not None:
        values["below_id"] = below.record
    return values, named


def _standing(context: Context, readable: bool) -> Any:
    """What a prepared search depends on beside its key: the app's own are the same for everybody."""
    return context.actor.standing if readable and not context.actor.is_app else None


def _searched(
    context: Context, form: str, where: Where | None, when: Expression | None, below: Below | None, readable: bool
) -> Searched:  # fmt: skip
    if below is None:
        joins, conditions = everything(context.as_app(), form)
        origin: Callable[[], Any] = lambda: joins.origin  # noqa: E731
    else:
        outer, conditions = everything(context.as_app(), below.form)
        _, tie, joins = outer.relation(below.relation)
        conditions.append(outer.root.c.id == sa.bindparam("below_id", type_=sa.BigInteger))
        origin = lambda: outer.origin.join(joins.origin, tie)  # noqa: E731
    if readable:
        conditions.extend(_permitted(context, form, joins))
    rest = None
    if where is not None:
        conditions.append(where(joins))
    if when is not None:
        try:
            conditions.append(when.sql_condition(joins.dialect, joins))
        except NotPushable:
            rest = when
    return Searched(joins, origin, conditions, rest)


def _permitted(context: Context, form: str, joins: Joins) -> list[sa.ColumnElement[bool]]:
    host: Any = context.host
    grant = host.grant(host.types[form], context.actor)
    if not grant.may("read"):
        raise Forbidden(words.problem("may-not", "", action="read", form=form))
    condition = grant.condition("read", joins)
    return [] if condition is None else [condition]


def _selection(
    found: Searched, shown: Mapping[str, Callable[[Joins], sa.ColumnElement[Any]]], paged: bool
) -> Selection:  # fmt: skip
    root = found.joins.root
    columns = [root.c.id, *(make(found.joins).label(name) for name, make in shown.items())]
    statement = sa.select(*columns).select_from(found.origin()).where(*found.conditions)
    if paged:
        statement = (
            statement.where(root.c.id > sa.bindparam("after_id", type_=sa.BigInteger))
            .order_by(root.c.id)
            .limit(sa.bindparam("page_limit", type_=sa.Integer))
        )
    return _selected(statement, found.rest)


def _selected(statement: sa.Select[Any], rest: Expression | None) -> Selection:
    names = {bind.key for bind in visitors.iterate(statement) if isinstance(bind, sa.BindParameter)}
    return Selection(statement, rest, tuple(name for name in PARAMETERS if name in names))


def _counting(found: Searched) -> Selection:
    root = found.joins.root
    counted: Any = sa.select(sa.func.count().label("records"), sa.func.max(root.c.id).label("last"))
    return _selected(counted.select_from(found.origin()).where(*found.conditions), found.rest)


def everything(context: Context, form: str) -> tuple[Joins, list[sa.ColumnElement[bool]]]:
    """A form's living records as the app itself sees them."""
    host: Any = context.host
    record_type = host.types[form]
    return secured(context, record_type, Grant(record_type, True, ()))


def _filtered(
    context: Context,
    form: str,
    rows: Sequence[dict[str, Any]],
    rest: Expression | None,
    variables: Mapping[str, Any],
    moment: Moment,
) -> Iterable[dict[str, Any]]:
    if rest is None or not rows:
        return rows
    facts = context.facts(form, [row["id"] for row in rows], [rest])
    return [row for row in rows if row["id"] in facts and rest.test(facts[row["id"]], moment, **variables)]
