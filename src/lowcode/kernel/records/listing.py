"""A page of records: `records.list`. What is asked for, in which order, from where on; a list of the same shape is
compiled once (`query`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Page
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.expressions import Type
from lowcode.kernel.records import query, words
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.records.filtering import Filter, filter_of
from lowcode.kernel.records.filters import FilterGroup
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import SYSTEM_FIELDS, RecordType
from lowcode.kernel.records.show import from_plain, same, shower
from lowcode.kernel.records.sorting import check_sort
from lowcode.kernel.records.veil import masked
from lowcode.kernel.records.visible import add_linked
from lowcode.kernel.storage.types import decimal_json


class OfType(Parameters):
    """The form whose records are meant."""

    type: str


class List(OfType):
    """A page of records. `where` is an expression, `filter` conditions in groups, `ids` the records it is about; `sort`
    names, `-` before one for descending; `fields`: several links only where they are named; `sum` number fields to be
    added up over all that is found. `skip`: rows passed over, after the cursor if there is one; `whole`: the count
    without its cap. `as_json`: values as they leave the process, for doors."""

    where: str | None = None
    filter: FilterGroup | None = None
    ids: tuple[int, ...] | None = Key(None, max_length=query.PAGE_LIMIT)
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    limit: int = Key(50, ge=1, le=query.PAGE_LIMIT)
    after: str | None = None
    skip: int = Key(0, ge=0)
    count: bool = False
    whole: bool = False
    sum: tuple[str, ...] = Key((), max_length=20)
    search: str | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What is worked out once for all lists of one shape: what is read, of which fields several links are read beside,
    what makes JSON of it (None where values are wanted), whether some of it lies under masks and blanks are asked for
    apart, and where the values of the order stand; `beside`: those that nobody asked to see."""

    paths: tuple[str, ...]
    several: tuple[str, ...]
    shows: Mapping[str, Any] | None
    masked: bool
    divided: bool
    places: tuple[str, ...]
    beside: tuple[str, ...]
    statements: dict[Any, sa.Select[Any]] = field(default_factory=dict)
    """By part of the list, cursor and whether rows are passed over."""


