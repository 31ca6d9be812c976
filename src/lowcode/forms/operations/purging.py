"""What was deleted, gone for good: by whoever may `purge` it, with its number confirmed, and by night when the days of
its form are over (`keep_deleted_days`).

With a record go its rows, links, history, states, comments, files and words, and what the other engines let go of it;
that it was done stays, and nothing of what it was. A record that one which is there is linked to stays: it would leave
a hole in somebody else's work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.deleted import forget_why
from lowcode.forms.operations.erasing import BATCH, around
from lowcode.forms.operations.returning import AT_ONCE
from lowcode.forms.plan import FormsPlan
from lowcode.forms.tables import erasure, favourite, merge_moved, merged, presence
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters, Timer
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.records import former, query, words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.naming import named_by_living
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.returning import permitted
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import forget_files
from lowcode.kernel.storage.types import json_text

HOUR = "45 2 * * *"
NOT_SO_MANY = {
    "en": "{count} were confirmed, and it is {seen} records: look at them again",
    "zh-CN": "确认的数量为 {count}，实际为 {seen} 条，请重新核对",
}
LINKED = {
    "en": "'{label}' ({form}) is linked to it: take the link away first, or leave it in the bin",
    "zh-CN": "仍被“{label}”（{form}）关联：请先解除关联，或将其留在回收站",
}


class Purge(Parameters):
    """Deleted records of a form, and how many the person was told they are."""

    form: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=AT_ONCE)
    count: int


def purge(context: Context, params: Purge) -> Annotated[dict[str, Any], has(purged=int, refused=list)]:
    """Delete for good: how many, and which stay and why."""
    record_type = record_type_of(context, params.form)
    ids = list(dict.fromkeys(params.ids))
    if not context.host.grant(record_type, context.actor).may("purge"):
        raise Forbidden(words.problem("may-not", "", action="purge", form=params.form))
    if params.count != len(ids):
        raise Rejected(Problem("forms.another-count", NOT_SO_MANY, "/count", {"count": params.count, "seen": len(ids)}))
    missing = sorted(set(ids) - _purgeable(context, record_type, ids))
    if missing:
        raise NotFound(words.problem("not-found", "/ids", form=params.form, id=missing[0]))
    still = _kept_down(context, record_type, ids)
    ids = [each for each in ids if each in still]
    held = _held(context, record_type, ids)
    gone = [each for each in ids if each not in held]
    take_for_good(context.as_app(), record_type, gone, context.actor.id, "purge")
    if gone:
        _settle(context)
    labels = label_of(context, params.form, held)
    refused = [
        {"form": params.form, "id": each, "label": labels.get(each, str(each)),
         "problems": [{"pointer": "", "code": why.code, "detail": why.words(context.actor.locale)}]}
        for each, why in held.items()
    ]  # fmt: skip
    return {"purged": len(gone), "refused": refused}


def _purgeable(context: Context, record_type: RecordType, ids: Sequence[int]) -> set[int]:
    """Those of some records that are deleted, and that this person may read and purge."""
    host: Any = context.host
    grant, dialect = host.grant(record_type, context.actor), host.database.dialect_name

    def build() -> sa.Select[Any]:
        joins, conditions = query.secured(context, record_type, grant, deleted=True)
        chosen = (id_in(joins.root.c.id, dialect), permitted(grant, joins, "purge"))
        return sa.select(joins.root.c.id).select_from(joins.origin).where(*chosen, *conditions)

    statement = host.cached(("purgeable", record_type.name, context.actor.standing), build)
    values = context.moment().parameters(dialect)
    return {row["id"] for row in context.unit.fetch(statement, ids=json_text(list(ids)), **values)}


def _kept_down(context: Context, record_type: RecordType, ids: Sequence[int]) -> set[int]:
    """Those of some records that are still deleted, and are so until this transaction ends: whoever brings one back
    waits, and whoever did so meanwhile keeps it."""
    table, unit = record_type.table, context.unit
    statement = sa.select(table.c.id).where(
        id_in(table.c.id, unit.database.dialect_name), table.c.deleted_at.is_not(None)
    )
    statement = statement.order_by(table.c.id).with_for_update()
    return {row["id"] for row in unit.locked(statement, ids=json_text(sorted(ids)))}


def _held(context: Context, record_type: RecordType, ids: Sequence[int]) -> dict[int, Problem]:
    """Those that a record which is there is linked to, and by which; it is named to who may read it."""
    found = {}
    for identity, (form, by) in named_by_living(context, record_type, ids).items():
        label = label_of(context, form, [by]).get(by, "…")
        title = context.host.types[form].title
        found[identity] = Problem("forms.still-linked", LINKED, "", {"label": label, "form": title})
    return found


def take_for_good(
    context: Context, record_type: RecordType, ids: Sequence[int], actor: int | None, reason: str
) -> None:  # fmt: skip
    """Take deleted records out of the database, a batch at a time; as the app."""
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        _files(context, record_type, batch)
        around(context, record_type, batch)
        _rows(context, record_type, batch)
        former.forget(context, record_type, batch)
        forget_why(context, record_type.name, json_text(batch))
        context.unit.insert(
            erasure, at=context.now(), actor=actor, form=record_type.name, records=batch, kind="purge", fields=[],
            reason=reason,
        )  # fmt: skip


def _settle(context: Context) -> None:
    """Have what the index of words still holds of them taken out, a piece at a time: whoever purges one record does not
    wait for a large index. Then the log of writes is emptied."""
    if context.unit.database.dialect_name == "sqlite":
        context.as_app().later("records.settle_index")


def _files(context: Context, record_type: RecordType, ids: list[int]) -> None:
    """The files that only these records held."""
    used = sa.select(t.file_use.c.file).where(
        t.file_use.c.record_type == record_type.name, id_in(t.file_use.c.record_id, context.unit.database.dialect_name)
    )
    files = {row["file"] for row in context.unit.fetch(used, ids=json_text(ids))}
    forget_files(context, record_type.name, ids, files)


def _rows(context: Context, record_type: RecordType, ids: list[int]) -> None:
    """The rows of the tables a record has, its own last; its lines go with it."""
    unit, listed, name = context.unit, json_text(ids), record_type.name
    dialect, forms = unit.database.dialect_name, context.host.types.values()
    unit.run(sa.delete(t.search).where(t.search.c.record_type == name, id_in(t.search.c.record_id, dialect)),
             ids=listed)  # fmt: skip
    gone = sa.select(merged.c.id).where(merged.c.form == name, id_in(merged.c.record, dialect))
    unit.run(sa.delete(merge_moved).where(merge_moved.c.merge.in_(gone)), ids=listed)
    for table, kind, record in (
        (favourite, favourite.c.form, favourite.c.record), (presence, presence.c.form, presence.c.record),
        (merged, merged.c.form, merged.c.record), (merge_moved, merge_moved.c.form, merge_moved.c.record),
    ):  # fmt: skip
        unit.run(sa.delete(table).where(kind == name, id_in(record, dialect)), ids=listed)
    for owner in forms:
        for field, join in owner.joins.items():
            if owner is record_type:
                unit.run(sa.delete(join).where(id_in(join.c.source, dialect)), ids=listed)
            if owner.fields[field].target == name:
                unit.run(sa.delete(join).where(id_in(join.c.target, dialect)), ids=listed)
    for kept in (record_type.history, record_type.stages):
        if kept is not None:
            unit.run(sa.delete(kept).where(id_in(kept.c.record_id, dialect)), ids=listed)
    for _, rows in sorted(record_type.rows_below, key=lambda each: -each[0].count(".")):
        unit.run(sa.delete(rows.table).where(rows.table.c.parent.in_(_parents(rows, dialect))), ids=listed)
    unit.run(sa.delete(record_type.table).where(id_in(record_type.table.c.id, dialect)), ids=listed)


def _parents(rows: RecordType, dialect: str) -> sa.Select[Any]:
    """What rows lie in, however deep, of some records (`ids`)."""
    parent = rows.parent
    assert parent is not None
    if parent.parent is None:
        return sa.select(parent.table.c.id).where(id_in(parent.table.c.id, dialect))
    return sa.select(parent.table.c.id).where(parent.table.c.parent.in_(_parents(parent, dialect)))


# -- by night ---------------------------------------------------------------------------------------------------------


def timers(plan: FormsPlan) -> Iterator[Timer]:
    """One, if some form says how long what was deleted is kept."""
    if any(form.definition.keep_deleted_days is not None for form in plan.forms.values()):
        yield Timer("forms.empty_bin", by_night, cron=HOUR)


def by_night(context: Context, since: datetime, until: datetime) -> None:
    """What the timer does."""
    empty(context, Nothing())


def empty(context: Context, params: Nothing) -> Annotated[dict[str, Any], has(counts=dict)]:
    """Take for good what lay in the bin for the days of its form; how many records of each form so far. What is more
    than a page of one is put off, a page and a transaction at a time."""
    counts = {}
    for name, form in context.app.plans["forms"].forms.items():
        days = form.definition.keep_deleted_days
        if days is not None:
            before = context.now() - timedelta(days=days)
            counts[name] = empty_page(context, Page(form=name, before=before))
    return {"counts": {name: count for name, count in counts.items() if count}}


class Page(Parameters):
    """Of a form, what was deleted by a moment, behind the last that was looked at."""

    form: str
    before: datetime
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    last: int = 0


def empty_page(context: Context, params: Page) -> int:
    """A page of one form, the oldest first; how many went. What is still linked to is passed over, and looked at again
    another night."""
    app, form = context.as_app(), context.app.plans["forms"].forms.get(params.form)
    if form is None:
        return 0  # the form is gone, or is called something else by now: another night finds it
    record_type = form.record_type
    rows = app.unit.fetch(
        _oldest(record_type), before_at=params.before, mark_at=params.at, mark_id=params.last, page_limit=BATCH
    )
    if not rows and not params.last:
        return 0  # what every night of a quiet form comes to: nobody is asked who is linked to nothing
    still = _kept_down(app, record_type, [row["id"] for row in rows])
    held = named_by_living(app, record_type, still)
    gone = [row["id"] for row in rows if row["id"] in still and row["id"] not in held]
    take_for_good(app, record_type, gone, None, "retention bin")
    if len(rows) == BATCH:
        app.later(
            "forms.empty_bin_page", form=params.form, before=params.before, at=rows[-1]["deleted_at"],
            last=rows[-1]["id"],
        )  # fmt: skip
    elif gone or params.last:
        _settle(context)
    return len(gone)


def _oldest(record_type: RecordType) -> sa.Select[Any]:
    columns = record_type.table.c
    mark = sa.tuple_(
        sa.bindparam("mark_at", type_=columns.deleted_at.type), sa.bindparam("mark_id", type_=sa.BigInteger)
    )
    until = columns.deleted_at <= sa.bindparam("before_at", type_=columns.deleted_at.type)
    return (
        sa.select(columns.id, columns.deleted_at)
        .where(columns.deleted_at.is_not(None), until, sa.tuple_(columns.deleted_at, columns.id) > mark)
        .order_by(columns.deleted_at, columns.id).limit(sa.bindparam("page_limit", type_=sa.Integer))
    )  # fmt: skip


OPERATIONS = (
    Operation("forms.purge", purge, Purge, summary={"en": "Delete for good", "zh-CN": "彻底删除"}),
    Operation(
        "forms.empty_bin", empty, Nothing, "administrator",
        summary={"en": "Empty the bin of what lay there long enough", "zh-CN": "清空到期的回收站记录"},
    ),
    Operation("forms.empty_bin_page", empty_page, Page, "internal", summary="A page of emptying the bin"),
)  # fmt: skip
