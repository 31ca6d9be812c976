"""The one read path: `secured` is the only way to a record type's rows.

It joins the actor's row filter and leaves out what is kept from them, for get, list, search, export, print, reports and
every door alike. Lists page by keyset; who jumps into the middle of a long one skips rows, from the nearest place that
is known. They count with a cap, unless the whole is asked for, and select only what was asked for. A list of the same
shape is compiled once.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import orjson
import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, nearest
from lowcode.kernel.expressions import Expression, ExpressionError, Type, compile_expression, lineage_of
from lowcode.kernel.records import searching, words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.filters import FilterGroup, conditions_of, expression_of, joined, path_type
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.nested import below
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import json_text

CONDITION = Type("boolean")
COUNT_CAP = 10_000
PAGE_LIMIT = 1000
NOT_NULL = frozenset({"id", "version", "created_at", "updated_at"})
Part = Literal["all", "valued", "blank"]
Counting = Literal["capped", "whole"]


class Condition(Protocol):
    """What a list is filtered by."""

    def sql_condition(self, dialect: str, resolver: Joins) -> sa.ColumnElement[bool]:
        """As it stands behind WHERE."""


class SortKey(NamedTuple):
    """One key of an order; part of what lists are remembered by, so it is hashed without a call."""

    path: str
    descending: bool


def secured(
    context: Context, record_type: RecordType, grant: Grant, action: str = "read", dialect: str | None = None, *,
    deleted: bool = False,
) -> tuple[Joins, list[sa.ColumnElement[bool]]]:  # fmt: skip
    """Joins over a record type, and the conditions every read of it begins with: alive, and permitted to this actor.
    `dialect`: of a mirror that is read in place of the database; `deleted`: those that are not alive instead."""
    if not grant.may(action):
        raise Forbidden(words.problem("may-not", "", action=action, form=record_type.name))
    host: Any = context.host
    joins = Joins(
        host.types, record_type, host.database.table, dialect or host.database.dialect_name,
        allowed=lambda other: host.grant(other, context.actor),
    )  # fmt: skip
    conditions: list[sa.ColumnElement[bool]] = []
    if "deleted_at" in joins.root.c:
        alive = joins.root.c.deleted_at.is_(None)
        conditions.append(~alive if deleted else alive)
    condition = grant.condition(action, joins)
    if condition is not None:
        conditions.append(condition)
    return joins, conditions


def was_readable(context: Context, record_type: RecordType, identity: int) -> bool:
    """Whether a record that lies in the trash is one this actor could read before."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    if not grant.may("read"):
        return False
    dialect = host.database.dialect_name

    def build() -> sa.Select[Any]:
        joins, conditions = secured(context, record_type, grant, deleted=True)
        same = joins.root.c.id == sa.bindparam("record_id", type_=sa.BigInteger)
        return sa.select(joins.root.c.id).select_from(joins.origin).where(same, *conditions)

    statement = host.cached(("was readable", record_type.name, context.actor.standing), build)
    return context.unit.one(statement, record_id=identity, **context.moment().parameters(dialect)) is not None


def compile_filter(context: Context, record_type: RecordType, grant: Grant, text: str) -> Expression:
    """A filter somebody sent: the one language, and only over what they may see."""
    host: Any = context.host
    try:
        expression = compile_expression(
            text, host.app.scope.shapes, record_type.name, functions=host.app.scope.functions, expect=CONDITION
        )
    except ExpressionError as error:
        raise Rejected(
            [Problem(each.code, "{reason}", "/where", {"reason": each.both, **each.values}) for each in error.problems]
        ) from None
    for path in {lineage_of(each)[0] for each in expression.paths} - {""} | set(expression.rows):
        check_path(context, record_type, grant, path, "/where")
        if sealed_at(context, record_type, path):
            raise Rejected(words.problem("sealed-field", "/where", field=path))
    for relation, paths in expression.rows.items():
        for path in (lineage_of(f"{relation}.{each}")[0] for each in paths):
            check_path(context, record_type, grant, path, "/where")
            if sealed_at(context, record_type, path):
                raise Rejected(words.problem("sealed-field", "/where", field=path))
    return expression