def list_records(context: Context, params: List) -> Page:
    """A page: `items`, `next` (where the following page begins, or None), `count` and `sums` when asked for."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    keys = query.parse_sort(params.sort, ("-created_at",))
    text = query.filter_text(context, record_type, params.where, params.filter)
    where = filter_of(context, record_type, grant, text, params.ids)
    search = bool(params.search)
    shape = ("list", record_type.name, context.actor.standing, params.fields, keys, where.key, search)
    listing: Listing = host.cached(
        (*shape, params.as_json), lambda: _listing(context, record_type, grant, params, keys)
    )
    values: dict[str, Any] = dict(where.values)
    marks = None
    if params.after:
        cursor = query.decode_cursor(params.after, keys, lambda path, raw: read_value(context, record_type, path, raw))
        marks = tuple(value is None for value in cursor)
        values.update({f"mark_{index}": value for index, value in enumerate(cursor)})
    if params.search:
        values.update(query.search_values(params.search, context.unit.database.dialect_name))

    def counted(how: query.Counting, *of: Any) -> int:
        """How many there are; `of`: keys, cursor and part, for what is behind a cursor in one part of the list."""
        statement = host.cached(
            (*shape, how, *of),
            lambda: query.build_count(context, record_type, grant, where.conditions, search, how, *of),
        )
        here = values if of else {name: each for name, each in values.items() if not name.startswith("mark_")}
        found = context.unit.one(statement, **moment_parameters(context, statement), **here)
        return int(found["value"]) if found else 0

    rows: list[dict[str, Any]] = []
    skip = params.skip
    for part, after in query.parts(listing.divided, marks):
        which = part, after, bool(skip)
        statement = listing.statements.get(which)
        if statement is None:
            statement = listing.statements[which] = query.build_list(
                context, record_type, grant, listing.paths, where.conditions, keys, listing.places, search, after,
                part=part, skip=bool(skip),
            )  # fmt: skip
        given = moment_parameters(context, statement)
        given |= values
        if skip:
            given["page_skip"] = skip
        rows += context.unit.fetch(statement, listing.shows, page_limit=params.limit + 1 - len(rows), **given)
        if len(rows) > params.limit:
            break
        # What this part held has been passed over, too.
        skip = max(0, skip - counted("whole", keys, after, part)) if skip and not rows and part == "valued" else 0
    items = rows[: params.limit]
    following = query.encode_cursor(items[-1], keys, listing.places) if len(rows) > params.limit else None
    for place in listing.beside:
        for row in items:
            del row[place]
    if listing.masked:
        veil(context, record_type, listing.paths, items)
    if listing.several:
        add_linked(context, record_type, items, listing.several)
    answer: dict[str, Any] = {"items": items, "next": following}
    if params.count:
        total = counted("whole" if params.whole else "capped")
        capped = not params.whole and total > query.COUNT_CAP
        answer["count"] = {"value": query.COUNT_CAP if capped else total, "capped": capped}
    if params.sum:
        answer["sums"] = _sums(context, record_type, grant, params, where, values)
    return answer


def _listing(
    context: Context, record_type: RecordType, grant: Grant, params: List, keys: tuple[query.SortKey, ...]
) -> Listing:  # fmt: skip
    """What lists of a shape have in common; a path or an order that is not there, or is kept from the actor, is
    refused."""
    asked = tuple(dict.fromkeys((*(params.fields or _list_paths(record_type, grant)), "id", "version")))
    check_fields(context, record_type, grant, asked, params.fields, rows=False)
    check_sort(context, record_type, grant, keys)
    several = tuple(path for path in asked if path in record_type.joins)
    paths = tuple(path for path in asked if path not in several)
    shapes = context.app.scope.shapes.records
    shows = showers(context, record_type, paths) if params.as_json else None
    places = []
    for index, key in enumerate(keys):
        how = shower(record_type.fields.get(key.path), type_of(shapes, record_type.name, key.path))
        shared = key.path in paths and (shows is None or how is same or how is decimal_json)
        places.append(key.path if shared else f"@{index}")
        if shows is not None and how is decimal_json:  # a cursor holds decimals as text in any case
            shows[places[-1]] = decimal_json
    masked, divided = bool(query.masks(context, record_type, paths)), query.divided(record_type, keys)
    beside = tuple(each for each in places if each.startswith("@"))
    return Listing(paths, several, shows, masked, divided, tuple(places), beside)


def showers(context: Context, record_type: RecordType, paths: Iterable[str]) -> dict[str, Any]:
    """What makes JSON of the values of each path, where they are not JSON already."""
    shapes = context.app.scope.shapes.records
    found = {path: shower(record_type.fields.get(path), type_of(shapes, record_type.name, path)) for path in paths}
    return {path: how for path, how in found.items() if how is not same}


def _sums(
    context: Context,
    record_type: RecordType,
    grant: Any,
    params: List,
    where: Filter,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """What number fields add up to over everything a list finds."""
    host: Any = context.host

    def build() -> sa.Select[Any]:
        for path in params.sum:
            query.check_path(context, record_type, grant, path, "/sum")
            if type_of(host.app.scope.shapes.records, record_type.name, path).kind != "number":
                raise Rejected(words.problem("not-a-number-field", "/sum", field=path))
        return query.build_sums(context, record_type, grant, params.sum, where.conditions, bool(params.search))

    shape = ("sums", record_type.name, context.actor.standing, params.sum, where.key, bool(params.search))
    statement = host.cached(shape, build)
    here = {name: each for name, each in values.items() if not name.startswith("mark_")}
    found = context.unit.one(statement, **moment_parameters(context, statement), **here)
    return found or dict.fromkeys(params.sum)


def _list_paths(record_type: RecordType, grant: Any) -> tuple[str, ...]:
    return tuple(path for path in default_paths(record_type, grant) if not is_rows(record_type, path))


def read_value(context: Context, record_type: RecordType, path: str, raw: Any) -> Any:
    """A value of a cursor as the column takes it. Raises ValueError for one that no column of its type can have."""
    host: Any = context.host
    type_ = type_of(host.app.scope.shapes.records, record_type.name, path)
    whole = path == "id" or type_.kind in ("record", "user", "department")
    if whole and (type(raw) is not int or not -(2**63) <= raw < 2**63):
        raise ValueError(raw)
    if not whole and type(raw) is not (bool if type_.kind == "boolean" else str) and type_.kind != "number":
        raise ValueError(raw)
    return from_plain(type_, raw)


def type_of(shapes: Mapping[str, Any], start: str, path: str) -> Type:
    """The type at the end of a path."""
    current, type_ = start, Type("any")
    for name in path.split("."):
        type_ = shapes[current].fields[name].type
        current = type_.record or "user"
    return type_


def check_fields(
    context: Context, record_type: RecordType, grant: Grant, paths: Iterable[str], asked: tuple[str, ...], *, rows: bool
) -> None:
    """Refuse what cannot be read of a record, each at its place in what was asked for. `rows`: its rows can."""
    problems: list[Problem] = []
    for path in paths:
        at = f"/fields/{asked.index(path)}" if path in asked else "/fields"
        try:
            query.check_path(context, record_type, grant, path, at, veiled=True)
        except Rejected as refused:
            problems += refused.problems
            continue
        steps = path.split(".")
        ways = (".".join(steps[: length + 1]) for length in range(len(steps)))
        through = next((way for way in ways if _leads_to_rows(context, record_type, way)), None)
        if through is not None and not ((rows or path in record_type.joins) and through == path and len(steps) == 1):
            problems.append(words.problem("rows-not-here", at, field=path, rows=through))
    if problems:
        raise Rejected(problems)


def _leads_to_rows(context: Context, record_type: RecordType, path: str) -> bool:
    """Whether there are several of what a path ends in."""
    owner, _ = query.field_at(context, record_type, path)
    return owner is not None and is_rows(owner, path.rpartition(".")[2])


def is_rows(record_type: RecordType, path: str) -> bool:
    field = record_type.fields.get(path)
    return (
        field is not None and (field.rows is not None or path in record_type.joins)
    ) or path in record_type.relations


def default_paths(record_type: RecordType, grant: Any) -> tuple[str, ...]:
    """Every own field a person may see."""
    own = [name for name, field in record_type.fields.items() if name not in grant.kept]
    return (*(name for name in SYSTEM_FIELDS if name != "deleted_at"), *own)


def veil(context: Context, record_type: RecordType, paths: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    """Put the masks over the values of some rows."""
    host: Any = context.host
    key = ("masks", record_type.name, context.actor.standing, paths)
    over = host.cached(key, lambda: (query.masks(context, record_type, paths),))[0]
    for row in rows if over else ():
        for path, mask in over.items():
            if row.get(path) is not None:
                row[path] = masked(row[path], mask)


OPERATIONS = (
    Operation(
        "records.list",
        list_records,
        List,
        writes=False,
        granted=True,
        summary={"en": "List records", "zh-CN": "记录列表"},
    ),
)
