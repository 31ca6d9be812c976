"""A merge taken back: the records that went into another are there again with what they had, what pointed at them does
again, and the one that stayed is what it was, except for what somebody changed since: that stays, and is told.
Decision 0178."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
import sqlalchemy as sa

from lowcode.forms.operations.deleted import causes_of
from lowcode.forms.operations.returning import taken_by
from lowcode.forms.operations.taking_back import taken_back
from lowcode.forms.tables import deletion, merge_moved, merged
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.records import save, words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.fields.masking import Untold
from lowcode.kernel.records.labels import label_of, put_labels, record_type_of
from lowcode.kernel.records.permissions import past_parts
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.references import references
from lowcode.kernel.records.returning import ERASED
from lowcode.kernel.records.versions import as_it_was, return_of
from lowcode.kernel.records.write import HISTORY_COLUMNS
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import json_text

NO_MERGE = {"en": "there is no merge {id} to take back", "zh-CN": "没有可撤销的合并（{id}）"}
GONE = {
    "en": "the record that stayed ({id}) was deleted since: bring it back first, or take the merge back it went into",
    "zh-CN": "合并后保留的记录（{id}）已被删除：请先恢复该记录，或撤销其后的合并",
}
PURGED = {
    "en": "record {id}, which went into another, was deleted for good; the merge cannot be taken back",
    "zh-CN": "被合并的记录（{id}）已彻底删除，不能撤销合并",
}
ERASED_SINCE = {
    "en": "the person in record {id}, which stayed, was erased since the merge; it cannot be taken back",
    "zh-CN": "合并后保留的记录（{id}）中的个人信息已被删除，不能撤销合并",
}
DELETED_AGAIN = {
    "en": "record {id}, which went into another, was brought back and deleted again since: bring it back first",
    "zh-CN": "被合并的记录（{id}）曾被恢复，之后又被删除：请先恢复该记录",
}
MOVED = (
    sa.select(merge_moved).where(merge_moved.c.merge == sa.bindparam("of_merge", type_=sa.BigInteger))
    .order_by(merge_moved.c.id)
)  # fmt: skip


class OfMerged(Parameters):
    """A record that others went into."""

    form: str
    id: int


class Unmerge(Parameters):
    """The merge, as `forms.merge` called it. `dry_run`: only what would come of it."""

    merge: int
    dry_run: bool = False


def merges(context: Context, params: OfMerged) -> Items:
    """The merges into a record that can be taken back, the newest first: `version` is the one the record got by it."""
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    statement = (
        sa.select(merged).where(merged.c.form == params.form, merged.c.record == params.id)
        .where(merged.c.undone_at.is_(None)).order_by(merged.c.id.desc())
    )  # fmt: skip
    rows = context.unit.fetch(statement)
    others = references(context, params.form, sorted({each for row in rows for each in row["others"]}))
    people = label_of(context, "user", {row["actor"] for row in rows if row["actor"]})
    items = [
        {
            "id": row["id"], "at": row["at"], "version": row["after"],
            "by": None if row["actor"] is None else {"id": row["actor"], "label": people.get(row["actor"], "")},
            "others": [{"id": each, "label": others[each]["label"]} for each in row["others"]],
        }
        for row in rows
    ]  # fmt: skip
    return {"items": items}


def undo_merge(
    context: Context, params: Unmerge
) -> Annotated[dict[str, Any], has(record=int, form=str, restored=list, moved=int, kept=list, unseen=int)]:
    """Take a merge back; the records that are there again (`restored`), how much points at them again (`moved`), and as
    `kept` what somebody changed or deleted since, which stays as it is; `unseen`: in how many records more that this
    person may not read."""
    held = sa.select(merged).where(merged.c.id == sa.bindparam("merge_id")).with_for_update()
    row = next(iter(context.unit.locked(held, merge_id=params.merge)), None)
    if row is None or row["undone_at"] is not None or row["form"] not in context.host.types:
        raise NotFound(Problem("forms.no-merge", NO_MERGE, "/merge", {"id": params.merge}))
    record_type = record_type_of(context, row["form"])
    deleted = _may(context, record_type, row)
    stays: list[dict[str, Any]] = []
    steps = [_back(context, record_type, row["record"], row["before"], row["after"], stays)]
    _not_hindered(context, record_type, row["record"], deleted, steps[0][2])
    for each in context.unit.fetch(MOVED, of_merge=row["id"]):
        owner = context.host.types.get(each["form"])
        if owner is not None:
            steps.append(_back(context, owner, each["record"], each["before"], each["after"], stays))
    moved = sum(1 for _, _, values in steps[1:] if values)
    kept = _seen(context, stays)
    if not params.dry_run:
        _save(context, record_type, row, deleted, steps)
    restored = [{"form": row["form"], "id": each} for each in row["others"]]
    put_labels(context, [*kept, *restored])
    unseen = {(each["form"], each["id"]) for each in stays} - {(each["form"], each["id"]) for each in kept}
    return {
        "record": row["record"], "form": row["form"], "restored": restored, "moved": moved, "kept": kept,
        "unseen": len(unseen),
    }  # fmt: skip


def _may(context: Context, record_type: RecordType, row: Mapping[str, Any]) -> list[int]:
    """Refuse who may not take it back, or what cannot be; the others that are still deleted by it. Whoever merged them
    may, and who may `restore` each of the others, as long as they may edit the one that stayed."""
    form, into, table = record_type.name, row["record"], record_type.table
    chosen = id_in(table.c.id, context.unit.database.dialect_name)
    there = {
        each["id"]: each
        for each in context.unit.fetch(
            sa.select(table.c.id, table.c.deleted_at, table.c.version).where(chosen),
            ids=json_text([into, *row["others"]]),
        )
    }  # fmt: skip
    grant, own = context.host.grant(record_type, context.actor), row["actor"] == context.actor.id
    if not grant.may("restore") and not (own and grant.may("delete")):
        raise Forbidden(words.problem("may-not", "", action="restore", form=form))
    purged = [each for each in row["others"] if each not in there]
    if into in there and there[into]["deleted_at"] is not None:
        raise Conflict(Problem("forms.merged-since", GONE, "", {"id": into}))
    context.ask("records.update", type=form, id=into, values={})
    if _erased(context, record_type, row):
        raise Conflict(Problem("forms.merged-and-erased", ERASED_SINCE, "", {"id": into}))
    if purged:
        raise Conflict(Problem("forms.merged-and-purged", PURGED, "", {"id": purged[0]}))
    deleted = [each for each in row["others"] if there[each]["deleted_at"] is not None]
    why = causes_of(context, form, deleted)
    for each in deleted:
        known = why.get(each)
        if known is None or (known["of"], known["version"]) != (row["id"], there[each]["version"]):
            raise Conflict(Problem("forms.merged-and-deleted", DELETED_AGAIN, "", {"id": each}))
    return deleted


def _not_hindered(
    context: Context, record_type: RecordType, into: int, deleted: Sequence[int], own: Mapping[str, Any]
) -> None:  # fmt: skip
    """Refuse what would be refused when it is done: what the others break, and values that are taken meanwhile. Those
    that the one which stayed gives up in the same step (`own`) are not."""
    against = [problem for each in deleted for problem in return_of(context, record_type, each).problems]
    taken = taken_by(context, record_type, deleted, into, own)
    against += [problem for each in deleted for problem in taken.get(each, ())]
    if against:
        raise Rejected(against)


def _erased(context: Context, record_type: RecordType, row: Mapping[str, Any]) -> bool:
    """Whether whom the record that stayed is about was erased since: then the others are about nobody either."""
    history = record_type.history
    since = (history.c.record_id == row["record"], history.c.kind == ERASED, history.c.version > row["after"])
    return context.unit.one(sa.select(history.c.id).where(*since).limit(1)) is not None


Step = tuple[str, int, dict[str, Any]]


def _back(
    context: Context, record_type: RecordType, identity: int, before: int, after: int, kept: list[dict[str, Any]]
) -> Step:  # fmt: skip
    """What of one record becomes what it was; what stays goes to `kept`, as far as its fields may be seen: also all
    that would become what it was in a record that is deleted."""
    form = record_type.name
    found = save.load(context, context.host.save_plan(record_type), identity)
    if found is None:
        return form, identity, {}
    now = orjson.loads(json_text({name: found.get(name) for name in (*record_type.fields, "owner")}))
    was = as_it_was(context, record_type, identity, before, found)
    since = as_it_was(context, record_type, identity, after, found)
    became = {name: since.get(name, now.get(name)) for name in was}
    untold = [name for name, value in was.items() if isinstance(value, Untold)]
    paths: list[str] = [*untold]
    values = taken_back(record_type, {name: was[name] for name in was if name not in untold}, became, now, paths)
    if found["deleted_at"] is not None:
        paths, values = [*values, *paths], {}
    hidden = context.host.grant(record_type, context.actor).kept
    kept += [
        {"form": form, "id": identity, "field": path}
        for path in dict.fromkeys(paths) if path not in hidden and path.partition(".")[0] not in hidden
    ]  # fmt: skip
    return form, identity, values


def _seen(context: Context, stays: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those in records that this person may read."""
    seen = set()
    for form in {each["form"] for each in stays}:
        record_type = record_type_of(context, form)
        if context.host.grant(record_type, context.actor).may("read"):
            ids = dict.fromkeys(each["id"] for each in stays if each["form"] == form)
            seen |= {(form, each) for each in readable(context, record_type, ids)}
    return [each for each in stays if (each["form"], each["id"]) in seen]