def filter_text(context: Context, record_type: RecordType, where: str | None, group: FilterGroup | None) -> str | None:
    """A condition as text and one as groups, as one text. Raises Rejected with every condition that may not be asked,
    where it stands."""
    if group is None:
        return where
    host: Any = context.host
    shapes, grant = context.app.scope.shapes.records, host.grant(record_type, context.actor)
    text = expression_of(group, lambda path: path_type(shapes, record_type.name, path))
    problems: list[Problem] = []
    for pointer, each in conditions_of(group):
        try:
            check_path(context, record_type, grant, each.field, f"{pointer}/field")
        except Rejected as refused:
            problems += refused.problems
    if problems:
        raise Rejected(problems)
    return joined(where, text)


def check_path(
    context: Context, record_type: RecordType, grant: Grant, path: str, pointer: str, *, veiled: bool = False
) -> None:
    """Refuse a path that does not exist or leads through a field kept from the actor; `veiled`: its value will be
    shown under its mask, if it has one."""
    host: Any = context.host
    shapes = host.app.scope.shapes.records
    current: str | None = record_type.name
    for name in path.split("."):
        shape = shapes.get(current) if current else None
        known = shape.fields if shape is not None else {}
        owner = host.types.get(current)
        own = host.grant(owner, context.actor) if owner is not None else None
        hidden = frozenset() if own is None else own.kept if veiled else own.hidden
        if owner is not None and owner.parent is not None:  # kept by the record they belong to: `hide: ["items.cost"]`
            hidden = below(hidden, owner.way)
        if name in known and own is not None and name in hidden and name in own.veiled:
            raise Rejected(words.problem("masked-field", pointer, field=path))
        if name not in known or name in hidden:
            near = nearest(name, [each for each in known if each not in hidden]) or ""
            raise Rejected(words.problem("unknown-field", pointer, field=path, form=record_type.name, near=near))
        type_ = known[name].type
        current = type_.record or ("user" if type_.kind == "user" else None)


def field_at(context: Context, record_type: RecordType, path: str) -> tuple[RecordType | None, Field | None]:
    """The record type a path of links ends in, and the field at its end, where they are forms' own."""
    host: Any = context.host
    owner: RecordType | None = record_type
    *links, name = path.split(".")
    for link in links:
        field = owner.fields.get(link) if owner is not None else None
        back = owner.relations.get(link) if owner is not None else None
        if owner is not None and owner.parent is not None and link == "parent":
            owner = owner.parent
        elif back is not None:
            owner = host.types.get(back.record_type)
        else:
            owner = None if field is None else field.rows or host.types.get(field.target or "")
    return owner, owner.fields.get(name) if owner is not None else None


def sealed_at(context: Context, record_type: RecordType, path: str) -> bool:
    """Whether the field at the end of a path is encrypted."""
    _, field = field_at(context, record_type, path)
    return field is not None and field.sealed


def masks(context: Context, record_type: RecordType, paths: Iterable[str]) -> dict[str, str]:
    """The mask of each path whose value this actor sees under one."""
    host: Any = context.host
    found: dict[str, str] = {}
    for path in paths:
        owner, field = field_at(context, record_type, path)
        if owner is not None and field is not None and field.name in host.grant(owner, context.actor).veiled:
            found[path] = field.options.mask or "all"
    return found


def parse_sort(sort: Sequence[str], default: Sequence[str]) -> tuple[SortKey, ...]:
    """Keys of an order; the id ends it, so that the order is total."""
    keys = [SortKey(each.lstrip("-+"), each.startswith("-")) for each in (sort or default) if each.lstrip("-+")]
    if not any(key.path == "id" for key in keys):
        keys.append(SortKey("id", keys[-1].descending if keys else True))
    return tuple(keys)


def build_list(
    context: Context,
    record_type: RecordType,
    grant: Grant,
    paths: tuple[str, ...],
    filters: Sequence[Condition],
    keys: tuple[SortKey, ...],
    places: Sequence[str],
    search: bool,
    marks: tuple[bool, ...] | None,
    *,
    part: Part = "all",
    skip: bool = False,
) -> sa.Select[Any]:
    """Build the statement of a list. `places`: the column that holds the value of each key, one of `paths` or one more.
    `marks`: whether each value of the cursor is blank (None: first page). `part`: see `parts`. `skip`: so many rows
    (`:page_skip`) are passed over."""
    joins, conditions = found_by(context, record_type, grant, filters, search)
    columns = [joins.column(path).label(path) for path in paths]
    ordered = [(joins.column(key.path), key) for key in keys]
    filled = NOT_NULL if part == "all" else NOT_NULL | {keys[0].path}
    conditions.extend(_beyond(ordered, part, marks, filled))
    columns.extend(column.label(at) for at, (column, _) in zip(places, ordered, strict=True) if at not in paths)
    statement = sa.select(*columns).select_from(joins.origin).where(*conditions)
    for column, key in ordered[1:] if part == "blank" else ordered:
        element = column.desc() if key.descending else column.asc()
        statement = statement.order_by(element if key.path in filled else element.nulls_last())
    if skip:
        statement = statement.offset(sa.bindparam("page_skip", type_=sa.Integer))
    return statement.limit(sa.bindparam("page_limit", type_=sa.Integer))


