"""The bin: what was deleted and can come back, the newest first, of one form or of all.

A person finds in it what they could read before, and may bring back or purge. What was erased with the deletion or
after it is not there. Pages go on behind a place (when, form, id); each form is asked for no more than a page of its
index over deleted records. Decision 0177.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.plan import Form
from lowcode.forms.tables import deletion
from lowcode.kernel.answers import Page
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import query, words
from lowcode.kernel.records.consequences import by_form
from lowcode.kernel.records.deleting import may_read
from lowcode.kernel.records.facts import id_in, moment_parameters
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.labels import label_of, put_labels, record_type_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.returning import not_erased, own, permitted, returnable
from lowcode.kernel.storage.types import json_text

Place = tuple[datetime, str, int]
"""When it was deleted, of which form, its id."""
Cause = Literal["many", "import", "merge", "with"]
LIMIT = sa.bindparam("page_limit", type_=sa.Integer)


class Deleted(Parameters):
    """A page of what was deleted: of one form, found by words, by this person alone (`mine`), behind a place."""

    form: str | None = None
    search: str | None = Key(None, max_length=200)
    mine: bool = False
    after: str | None = None
    limit: int = Key(50, ge=1, le=200)


def list_deleted(context: Context, params: Deleted) -> Page:
    """What was deleted (`items`: what it is called, when, by whom, why, what may be done with it, when it can no
    longer come back), where the next page begins, and the `forms` of which this person may have any."""
    known = [form for form in context.app.plans["forms"].forms.values() if _may(context, form)]
    wanted = known
    if params.form is not None:
        record_type_of(context, params.form)
        wanted = [each for each in known if each.definition.name == params.form]
    after = None if not params.after else _place(params.after)
    found = [_page(context, form, params, after) for form in wanted]
    rows = list(heapq.merge(*found, key=lambda row: (-row["at"].timestamp(), row["form"], -row["id"])))
    items = rows[: params.limit]
    following = None
    if len(rows) > params.limit:
        last = items[-1]
        following = json_text([last["at"].isoformat(), last["form"], last["id"]])
    _name(context, items)
    return {"items": items, "next": following, "forms": [each.definition.name for each in known]}


def _may(context: Context, form: Form) -> bool:
    grant = context.host.grant(form.record_type, context.actor)
    return grant.may("read") and any(grant.may(each) for each in ("delete", "restore", "purge"))


def _place(text: str) -> Place:
    try:
        at, form, identity = orjson.loads(text)
        if not isinstance(form, str) or type(identity) is not int or not 0 <= identity < 2**63:
            raise ValueError
        return datetime.fromisoformat(at).astimezone(UTC), form, identity
    except (ValueError, TypeError, OverflowError):
        raise Rejected(words.problem("bad-cursor", "/after")) from None


def _page(context: Context, form: Form, params: Deleted, after: Place | None) -> list[dict[str, Any]]:
    """As much of one form as a page could hold."""
    record_type, host = form.record_type, context.host
    name, dialect = record_type.name, host.database.dialect_name
    behind = "first" if after is None else "before" if name < after[1] else "with" if name == after[1] else "at"
    privacy = form.privacy if form.privacy is not None and form.privacy.erased() else None
    recent = privacy is not None
    shape = ("deleted", name, context.actor.standing, behind, bool(params.search), params.mine)
    statement = host.cached(shape, lambda: _statement(context, record_type, params, behind, recent))
    values: dict[str, Any] = {"deleted_by": context.actor.id, "page_limit": params.limit + 1}
    if after is not None:
        values["mark_at"] = after[0]
        if behind == "with":
            values["mark_id"] = after[2]
    if privacy is not None:
        values["recent_at"] = context.now() - timedelta(days=privacy.trash)
    if params.search:
        values.update(query.search_values(params.search, dialect))
    rows = context.unit.fetch(statement, **{**moment_parameters(context, statement), **values})
    kept = (form.definition.keep_deleted_days, None if privacy is None else privacy.trash)
    days = [each for each in kept if each is not None]
    for row in rows:
        row["form"] = name
        row["goes_at"] = row["at"] + timedelta(days=min(days)) if days else None
        row["can"] = {"restore": bool(row.pop("returns")), "purge": bool(row.pop("purges"))}
    return rows


def _statement(
    context: Context, record_type: RecordType, params: Deleted, behind: str, recent: bool
) -> sa.Select[Any]:  # fmt: skip
    """A page: of what this person deleted by an index, and of what they may bring back or purge whoever deleted it by
    another one. Asked for both at once, the database would look through all that others deleted."""
    grant = context.host.grant(record_type, context.actor)
    whoever = [each for each in ("restore", "purge") if grant.may(each)]
    every = any(grant.conditions(each) is None for each in whoever)
    halves: list[bool] = [*([False] if whoever else []), *([True] if grant.may("delete") and not every else [])]
    pages = [_half(context, record_type, params, behind, recent, mine=each) for each in halves]
    if len(pages) == 1:
        return pages[0]
    # what is in both is there once: the halves give the same columns of a record
    found = sa.union(*(sa.select(each.subquery()) for each in pages)).subquery()
    return sa.select(found).order_by(found.c.at.desc(), found.c.id.desc()).limit(LIMIT)


def _half(
    context: Context, record_type: RecordType, params: Deleted, behind: str, recent: bool, *, mine: bool
) -> sa.Select[Any]:  # fmt: skip
    """As much as a page could hold of what this person deleted themselves (`mine`), or else whoever did."""
    grant = context.host.grant(record_type, context.actor)
    joins, conditions = query.secured(context, record_type, grant, deleted=True)
    root = joins.root.c
    conditions += _behind(joins, behind)
    if recent:
        conditions.append(root.deleted_at > sa.bindparam("recent_at", type_=root.deleted_at.type))
    if params.mine or mine:
        conditions.append(own(joins))
    if params.search:
        conditions.append(query.search_condition(context, record_type, grant, joins))
    returns, purges = returnable(grant, joins), permitted(grant, joins, "purge")
    whoever = sa.or_(permitted(grant, joins, "restore"), purges)
    conditions += [permitted(grant, joins, "delete") if mine else whoever, not_erased(record_type, joins)]
    return (
        sa.select(
            root.id, root.version, root.deleted_at.label("at"), root.updated_by.label("by"),
            returns.label("returns"), purges.label("purges"),
        )
        .select_from(joins.origin)
        .where(*conditions)
        .order_by(root.deleted_at.desc(), root.id.desc())
        .limit(LIMIT)
    )  # fmt: skip


def _behind(joins: Joins, behind: str) -> list[sa.ColumnElement[bool]]:
    """What comes after the place where the page before ended."""
    root = joins.root.c
    mark_at = sa.bindparam("mark_at", type_=root.deleted_at.type)
    match behind:
        case "before":
            return [root.deleted_at < mark_at]
        case "at":
            return [root.deleted_at <= mark_at]
        case "with":
            earlier = root.deleted_at < mark_at
            same = sa.and_(root.deleted_at == mark_at, root.id < sa.bindparam("mark_id", type_=sa.BigInteger))
            return [root.deleted_at <= mark_at, sa.or_(earlier, same)]
    return []


def _name(context: Context, items: Sequence[dict[str, Any]]) -> None:
    """Put beside each what it is called, who deleted it and why."""
    put_labels(context, items)
    people = label_of(context, "user", {each["by"] for each in items})
    known_by = by_form((each["form"], each["id"]) for each in items)
    causes = {form: causes_of(context, form, ids) for form, ids in known_by.items()}
    for each in items:
        identity, by = each["id"], each["by"]
        each["by"] = None if by is None else {"id": by, "label": people.get(by, str(by))}
        known = causes[each["form"]].get(identity)
        same = known is not None and known["version"] == each["version"]
        each["cause"] = known["cause"] if known is not None and same else "program" if by is None else "person"
        each["of"] = known["of"] if known is not None and same else None
        each["with"] = None
    for form in {row["of_form"] for rows in causes.values() for row in rows.values() if row["of_form"] is not None}:
        _name_with(context, items, causes, form)


def _name_with(context: Context, items: Iterable[dict[str, Any]], causes: Mapping[str, Any], form: str) -> None:
    """What the record of a form is called with which another was deleted, to whoever may read it."""
    with_it = [
        (each, each["of"]) for each in items
        if each["cause"] == "with" and causes[each["form"]][each["id"]]["of_form"] == form
    ]  # fmt: skip
    named = may_read(context, [(form, of) for _, of in with_it]) if form in context.host.types else []
    labels = label_of(context, form, [of for _, of in named]) if named else {}
    for each, of in with_it:
        each["of"] = None
        if of in labels:
            each["with"] = {"form": form, "id": of, "label": labels[of]}


def causes_of(context: Context, form: str, ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
    """Why records were deleted that were not by hand."""
    chosen = id_in(deletion.c.record, context.unit.database.dialect_name)
    statement = sa.select(deletion).where(deletion.c.form == sa.literal(form), chosen)
    return {row["record"]: row for row in context.unit.fetch(statement, ids=json_text(list(ids)))}


def say_why(context: Context, record_type: RecordType, ids: Iterable[int], cause: Cause, of: int | None = None) -> None:
    """Write down why records were deleted just now; set-wise."""
    listed, dialect = json_text(list(ids)), context.unit.database.dialect_name
    forget_why(context, record_type.name, listed)
    table = record_type.table
    rows = context.unit.fetch(
        sa.select(table.c.id, table.c.version).where(id_in(table.c.id, dialect), table.c.deleted_at.is_not(None)),
        ids=listed,
    )
    context.unit.insert_many(
        deletion,
        [{"form": record_type.name, "record": row["id"], "version": row["version"], "cause": cause, "of": of,
          "of_form": None} for row in rows],
    )  # fmt: skip


def forget_why(context: Context, form: str, listed: str) -> None:
    """Records that are there again, or nowhere any more (`listed`: their ids as JSON)."""
    chosen = id_in(deletion.c.record, context.unit.database.dialect_name)
    context.unit.run(sa.delete(deletion).where(deletion.c.form == form, chosen), ids=listed)


OPERATIONS = (
    Operation(
        "forms.list_deleted", list_deleted, Deleted, writes=False,
        summary={"en": "What was deleted and can come back", "zh-CN": "回收站"},
    ),
)  # fmt: skip
