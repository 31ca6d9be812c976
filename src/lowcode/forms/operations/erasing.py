"""What is known of a person taken away: from records and their rows, history, comments, notices, files, and from what
the other engines keep. That it was done, by whom and why is kept, and nothing of what it was.

It works on many records at once (retention does the same by night). It is no save: conditions and required fields are
about what people enter, and the law does not ask them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.mentions import forget_mentions
from lowcode.forms.operations.subjects import about, may_see_to
from lowcode.forms.privacy.plan import ANONYMOUS, Privacy
from lowcode.forms.tables import draft, erasure, merged, submission
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Change, Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.events.emptying import empty_soon
from lowcode.kernel.records import former, rollups, searching
from lowcode.kernel.records.attachments import held, holders_of
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.renamed import and_former
from lowcode.kernel.records.write import HISTORY_COLUMNS
from lowcode.kernel.storage import fulltext, sealing
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import forget_files
from lowcode.kernel.storage.types import json_text

BATCH = 500
LETTERS = (
    "mail.send", "mail.notify", "notifications.send", "push.notify", "push.send", "api.message", "api.send",
    "rules.tell",
)  # fmt: skip
"""What is put off until it can be sent, and holds words."""


class Erase(Parameters):
    """The person's record; `related`: also what other forms hold about them."""

    form: str
    id: int
    do: Literal["anonymise", "erase"] = "anonymise"
    reason: str = Key("", max_length=1000)
    related: bool = True


def erase(context: Context, params: Erase) -> Annotated[dict[str, Any], has(records=dict)]:
    """Anonymise a person's records, or put them away as well: how many of each form."""
    may_see_to(context, params.form, params.id)
    found = about(context, params.form, params.id) if params.related else {params.form: [params.id]}
    found = {form: [*ids, *_went_into(context, form, ids)] for form, ids in found.items()}
    for form, ids in found.items():
        take_away(context, form, ids, put_away=params.do == "erase" and form == params.form, reason=params.reason)
    return {"records": {form: len(ids) for form, ids in found.items()}}


def _went_into(context: Context, form: str, ids: Sequence[int]) -> list[int]:
    """Deleted records that were merged into some, or into one of those, however often: they hold the same person. One
    that was brought back stands for itself."""
    unit, table = context.unit, context.host.types[form].table
    dialect, known, edge = unit.database.dialect_name, dict.fromkeys(ids), list(ids)
    merges = sa.select(merged.c.others).where(
        merged.c.form == sa.literal(form), merged.c.undone_at.is_(None), id_in(merged.c.record, dialect)
    )
    gone = sa.select(table.c.id).where(table.c.deleted_at.is_not(None), id_in(table.c.id, dialect))
    while edge:
        others = {each for row in unit.fetch(merges, ids=json_text(edge)) for each in row["others"]} - known.keys()
        edge = sorted(row["id"] for row in unit.fetch(gone, ids=json_text(sorted(others))))
        known |= dict.fromkeys(edge)
    return list(known)[len(ids) :]


def take_away(
    context: Context, form: str, ids: Sequence[int], names: tuple[str, ...] = (), put_away: bool = False,
    reason: str = "",
) -> None:  # fmt: skip
    """Erase the personal fields (or some of them) of records, batch after batch."""
    record_type = context.host.types[form]
    privacy = context.app.plans["forms"].known[form].privacy or Privacy({})
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        gone, known_by = _fields(context, record_type, privacy, batch, names)
        _unsent(context, gone, form, () if names else batch)
        forget_mentions(context, form, batch, known_by)
        if not names:
            around(context, record_type, batch)
        if put_away:
            _put_away(context, form, batch)
        context.unit.insert(
            erasure, at=context.now(), actor=context.actor.id, form=form, records=batch,
            kind="erase" if put_away else "anonymise", fields=sorted(privacy.erased(names)), reason=reason,
        )  # fmt: skip
    traces(context)


def traces(context: Context) -> None:
    """What the store keeps of work that is over: jobs that are done hold the letters they sent, and the index of words
    holds those of rows that are gone until its parts are merged."""
    unit = context.unit
    unit.run(sa.delete(t.job).where(t.job.c.state == "done"))
    for command in fulltext.merged(unit.database.table(t.search).name, unit.database.dialect_name == "postgresql"):
        unit.command(command)
    empty_soon(context)


