"""Favourites: records and views that somebody keeps at hand, for that person alone and on every machine of theirs.

A favourite whose record or view is gone, or may no longer be seen, is not offered; it comes back when it may be.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lowcode.forms.tables import favourite as table
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records.labels import label_of

LIMIT = 100
"""Favourites of one person."""
TOO_MANY = {"en": "at most {limit} favourites; take one off first", "zh-CN": "最多收藏 {limit} 项，请先取消其他收藏"}
NOT_THERE = {"en": "there is no such record or view for you", "zh-CN": "没有可收藏的记录或视图"}


class Nothing(Parameters):
    """All of them."""


class Favourite(Parameters):
    """What is kept at hand: a record, or else a view of the form by its name (`~7`: one that somebody made)."""

    form: str
    record: int | None = None
    view: str = ""


def favourites(context: Context, params: Nothing) -> Items:
    """What this person keeps at hand, in the order it was added: `label` names a record, or a view somebody made."""
    rows = context.unit.fetch(sa.select(table).where(_mine(context)).order_by(table.c.id))
    records = _records(context, rows)
    views = {form: _views(context, form) for form in {row["form"] for row in rows if row["record"] is None}}
    items = []
    for row in rows:
        known = records.get(row["form"], {}) if row["record"] is not None else views[row["form"]]
        key = row["view"] if row["record"] is None else row["record"]
        if key in known:
            items.append(
                {"form": row["form"], "record": row["record"], "view": row["view"] or None, "label": known[key]}
            )
    return {"items": items}


def add(context: Context, params: Favourite) -> None:
    """Keep something at hand; twice is once."""
    if _found(context, params) is not None:
        return
    if not _there(context, params):
        raise NotFound(Problem("forms.no-favourite", NOT_THERE, "/record" if params.record is not None else "/view"))
    count = context.unit.one(sa.select(sa.func.count().label("n")).where(_mine(context)))
    if count and count["n"] >= LIMIT:
        raise Rejected(Problem("forms.too-many-favourites", TOO_MANY, "", {"limit": LIMIT}))
    context.unit.insert(
        table, owner=context.actor.id or 0, form=params.form, record=params.record,
        view="" if params.record is not None else params.view, at=context.now(),
    )  # fmt: skip


def remove(context: Context, params: Favourite) -> None:
    """Keep it at hand no longer."""
    found = _found(context, params)
    if found is not None:
        context.unit.run(sa.delete(table).where(table.c.id == found))


def _mine(context: Context) -> sa.ColumnElement[bool]:
    return table.c.owner == sa.literal(context.actor.id or 0)


def _found(context: Context, params: Favourite) -> int | None:
    which = table.c.record.is_(None) if params.record is None else table.c.record == params.record
    view = "" if params.record is not None else params.view
    row = context.unit.one(
        sa.select(table.c.id).where(_mine(context), table.c.form == params.form, which, table.c.view == view)
    )
    return None if row is None else int(row["id"])


def _there(context: Context, params: Favourite) -> bool:
    if params.record is None:
        return params.view in _views(context, params.form)
    return params.record in _named(context, params.form, [params.record])


def _records(context: Context, rows: list[dict[str, Any]]) -> dict[str, dict[int, str]]:
    """What the records are called, of each form at once; only those this person may read."""
    wanted: dict[str, list[int]] = {}
    for row in rows:
        if row["record"] is not None:
            wanted.setdefault(row["form"], []).append(row["record"])
    return {form: _named(context, form, ids) for form, ids in wanted.items()}


def _named(context: Context, form: str, ids: list[int]) -> dict[int, str]:
    host: Any = context.host
    if form not in host.types or not host.grant(host.types[form], context.actor).may("read"):
        return {}
    where = f"id in ({', '.join(map(str, ids))})"
    there = context.ask("records.list", type=form, where=where, fields=("id",), limit=LIMIT)["items"]
    return label_of(context, form, [each["id"] for each in there])


def _views(context: Context, form: str) -> dict[str, str | None]:
    """The views of a form this person may use; those that somebody made with their name."""
    host: Any = context.host
    if form not in host.types or not host.grant(host.types[form], context.actor).may("read"):
        return {}
    roles, everything = context.actor.roles, context.actor.is_administrator
    plan = host.app.plans["forms"].forms[form]
    own: dict[str, str | None] = {
        name: None for name, view in plan.views.items()
        if view.definition.roles is None or everything or roles & set(view.definition.roles)
    }  # fmt: skip
    made = {each["name"]: each["title"] for each in context.ask("forms.views", form=form)["items"]}
    return {"": None, **own, **made}


OPERATIONS = (
    Operation(
        "forms.favourites", favourites, Nothing, writes=False, summary={"en": "My favourites", "zh-CN": "我的收藏"}
    ),
    Operation("forms.add_favourite", add, Favourite, adds=True, summary={"en": "Keep at hand", "zh-CN": "收藏"}),
    Operation("forms.remove_favourite", remove, Favourite, summary={"en": "Keep no longer", "zh-CN": "取消收藏"}),
)