def _save(
    context: Context, record_type: RecordType, row: Mapping[str, Any], deleted: Sequence[int], steps: Sequence[Step]
) -> None:  # fmt: skip
    """First the one that stayed, so that what may occur once is free again; then the others, then what points at them;
    what this person does not see or may not set comes back as well, so that nothing is lost."""
    app, unit, form, into = past_parts(context), context.unit, row["form"], row["record"]
    own = steps[0][2]
    if own:
        app.ask("records.update", type=form, id=into, values=own)
    for identity in deleted:
        context.ask("records.undelete", type=form, id=identity)
    for other, identity, values in steps[1:]:
        if values:
            app.ask("records.update", type=other, id=identity, values=values)
    for identity, comments in row["comments"].items():
        chosen = (t.comment.c.record_id == into, id_in(t.comment.c.id, unit.database.dialect_name))
        unit.run(sa.update(t.comment).where(*chosen).values(record_id=int(identity)), ids=json_text(comments))
    chosen_why = id_in(deletion.c.record, unit.database.dialect_name)
    unit.run(sa.delete(deletion).where(deletion.c.form == form, chosen_why), ids=json_text(row["others"]))
    unit.run(sa.update(merged).where(merged.c.id == row["id"]).values(undone_at=context.now()))
    version = app.ask("records.get", type=form, id=into, fields=("id", "version"))["version"]
    unit.write(
        unit.database.prepare_insert(record_type.history, HISTORY_COLUMNS),
        {
            "record_id": into, "version": version, "at": context.now(),
            "actor": context.actor.id, "kind": "unmerged", "changes": {},
        },
    )  # fmt: skip
    context.tell("record.unmerged", record_type=form, record_id=into, others=list(row["others"]))


OPERATIONS = (
    Operation(
        "forms.merges", merges, OfMerged, writes=False,
        summary={"en": "Merges into a record that can be taken back", "zh-CN": "可撤销的合并"},
    ),
    Operation("forms.undo_merge", undo_merge, Unmerge, summary={"en": "Take a merge back", "zh-CN": "撤销合并"}),
)  # fmt: skip