def build_count(
    context: Context,
    record_type: RecordType,
    grant: Grant,
    filters: Sequence[Condition],
    search: bool,
    how: Counting,
    keys: tuple[SortKey, ...] = (),
    marks: tuple[bool, ...] | None = None,
    part: Part = "all",
) -> sa.Select[Any]:
    """Build the statement that counts what a list would find, or what is left of it after a cursor, in one of its
    `parts`. `capped`: no further than one more than is told."""
    joins, conditions = found_by(context, record_type, grant, filters, search)
    ordered = [(joins.column(key.path), key) for key in keys]
    filled = NOT_NULL if part == "all" else NOT_NULL | {keys[0].path}
    conditions.extend(_beyond(ordered, part, marks, filled))
    if how == "whole":
        return sa.select(sa.func.count().label("value")).select_from(joins.origin).where(*conditions)
    inner = sa.select(sa.literal(1)).select_from(joins.origin).where(*conditions).limit(COUNT_CAP + 1).subquery()
    return sa.select(sa.func.count().label("value")).select_from(inner)


def _beyond(
    ordered: Sequence[tuple[sa.ColumnElement[Any], SortKey]],
    part: Part,
    marks: tuple[bool, ...] | None,
    filled: frozenset[str],
) -> Iterator[sa.ColumnElement[bool]]:
    """What a row must be to stand in a part of a list, behind a cursor."""
    if part != "all":
        yield ordered[0][0].is_(None) if part == "blank" else ordered[0][0].is_not(None)
    if marks is not None:
        first, leading = ordered[0]
        if leading.path in filled and not marks[0]:  # said once more, so that the index is entered at the cursor
            mark = sa.bindparam("mark_0", type_=first.type)
            yield first <= mark if leading.descending else first >= mark
        yield _after(ordered, marks, filled)


def build_ids(
    context: Context,
    record_type: RecordType,
    grant: Grant,
    filters: Sequence[Condition],
    keys: tuple[SortKey, ...],
    *,
    search: bool,
    also: str,
) -> sa.Select[Any]:
    """Build the statement that finds the ids of everything a list would find, in order; `also`: another action that
    must be permitted on each, beside reading it."""
    joins, conditions = found_by(context, record_type, grant, filters, search)
    conditions.extend(condition for condition in (grant.condition(also, joins),) if condition is not None)
    ordered = [(joins.column(key.path), key) for key in keys]
    statement = sa.select(joins.root.c.id).select_from(joins.origin).where(*conditions)
    for column, key in ordered:
        element = column.desc() if key.descending else column.asc()
        statement = statement.order_by(element if key.path in NOT_NULL else element.nulls_last())
    return statement


def build_these(
    context: Context, record_type: RecordType, grant: Grant, paths: tuple[str, ...], *, also: str
) -> sa.Select[Any]:
    """Build the statement that reads some paths of the records whose ids are in the JSON list `ids`, as far as the
    person may see them and do `also`."""
    joins, conditions = secured(context, record_type, grant)
    conditions.extend(condition for condition in (grant.condition(also, joins),) if condition is not None)
    columns = [joins.column(path).label(path) for path in paths]
    statement = sa.select(*columns).select_from(joins.origin)
    return statement.where(id_in(joins.root.c.id, joins.dialect), *conditions)


