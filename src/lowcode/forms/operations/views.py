"""Views that people make: kept for themselves or shared with roles and departments, and the view they begin with.

A view somebody made is called `~` and its number wherever views are named. What it shows is held against the rights of
whoever looks: columns kept from them are left out, and a view found by what they may not see is not offered to them.
"""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.definition import SavedLooks
from lowcode.forms.tables import first_view
from lowcode.forms.tables import view as table
from lowcode.forms.viewing import missing
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Problem, Rejected, nearest
from lowcode.kernel.records import query
from lowcode.kernel.records.filters import FilterGroup, joined
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.sorting import check_sort

LIMIT = 100
"""Views one person may keep of one form."""
NO_VIEW = {"en": "there is no view '{name}'. {near}", "zh-CN": "没有视图“{name}”。{near}"}
NO_TITLE = {"en": "give the view a name", "zh-CN": "请填写视图名称"}
NO_SHARING = {"en": "you may not share views of this form", "zh-CN": "您没有共享该表单视图的权限"}
NO_ROLE = {"en": "there is no role '{seen}'. {near}", "zh-CN": "没有角色“{seen}”。{near}"}
NO_DEPARTMENT = {"en": "there is no department {seen}", "zh-CN": "没有部门 {seen}"}
TOO_MANY = {"en": "at most {limit} views of a form; remove one first", "zh-CN": "每个表单最多 {limit} 个视图，请先删除"}
NOT_YOURS = {"en": "only who made a view may change it", "zh-CN": "只有创建者可以修改该视图"}
CHANGED = {"en": "somebody changed this view in the meantime", "zh-CN": "该视图刚被他人修改"}
NEEDS = {
    "en": "a {view} needs in '{option}' a field of type {kinds}",
    "zh-CN": "{view} 视图的“{option}”需要 {kinds} 类型的字段",
}


class OfForm(Parameters):
    """The form whose views are meant."""

    form: str


class SaveView(OfForm):
    """A view to keep; `id` and `version` when it is there already."""

    title: str = Key(max_length=100)
    view: SavedLooks
    roles: tuple[str, ...] = Key((), max_length=50)
    departments: tuple[int, ...] = Key((), max_length=50)
    id: int | None = None
    version: int | None = None


class OneView(OfForm):
    """A view by its name: of the form, or `~` and the number of one that somebody made."""

    name: str


class Groups(OfForm):
    """By which field the records of a view stand together."""

    by: str
    view: str | None = None
    where: str | None = None
    filter: FilterGroup | None = None
    search: str | None = None


class FirstView(OfForm):
    """The view a person begins with; None: the one the form says."""

    name: str | None = None


def views(context: Context, params: OfForm) -> Items:
    """The views that people made and this person may use, and the one they begin with."""
    record_type = record_type_of(context, params.form)
    _permitted(context, record_type)
    rows = context.unit.fetch(_select(context, params.form))
    names = label_of(context, "user", sorted({row["owner"] for row in rows}))
    items = [each for row in rows if (each := _offered(context, record_type, row, names)) is not None]
    chosen = context.unit.one(
        sa.select(first_view.c.view).where(*_mine(context, params.form)),
    )
    return {"items": items, "first": chosen["view"] if chosen else None}


def save_view(
    context: Context, params: SaveView
) -> Annotated[dict[str, Any], has(id=int, name=str, title=object, type=str, version=int, mine=bool, may_edit=bool)]:
    """Keep a view, new or changed."""
    record_type = record_type_of(context, params.form)
    _permitted(context, record_type)
    _check(context, record_type, params)
    values = {
        "form": params.form, "title": params.title.strip(), "looks": params.view.model_dump(exclude_none=True),
        "shared": bool(params.roles or params.departments), "roles": list(params.roles),
        "departments": list(params.departments), "updated_at": context.now(),
    }  # fmt: skip
    if params.id is None:
        mine = sa.select(sa.func.count().label("n")).where(table.c.form == params.form, _own(context))
        found = context.unit.one(mine)
        if found and found["n"] >= LIMIT:
            raise Rejected(Problem("forms.too-many-views", TOO_MANY, "", {"limit": LIMIT}))
        identity = context.unit.insert(table, owner=context.actor.id or 0, version=1, **values)
    else:
        identity = params.id
        before = _editable(context, params.form, identity)
        version = before["version"] if params.version is None else params.version
        changed = context.unit.run(
            sa.update(table).where(table.c.id == identity, table.c.version == version)
            .values(version=version + 1, **values)
        )  # fmt: skip
        if not changed:
            raise Conflict(Problem("forms.view-changed", CHANGED))
    row = context.unit.one(sa.select(table).where(table.c.id == identity))
    assert row is not None
    kept = _offered(context, record_type, row, label_of(context, "user", [row["owner"]]))
    assert kept is not None
    return kept


