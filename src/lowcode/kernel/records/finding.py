"""Searching across forms: the best of each form first, and nothing by what a person may not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.records import query, searching, searchwords
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.show import plain
from lowcode.kernel.storage import tables as t

AT_MOST = 50
LABEL_IS, LABEL_BEGINS, SOME_IS, SOME_BEGINS, SOMEWHERE = 16, 8, 4, 2, 1
"""How good a find is: the name of the record, its beginning, another field, its beginning, anywhere."""


class Search(Parameters):
    """What a person typed, and in which forms; all they may read when none is named."""

    text: str = Key(max_length=200)
    forms: tuple[str, ...] = Key((), max_length=100)
    limit: int = Key(5, ge=1, le=AT_MOST)


def search(context: Context, params: Search) -> list[dict[str, Any]]:
    """By form, the form with the best find first: `items` with what each record is called and where it was found."""
    host: Any = context.host
    if not params.text.strip():
        return []
    names = params.forms or tuple(host.types)
    found = []
    for position, name in enumerate(names):
        record_type = record_type_of(context, name)
        plan = host.save_plan(record_type).searching if record_type.parent is None else None
        grant = host.grant(record_type, context.actor)
        if plan is None or not (grant.may("read") and searching.allowed_parts(plan, grant.hidden)):
            continue
        hits = _hits(context, record_type, plan, params)
        if hits:
            found.append((-hits[0]["score"], position, _shown(context, record_type, plan, hits, params)))
    return [each for _, _, each in sorted(found, key=lambda each: each[:2])]


def _hits(context: Context, record_type: RecordType, plan: searching.Searching, params: Search) -> list[dict[str, Any]]:
    host: Any = context.host
    grant = host.grant(record_type, context.actor)

    def build() -> sa.Select[Any]:
        joins, conditions = query.secured(context, record_type, grant)
        table = host.database.table(t.search)
        own = searching.found_in(table, joins.dialect, plan, searching.allowed_parts(plan, grant.hidden))
        score = sa.func.max(_score(table)).label("score")
        best = sa.select(table.c.record_id, score).where(*own).group_by(table.c.record_id).subquery()
        return (
            sa.select(joins.root.c.id.label("id"), best.c.score, *(joins.root.c[name] for name in _fields(plan, grant)))
            .select_from(joins.origin.join(best, best.c.record_id == joins.root.c.id)).where(*conditions)
            .order_by(best.c.score.desc(), joins.root.c.updated_at.desc(), joins.root.c.id.desc())
            .limit(sa.bindparam("page_limit", type_=sa.Integer))
        )  # fmt: skip

    statement = host.cached(("search", record_type.name, context.actor.standing), build)
    dialect = context.unit.database.dialect_name
    pattern = searchwords.like(searchwords.folded(params.text))
    values = {
        **context.moment().parameters(dialect), **searching.parameters(params.text, dialect),
        "is_label": f"\n{pattern}\n%", "begins_label": f"\n{pattern}%", "is_some": f"%\n{pattern}\n%",
        "begins_some": f"%\n{pattern}%",
    }  # fmt: skip
    return context.unit.fetch(statement, page_limit=params.limit + 1, **values)


def _score(table: sa.Table) -> sa.ColumnElement[int]:
    """How well a row is met. The words of the field that names the record stand first in the shared row."""

    def like(name: str) -> sa.ColumnElement[bool]:
        return table.c.folded.like(sa.bindparam(name, type_=sa.Text), escape="\\")

    shared = table.c.part == ""
    return sa.case(
        (sa.and_(shared, like("is_label")), sa.literal(LABEL_IS)),
        (sa.and_(shared, like("begins_label")), sa.literal(LABEL_BEGINS)),
        (like("is_some"), sa.literal(SOME_IS)),
        (like("begins_some"), sa.literal(SOME_BEGINS)),
        else_=sa.literal(SOMEWHERE),
    )


def _shown(
    context: Context, record_type: RecordType, plan: searching.Searching, hits: list[dict[str, Any]], params: Search
) -> dict[str, Any]:
    """The finds of one form: what they are called, and the first field that holds what was typed."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    shown = hits[: params.limit]
    labels = label_of(context, record_type.name, [each["id"] for each in shown])
    fields = _fields(plan, grant)
    return {
        "form": record_type.name, "more": len(hits) > params.limit,
        "items": [
            {
                "id": one["id"], "label": labels.get(one["id"], str(one["id"])),
                **_where(record_type, fields, one, params.text),
            }
            for one in shown
        ],
    }  # fmt: skip


def _fields(plan: searching.Searching, grant: Grant) -> tuple[str, ...]:
    """The searched fields a person may see."""
    return tuple(each.name for part in plan.parts for each in part.fields if each.name not in grant.hidden)


def _where(record_type: RecordType, fields: tuple[str, ...], row: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The field that holds what was typed, and its words around it; nothing when it is what the record is called."""
    wanted = searchwords.wanted(text)
    parts = [*(term for term, _ in wanted.terms), *wanted.together]
    label = record_type.label.text if record_type.label is not None else ""
    for name in fields:
        value = row.get(name)
        if value is None or isinstance(value, (list, tuple)):
            continue
        words = str(plain(value))
        low = searchwords.folded(words)
        at = next((low.find(each) for each in parts if each in low), -1)
        if at >= 0:
            if name == label:
                return {}
            begin = max(0, at - 20) if len(words) > 80 else 0
            return {"field": name, "words": ("…" if begin else "") + words[begin : begin + 80]}
    return {}


OPERATIONS = (
    Operation(
        "records.search",
        search,
        Search,
        writes=False,
        granted=True,
        summary={"en": "Search in all forms", "zh-CN": "全局搜索"},
    ),
)