def build_sums(
    context: Context,
    record_type: RecordType,
    grant: Grant,
    sums: tuple[str, ...],
    filters: Sequence[Condition],
    search: bool,
) -> sa.Select[Any]:
    """Build the statement that adds up columns over everything a list would find, not over one page of it."""
    joins, conditions = found_by(context, record_type, grant, filters, search)
    columns = []
    for path in sums:
        column = joins.column(path)
        exact = joins.dialect != "sqlite" or not isinstance(column.type, sa.Text)
        total = sa.func.sum(column) if exact else sa.func.lowcode_sum(column)
        columns.append(sa.type_coerce(total, column.type).label(path))
    return sa.select(*columns).select_from(joins.origin).where(*conditions)


def build_groups(
    context: Context,
    record_type: RecordType,
    grant: Grant,
    group: tuple[str, ...],
    sums: tuple[str, ...],
    averages: tuple[str, ...],
    filters: Sequence[Condition],
    search: bool,
    limit: int,
) -> sa.Select[Any]:
    """Build the statement that counts and adds up everything a list would find, by the values of some columns."""
    joins, conditions = found_by(context, record_type, grant, filters, search)

    def total(path: str) -> sa.ColumnElement[Any]:
        column = joins.column(path)
        exact = joins.dialect != "sqlite" or not isinstance(column.type, sa.Text)
        return sa.type_coerce(sa.func.sum(column) if exact else sa.func.lowcode_sum(column), column.type)

    by = [joins.column(path) for path in group]
    columns: list[Any] = [column.label(f"by_{at}") for at, column in enumerate(by)]
    columns.append(sa.func.count().label("count"))
    columns += [total(path).label(f"sum_{at}") for at, path in enumerate(sums)]
    for at, path in enumerate(averages):
        columns += [total(path).label(f"total_{at}"), sa.func.count(joins.column(path)).label(f"number_{at}")]
    statement = sa.select(*columns).select_from(joins.origin).where(*conditions).group_by(*by)
    return statement.order_by(sa.func.count().desc(), *(column.asc().nulls_last() for column in by)).limit(limit)


def found_by(
    context: Context, record_type: RecordType, grant: Grant, filters: Sequence[Condition], search: bool
) -> tuple[Joins, list[sa.ColumnElement[bool]]]:
    """What everything that is found is found by: what is permitted, the filters, the words searched for."""
    joins, conditions = secured(context, record_type, grant)
    conditions.extend(each.sql_condition(joins.dialect, joins) for each in filters)
    if search:
        conditions.append(search_condition(context, record_type, grant, joins))
    return joins, conditions


def divided(record_type: RecordType, keys: Sequence[SortKey]) -> bool:
    """Whether the rows of a list that have a value are asked for apart from those that have none.

    Blanks come last, whichever way an order goes, and no index is ordered like that both ways. So where an index could
    serve, they are asked for one after the other, each in plain order."""
    first = keys[0].path
    if first in NOT_NULL:
        return False
    return any(index.columns.keys()[0] == first for index in record_type.table.indexes)


def parts(apart: bool, marks: tuple[bool, ...] | None) -> tuple[tuple[Part, tuple[bool, ...] | None], ...]:
    """The statements a page is asked by, in order, each with its cursor: the following one only when rows are missing.
    `apart`: see `divided`."""
    if not apart:
        return (("all", marks),)
    if marks is None:
        return ("valued", None), ("blank", None)
    return (("blank", marks),) if marks[0] else (("valued", marks), ("blank", None))


def _after(
    ordered: Sequence[tuple[sa.ColumnElement[Any], SortKey]], marks: tuple[bool, ...], filled: frozenset[str]
) -> sa.ColumnElement[bool]:
    """Rows that come after the cursor, blanks last; `filled` names keys that are never blank. Keys of one direction
    without blanks are compared as one row: the databases plan it faster than its alternatives."""
    if len(ordered) > 1 and not any(marks) and all(key.path in filled for _, key in ordered):
        if len({key.descending for _, key in ordered}) == 1:
            row = sa.tuple_(*(column for column, _ in ordered))
            end = sa.tuple_(*(sa.bindparam(f"mark_{n}", type_=column.type) for n, (column, _) in enumerate(ordered)))
            return row < end if ordered[0][1].descending else row > end
    alternatives: list[sa.ColumnElement[bool]] = []
    equal: list[sa.ColumnElement[bool]] = []
    for index, ((column, key), blank) in enumerate(zip(ordered, marks, strict=True)):
        mark = sa.bindparam(f"mark_{index}", type_=column.type)
        if not blank:
            beyond = column < mark if key.descending else column > mark
            if key.path not in filled:
                beyond = sa.or_(beyond, column.is_(None))
            alternatives.append(sa.and_(*equal, beyond))
            equal.append(column == mark)
        else:
            equal.append(column.is_(None))
    return sa.or_(*alternatives) if alternatives else sa.false()