def remove_view(context: Context, params: OneView) -> None:
    """A view that somebody made is no more."""
    row = _editable(context, params.form, _number(params.form, params.name))
    context.unit.run(sa.delete(table).where(table.c.id == row["id"]))
    context.unit.run(sa.delete(first_view).where(first_view.c.form == params.form, first_view.c.view == params.name))


def choose_view(context: Context, params: FirstView) -> None:
    """Begin with a view from now on."""
    record_type = record_type_of(context, params.form)
    _permitted(context, record_type)
    if params.name is None:
        context.unit.run(sa.delete(first_view).where(*_mine(context, params.form)))
        return
    view(context, OneView(form=params.form, name=params.name))
    if not context.unit.run(sa.update(first_view).where(*_mine(context, params.form)).values(view=params.name)):
        context.unit.insert(first_view, form=params.form, actor=context.actor.id or 0, view=params.name)


def view(
    context: Context, params: OneView
) -> Annotated[dict[str, Any], has(where=str | None, sort=list, columns=list)]:
    """What a view shows: its condition as an expression, its order, its columns."""
    record_type = record_type_of(context, params.form)
    if not params.name.startswith("~"):
        form = context.app.plans["forms"].forms.get(params.form)
        own = form.views.get(params.name) if form is not None else None
        roles = own.definition.roles if own is not None else None
        if own is None or not (roles is None or context.actor.is_administrator or context.actor.roles & set(roles)):
            raise _unknown(context, params.form, params.name)
        shown = own.definition
        return {"where": own.text, "sort": tuple(shown.sort), "columns": list(shown.columns), "looks": shown}
    identity = _number(params.form, params.name)
    row = context.unit.one(_select(context, params.form).where(table.c.id == identity))
    if row is None or not _shared_with(context, row):
        raise _unknown(context, params.form, params.name)
    looks = SavedLooks.model_validate(row["looks"])
    text = _text(context, record_type, looks)
    return {"where": text, "sort": tuple(looks.sort), "columns": list(looks.columns), "looks": looks}


def groups(context: Context, params: Groups) -> list[dict[str, Any]]:
    """How many records of a view have each value of a field."""
    base = view(context, OneView(form=params.form, name=params.view))["where"] if params.view else None
    found: list[dict[str, Any]] = context.ask(
        "records.groups", type=params.form, by=params.by, where=joined(base, params.where), filter=params.filter,
        search=params.search,
    )  # fmt: skip
    return found


def _permitted(context: Context, record_type: RecordType) -> None:
    host: Any = context.host
    query.secured(context, record_type, host.grant(record_type, context.actor))


def _own(context: Context) -> sa.ColumnElement[bool]:
    return table.c.owner == sa.literal(context.actor.id or 0)


def _mine(context: Context, form: str) -> list[sa.ColumnElement[bool]]:
    return [first_view.c.form == sa.literal(form), first_view.c.actor == sa.literal(context.actor.id or 0)]


def _select(context: Context, form: str) -> sa.Select[Any]:
    own = sa.or_(_own(context), table.c.shared.is_(True))
    return sa.select(table).where(table.c.form == sa.literal(form), own).order_by(table.c.title, table.c.id)


def _shared_with(context: Context, row: Any) -> bool:
    actor = context.actor
    if row["owner"] == (actor.id or 0) or (row["shared"] and actor.is_administrator):
        return True
    return bool(actor.roles & set(row["roles"]) or actor.units & set(row["departments"]))


def _number(form: str, name: str) -> int:
    digits = name.removeprefix("~")
    if not name.startswith("~") or not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise NotFound(Problem("forms.unknown-view", NO_VIEW, "/name", {"name": name, "near": ""}))
    return int(digits)


def _unknown(context: Context, form: str, name: str) -> NotFound:
    known = context.app.plans["forms"].forms.get(form)
    near = nearest(name, known.views if known is not None else ()) or ""
    return NotFound(Problem("forms.unknown-view", NO_VIEW, "/view", {"name": name, "near": near}))


def _editable(context: Context, form: str, identity: int) -> dict[str, Any]:
    row = context.unit.one(_select(context, form).where(table.c.id == identity))
    if row is None or not _shared_with(context, row):
        raise _unknown(context, form, f"~{identity}")
    if row["owner"] != (context.actor.id or 0) and not context.actor.is_administrator:
        raise Forbidden(Problem("forms.not-your-view", NOT_YOURS))
    return row


