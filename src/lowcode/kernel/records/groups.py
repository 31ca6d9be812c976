"""Records that share a value of a field: which values there are among what a list finds, and how often each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import query, words
from lowcode.kernel.records.filtering import filter_of
from lowcode.kernel.records.filters import FilterGroup, groupable, path_type
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.references import references
from lowcode.kernel.records.show import plain

LIMIT = 500
"""Values that are told of; what comes after them is counted as none of them."""


class Groups(Parameters):
    """By which field, among what; as in a list."""

    type: str
    by: str
    where: str | None = None
    filter: FilterGroup | None = None
    search: str | None = None


def groups(context: Context, params: Groups) -> list[dict[str, Any]]:
    """The values as people order them, blanks last: options as they are defined, records and people by what they are
    called, all else by size. Each with how many records have it, and where they begin in a list sorted by the field."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    text = query.filter_text(context, record_type, params.where, params.filter)
    where = filter_of(context, record_type, grant, text)

    def build() -> sa.Select[Any]:
        query.check_path(context, record_type, grant, params.by, "/by")
        if not groupable(record_type, params.by):
            raise Rejected(words.problem("not-groupable", "/by", field=params.by))
        joins, conditions = query.found_by(context, record_type, grant, where.conditions, bool(params.search))
        column = joins.column(params.by)
        return (
            sa.select(column.label("value"), sa.func.count().label("count"))
            .select_from(joins.origin).where(*conditions).group_by(column).order_by(column.asc().nulls_last())
            .limit(LIMIT)
        )  # fmt: skip

    shape = ("groups", record_type.name, context.actor.standing, params.by, where.key, bool(params.search))
    dialect = context.unit.database.dialect_name
    values = {**context.moment().parameters(dialect), **where.values}
    if params.search:
        values = {**values, **query.search_values(params.search, dialect)}
    rows = context.unit.fetch(host.cached(shape, build), **values)
    type_ = path_type(context.app.scope.shapes.records, record_type.name, params.by)
    begins = [0, *accumulate(row["count"] for row in rows)]
    found = [
        {"value": row["value"], "count": row["count"], "from": begin}
        for row, begin in zip(rows, begins, strict=False)
    ]  # fmt: skip
    if type_ is None or type_.target is None:
        place = {name: at for at, name in enumerate((type_.options if type_ is not None else None) or ())}
        ordered = sorted(found, key=lambda each: _by_option(place, each["value"])) if place else found
        return [{**each, "value": plain(each["value"])} for each in ordered]
    names = references(context, type_.target, sorted(each["value"] for each in found if each["value"] is not None))
    for each in found:
        if (one := each["value"]) is not None:
            each["value"] = names[one]
    return sorted(found, key=lambda each: _by_label(each["value"]))


def _by_option(place: Mapping[str, int], value: str | None) -> tuple[bool, int]:
    """One that is an option no more comes after those that are, blank comes last."""
    return value is None, place.get(value or "", len(place))


def _by_label(value: Mapping[str, Any] | None) -> tuple[bool, bytes, int]:
    """The usual characters of GB 18030 stand in the order in which they are spoken, those of Unicode in that of their
    radicals, by which nobody looks for a name."""
    if value is None:
        return True, b"", 0
    return False, value["label"].casefold().encode("gb18030", "replace"), value["id"]


OPERATIONS = (
    Operation(
        "records.groups", groups, Groups, writes=False,
        granted=True, summary={"en": "How often each value of a field occurs", "zh-CN": "按字段分组计数"},
    ),
)  # fmt: skip