def search_condition(
    context: Context, record_type: RecordType, grant: Grant, joins: Joins
) -> sa.ColumnElement[bool]:  # fmt: skip
    """The words stand in the index of what this person may search, or in a searched field whose words it does not
    hold (`:search_words` is a LIKE pattern), or a searchable encrypted one is them (`:search_whole`)."""
    host: Any = context.host
    plan = host.save_plan(record_type).searching
    whole = [
        each.name for each in record_type.fields.values()
        if each.options.search and each.sealed and each.name not in grant.kept
    ]  # fmt: skip
    found = [joins.column(name) == sa.bindparam("search_whole", type_=joins.column(name).type) for name in whole]
    for way, rows in record_type.rows_below:
        for each in rows.fields.values():
            kept = {".".join(way.split(".")[:length]) for length in range(1, way.count(".") + 2)} | {
                f"{way}.{each.name}"
            }
            if each.options.search and each.sealed and kept.isdisjoint(grant.kept):
                source, tie, column = joins.rows(way, (each.name,))
                same = column(each.name) == sa.bindparam("search_whole", type_=rows.table.c[each.name].type)
                found.append(sa.exists(sa.select(1).select_from(source).where(tie, same).correlate_except(source)))
    if plan is not None and searching.allowed_parts(plan, grant.hidden):
        table = host.database.table(t.search)
        conditions = searching.found_in(table, joins.dialect, plan, searching.allowed_parts(plan, grant.hidden))
        found.append(joins.root.c.id.in_(sa.select(table.c.record_id).where(*conditions)))
    words_ = sa.bindparam("search_words", type_=sa.Text)
    for name in _searched_apart(record_type, grant, plan):
        field = record_type.fields[name]
        if field.options_type == "link":
            target = joins.types[field.target or ""]
            hidden = host.grant(target, context.actor).hidden
            label = [each for each in ("name", "title", "number", "subject") if each in target.fields]
            if label and label[0] not in hidden:
                found.append(joins.column(f"{name}.{label[0]}").ilike(words_, escape="\\"))
        elif field.stored:
            found.append(sa.cast(joins.column(name), sa.Text).ilike(words_, escape="\\"))
    return sa.or_(*found) if found else sa.false()


def _searched_apart(record_type: RecordType, grant: Grant, plan: searching.Searching | None) -> list[str]:
    """The fields that a search looks into row by row: those the author names and the index does not hold; when the
    author names none, texts and numbers."""
    fields = [each for each in record_type.fields.values() if not each.sealed and each.name not in grant.hidden]
    asked = [each for each in record_type.fields.values() if each.options.search and not each.sealed]
    if not asked:
        return [each.name for each in fields if each.options_type in ("text", "serial", "phone", "email")]
    names = plan.names if plan is not None else ()
    return [each.name for each in fields if each.options.search and each.name not in names]


def search_values(text: str, dialect: str) -> dict[str, str]:
    """What a person typed, as the parameters of `search_condition`."""
    return {
        "search_words": search_pattern(text), "search_whole": text.strip(), **searching.parameters(text, dialect),
    }  # fmt: skip


def search_pattern(text: str) -> str:
    """What a person typed as a LIKE pattern."""
    return "%" + text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def encode_cursor(row: Mapping[str, Any], keys: Sequence[SortKey], places: Sequence[str]) -> str:
    """The place after a row, opaque to whoever holds it; `places`: where the value of each key stands in it."""
    values = [row[place] for place in places]
    packed = json_text([[key.path, key.descending] for key in keys] + [values])
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode_cursor(text: str, keys: Sequence[SortKey], read: Callable[[str, Any], Any]) -> list[Any]:
    """The values of a place; refused when it belongs to another order."""
    try:
        packed = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if packed[:-1] != [[key.path, key.descending] for key in keys]:
            raise ValueError
        return [None if value is None else read(key.path, value) for key, value in zip(keys, packed[-1], strict=True)]
    except (ValueError, TypeError, IndexError, KeyError, ArithmeticError):
        raise Rejected(words.problem("bad-cursor", "/after")) from None