def _text(context: Context, record_type: RecordType, looks: SavedLooks) -> str | None:
    """The condition of a view as one expression, with that of the view it was made from."""
    base = view(context, OneView(form=record_type.name, name=looks.base))["where"] if looks.base else None
    return joined(base, query.filter_text(context, record_type, None, looks.filter))


def _check(context: Context, record_type: RecordType, params: SaveView) -> None:
    """Refuse a view that shows or is found by what is not there, or shared by who may not."""
    host: Any = context.host
    grant, problems = host.grant(record_type, context.actor), []
    if not params.title.strip():
        problems.append(Problem("forms.view-without-title", NO_TITLE, "/title"))
    for key, values in missing(record_type, params.view, context.app.scope.records):
        problems.append(Problem("forms.view-needs", NEEDS, f"/view/{key}", {"option": key, **values}))
    known = [each.name for each in context.app.definition.roles]
    for name in params.roles:
        if name not in known:
            values = {"seen": name, "near": nearest(name, known) or ""}
            problems.append(Problem("forms.no-such-role", NO_ROLE, "/roles", values))
    people = host.directory(context.unit)
    for identity in params.departments:
        if identity not in people.departments:
            problems.append(Problem("forms.no-such-department", NO_DEPARTMENT, "/departments", {"seen": identity}))
    if problems:
        raise Rejected(problems)
    if (params.roles or params.departments) and not grant.may("share"):
        raise Forbidden(Problem("forms.may-not-share", NO_SHARING))
    _readable(context, record_type, params.view)
    for each in params.view.columns:
        path = each if isinstance(each, str) else each.field
        query.check_path(context, record_type, grant, path, "/view/columns", veiled=True)


def _readable(context: Context, record_type: RecordType, looks: SavedLooks) -> None:
    """Refuse a view that is found or ordered by what this person may not see."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    text = _text(context, record_type, looks)
    if text:
        query.compile_filter(context, record_type, grant, text)
    check_sort(context, record_type, grant, query.parse_sort(looks.sort, ()))
    named = [
        getattr(looks, key)
        for key in ("by", "color", "starts", "ends", "resource", "image", "parent", "sum", "place", "group")
    ]
    for path in (*looks.card, *(each for each in named if each is not None)):
        query.check_path(context, record_type, grant, path, "/view", veiled=True)


def _offered(context: Context, record_type: RecordType, row: Any, names: Any) -> dict[str, Any] | None:
    """A view as this person may have it; None when it is not theirs to see. The one who made it is told what became
    of it when the form changed."""
    if not _shared_with(context, row):
        return None
    host: Any = context.host
    mine, broken = row["owner"] == (context.actor.id or 0), ""
    looks = SavedLooks.model_validate(row["looks"])
    try:
        _readable(context, record_type, looks)
    except Rejected as refused:
        if not mine:
            return None
        broken = "; ".join(each.words(context.actor.locale) for each in refused.problems)
    grant = host.grant(record_type, context.actor)
    shown = looks.model_dump(exclude_none=True)
    shown["columns"] = [
        column for column, each in zip(shown["columns"], looks.columns, strict=True)
        if _seen(context, record_type, grant, each if isinstance(each, str) else each.field)
    ]  # fmt: skip
    found = {
        **shown, "name": f"~{row['id']}", "id": row["id"], "title": row["title"], "version": row["version"],
        "mine": mine, "may_edit": mine or context.actor.is_administrator, "roles": row["roles"],
        "departments": _departments(context, row["departments"]), "by_whom": names.get(row["owner"], ""),
    }  # fmt: skip
    return {**found, "broken": broken} if broken else found


def _departments(context: Context, ids: list[int]) -> list[dict[str, Any]]:
    names = label_of(context, "department", ids) if ids else {}
    return [{"id": each, "label": names.get(each, str(each))} for each in ids]


def _seen(context: Context, record_type: RecordType, grant: Any, path: str) -> bool:
    try:
        query.check_path(context, record_type, grant, path, "/columns", veiled=True)
    except Rejected:
        return False
    return True


OPERATIONS = (
    Operation("forms.views", views, OfForm, writes=False, summary={"en": "Views people made", "zh-CN": "用户视图"}),
    Operation("forms.view", view, OneView, writes=False, summary={"en": "A view", "zh-CN": "视图"}),
    Operation("forms.groups", groups, Groups, writes=False, summary={"en": "Records per value", "zh-CN": "分组计数"}),
    Operation("forms.save_view", save_view, SaveView, summary={"en": "Keep a view", "zh-CN": "保存视图"}),
    Operation("forms.remove_view", remove_view, OneView, summary={"en": "Remove a view", "zh-CN": "删除视图"}),
    Operation("forms.choose_view", choose_view, FirstView, summary={"en": "First view", "zh-CN": "默认视图"}),
)