def _fields(
    context: Context, record_type: RecordType, privacy: Privacy, ids: list[int], names: tuple[str, ...]
) -> tuple[set[str], set[str]]:
    """The values, their history, and what is computed of them; the texts that were erased, and those of them by which
    the people are known."""
    erased = privacy.erased(names)
    several = [name for name in erased if name in record_type.joins]
    own = {name: ANONYMOUS if each.erase == "replace" else None for name, each in erased.items()
           if "." not in name and name not in several}  # fmt: skip
    unit, listed = context.unit, json_text(ids)
    dialect, table = unit.database.dialect_name, record_type.table
    chosen = id_in(table.c.id, dialect)
    before = {
        row["id"]: row
        for row in unit.fetch(sa.select(table.c.id, table.c.version, *(table.c[name] for name in own)).where(chosen),
                              ids=listed)
    }  # fmt: skip
    holders = holders_of(record_type)
    files = [each for row in before.values() for holder in holders if holder.path in own for each in held(holder, row)]
    stamp = {"version": table.c.version + 1, "updated_at": context.now(), "updated_by": context.actor.id}
    unit.run(sa.update(table).where(chosen).values(**own, **stamp), ids=listed)
    for pairs in (record_type.joins[name] for name in several):
        unit.run(sa.delete(pairs).where(id_in(pairs.c.source, dialect)), ids=listed)
    for way, rows in record_type.rows_below:
        inner = {name.rpartition(".")[2]: ANONYMOUS if each.erase == "replace" else None
                 for name, each in erased.items() if name.rpartition(".")[0] == way}  # fmt: skip
        if inner:
            kept = [each.field.name for each in holders if each.way == way and each.field.name in inner]
            if kept:
                lying = sa.select(*(rows.table.c[name] for name in kept)).where(
                    rows.table.c.id.in_(rollups.rows_of(rows, dialect))
                )
                files += [
                    each for row in unit.fetch(lying, ids=listed) for name in kept for each in row[name] or ()
                ]  # fmt: skip
            unit.run(sa.update(rows.table).where(rows.table.c.id.in_(rollups.rows_of(rows, dialect))).values(**inner),
                     ids=listed)  # fmt: skip
    rollups.refresh_rows(context, record_type, ids)
    told = sorted({name.partition(".")[0] for name in (*erased, *_made_of(record_type, erased))})
    _history(context, record_type, before, told)
    former.forget(context, record_type, ids)
    forget_files(context, record_type.name, ids, files)
    after = [each for each in record_type.computed if each.stored]
    if after:
        rollups.refresh(context, record_type, ids, after)
    _index(context, record_type, ids)
    _tell(context, record_type, before, own, told)
    texts = [(name, row[name]) for row in before.values() for name in own if isinstance(row[name], str)]
    return {text.strip().casefold() for _, text in texts}, {text for name, text in texts if name in privacy.identify}


def _unsent(context: Context, texts: set[str], form: str, ids: Sequence[int]) -> None:
    """Letters and notices that are still to be sent, or could not be: about the records, or to an erased address."""
    jobs, chosen = t.job, set(ids)
    waiting = sa.select(jobs.c.id, jobs.c.name, jobs.c.body).where(
        jobs.c.kind == "operation", jobs.c.name.in_(LETTERS), jobs.c.state.in_(("ready", "dead"))
    )
    gone = []
    for row in context.unit.fetch(waiting):
        said = sealing.opened(context.host, row["body"], row["name"])
        to = said.get("to")
        if _concerns(said, form, chosen) or (isinstance(to, str) and to.strip().casefold() in texts):
            gone.append(row["id"])
    context.unit.run(sa.delete(jobs).where(id_in(jobs.c.id, context.unit.database.dialect_name)), ids=json_text(gone))


def _concerns(said: Mapping[str, Any], form: str, chosen: set[int]) -> bool:
    """Whether what waits is about one of the records: a letter or notice by itself, what a rule tells, or a message."""
    said = said.get("notice") or said
    record = said.get("record")
    if isinstance(record, Mapping):
        return record.get("form") == form and record.get("id") in chosen
    return said.get("form") == form and (record in chosen or not chosen.isdisjoint(said.get("records") or ()))


def _index(context: Context, record_type: RecordType, ids: list[int]) -> None:
    """The words of what is left, in place of those that were found before."""
    unit, plan, listed = context.unit, context.host.save_plan(record_type).searching, json_text(ids)
    dialect, table = unit.database.dialect_name, record_type.table
    of = (t.search.c.record_type == record_type.name, id_in(t.search.c.record_id, dialect))
    unit.run(sa.delete(t.search).where(*of), ids=listed)
    if plan is not None:
        columns = [table.c[name] for name in ("id", *sorted(plan.names))]
        rows = unit.fetch(sa.select(*columns).where(id_in(table.c.id, dialect)), ids=listed)
        unit.insert_many(t.search, [each for row in rows for each in searching.rows_of(plan, row)])


