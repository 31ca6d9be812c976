"""Records that share a value of a field: which values there are among what a list finds, and how often each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import query, words
from lowcode.kernel.records.filters import FilterGroup, groupable, path_type
from lowcode.kernel.records.labels import label_of, record_type_of
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
    """The values in the order a list by this field has, blanks last, each with how many records have it."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    where = query.filter_text(context, record_type, params.where, params.filter)

    def build() -> sa.Select[Any]:
        query.check_path(context, record_type, grant, params.by, "/by")
        if not groupable(record_type, params.by):
            raise Rejected(words.problem("not-groupable", "/by", field=params.by))
        filters = (query.compile_filter(context, record_type, grant, where),) if where else ()
        joins, conditions = query.found_by(context, record_type, grant, filters, bool(params.search))
        column = joins.column(params.by)
        return (
            sa.select(column.label("value"), sa.func.count().label("count"))
            .select_from(joins.origin).where(*conditions).group_by(column).order_by(column.asc().nulls_last())
            .limit(LIMIT)
        )  # fmt: skip

    shape = ("groups", record_type.name, context.actor.standing, params.by, where, bool(params.search))
    dialect = context.unit.database.dialect_name
    values = context.moment().parameters(dialect)
    if params.search:
        values = {**values, **query.search_values(params.search, dialect)}
    rows = context.unit.fetch(host.cached(shape, build), **values)
    type_ = path_type(context.app.scope.shapes.records, record_type.name, params.by)
    target = type_.target if type_ is not None else None
    if target is None:
        return [{"value": plain(row["value"]), "count": row["count"]} for row in rows]
    names = label_of(context, target, sorted(row["value"] for row in rows if row["value"] is not None))
    return [
        {
            "value": None if (one := row["value"]) is None else {"id": one, "label": names.get(one, str(one))},
            "count": row["count"],
        }
        for row in rows
    ]


OPERATIONS = (
    Operation(
        "records.groups", groups, Groups, writes=False,
        granted=True, summary={"en": "How often each value of a field occurs", "zh-CN": "按字段分组计数"},
    ),
)  # fmt: skip