def _made_of(record_type: RecordType, erased: Iterable[str]) -> list[str]:
    """The computed fields that are made of what is erased, however far."""
    read = {f"{record_type.name}.{name}" for name in erased}
    found = []
    for way, owner in (*reversed(record_type.rows_below), ("", record_type)):
        for field in owner.computed:
            if field.expression is not None and read & field.expression.reads:
                read.add(f"{owner.name}.{field.name}")
                found.append(f"{way}.{field.name}".lstrip("."))
    return found


def _history(context: Context, record_type: RecordType, before: Mapping[int, Any], names: list[str]) -> None:
    """Take the values out of every entry, and write down that it was done."""
    if not names:
        return
    unit, history, names = context.unit, record_type.history, and_former(context, record_type, names)
    if unit.database.dialect_name == "sqlite":
        without: Any = sa.func.json_remove(history.c.changes, *(f'$."{name}"' for name in names))
    else:
        without = history.c.changes.op("-")(sa.cast(sa.literal(list(names)), sa.ARRAY(sa.Text)))
    chosen = id_in(history.c.record_id, unit.database.dialect_name)
    unit.run(
        sa.update(history)
        .where(chosen)
        .values(changes=sa.type_coerce(without, sa.JSON().with_variant(sa.Text(), "sqlite"))),
        ids=json_text(list(before)),
    )
    insert = unit.database.prepare_insert(history, HISTORY_COLUMNS)
    for identity, row in before.items():
        unit.write(
            insert,
            {"record_id": identity, "version": row["version"] + 1, "at": context.now(), "actor": context.actor.id,
             "kind": "erased", "changes": {}},
        )  # fmt: skip


def _tell(
    context: Context, record_type: RecordType, before: Mapping[int, Any], own: Mapping[str, Any], told: list[str]
) -> None:
    """Whatever follows a change follows this one: what is kept elsewhere of the record, and parents' sums."""
    plan = context.host.save_plan(record_type)
    for identity, row in before.items():
        rollups.tell_followers(context, record_type, identity, {name: row[name] for name in own}, own)
        context.tell(
            "record.updated", record_type=record_type.name, record_id=identity, version=row["version"] + 1,
            changed=told,
        )  # fmt: skip
    if plan.watched:
        for identity in before:
            values = context.unit.one(plan.select, id=identity) or {}
            change = Change(record_type, "update", values, values, frozenset())
            rollups.refresh_parents(context, plan, (change,), whole=True)


def around(context: Context, record_type: RecordType, ids: list[int]) -> None:
    """What stands around the records: comments, notices, where visitors came from, and what other engines keep."""
    unit, form, listed = context.unit, record_type.name, json_text(ids)
    dialect = unit.database.dialect_name
    for table, kind, record in (
        (t.comment, t.comment.c.record_type, t.comment.c.record_id),
        (draft, draft.c.form, draft.c.record),
    ):
        unit.run(sa.delete(table).where(kind == form, id_in(record, dialect)), ids=listed)
    context.as_app().ask("notifications.withdraw", form=form, records=ids, read=True)
    told = (t.event.c.record_type == form, id_in(t.event.c.record_id, dialect))
    unit.run(sa.update(t.event).where(*told).values(body={}), ids=listed)
    chosen = (submission.c.form == form, id_in(submission.c.record, dialect))
    unit.run(sa.update(submission).where(*chosen).values(source={}, address="", sent=sa.null()), ids=listed)
    for engine in context.app.engines:
        if f"{engine.name}.forget" in context.app.operations:
            context.as_app().ask(f"{engine.name}.forget", form=form, ids=ids)


def _put_away(context: Context, form: str, ids: Iterable[int]) -> None:
    """Delete the records; one that others hold on to stays, with nothing personal in it."""
    app = context.as_app()
    for identity in ids:
        try:
            with context.unit.savepoint():
                app.ask("records.delete", type=form, id=identity)
        except Rejected:
            continue


OPERATIONS = (
    Operation(
        "forms.erase", erase, Erase, summary={"en": "Erase what is known of a person", "zh-CN": "删除或匿名化个人信息"}
    ),
)  # fmt: skip
