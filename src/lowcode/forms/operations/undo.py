"""An import taken back: what it made is deleted, and what it changed is as it was; as long as nobody worked on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa

from lowcode.forms.operations.deleted import say_why
from lowcode.forms.tables import batch
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters, in_batch
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.versions import as_it_was, left, settable

NO_BATCH = {"en": "there is no import {id} to take back", "zh-CN": "没有可撤销的导入（{id}）"}


class UndoImport(Parameters):
    """The batch, as `forms.import` called it."""

    batch: int


def undo_import(
    context: Context, params: UndoImport
) -> Annotated[dict[str, Any], has(deleted=int, restored=int, kept=list, left=list)]:
    """How many records were deleted and restored; the ids of those that were kept, as others worked on them since; and
    as `left` what cannot come back (`{"id", "fields"}`): nobody knows what it was."""
    found = context.unit.one(sa.select(batch).where(batch.c.id == sa.bindparam("batch_id")), batch_id=params.batch)
    mine = found is not None and (found["actor"] == context.actor.id or context.actor.is_administrator)
    if found is None or not mine or found["undone_at"] is not None:
        raise NotFound(Problem("forms.no-batch", NO_BATCH, "/batch", {"id": params.batch}))
    answer = take_back(in_batch(context, f"undo:batch-{params.batch}"), found["form"], found)
    context.unit.run(sa.update(batch).where(batch.c.id == params.batch).values(undone_at=context.now()))
    return answer


def take_back(context: Context, form: str, made: Mapping[str, Any]) -> dict[str, Any]:
    """Delete what was created and restore what was updated; as the person. What nobody read yet of what was deleted is
    taken back with it: forty notices about records that are gone lead nowhere."""
    deleted: list[int] = []
    restored = 0
    kept: list[int] = []
    left: list[dict[str, Any]] = []
    for each in made["updated"]:
        gone = _restored(context, form, each)
        if gone is None:
            kept.append(each["id"])
            continue
        restored += 1
        if gone:
            left.append({"id": each["id"], "fields": gone})
    for identity in made["created"]:
        try:
            with context.unit.savepoint():
                context.ask("records.delete", type=form, id=identity, version=1)
            deleted.append(identity)
        except Rejected:
            kept.append(identity)
    if deleted:
        say_why(context, record_type_of(context, form), deleted, "import", made.get("id"))
        context.as_app().ask("notifications.withdraw", form=form, records=deleted)
    return {"deleted": len(deleted), "restored": restored, "kept": kept, "left": left}


def _restored(context: Context, form: str, change: Mapping[str, int]) -> list[str] | None:
    """Undo the import's change of a record, unless it was changed again (None); as the person, so their permissions
    hold. The fields whose former values nobody knows."""
    host: Any = context.host
    record_type = record_type_of(context, form)
    try:
        now = context.ask("records.get", type=form, id=change["id"])
        if now["version"] != change["version"]:
            return None
        before = as_it_was(context, record_type, change["id"], change["before"], now)
        grant = host.grant(record_type, context.actor)
        values = settable(record_type, grant.fixed, before)
        with context.unit.savepoint():
            context.ask("records.update", type=form, id=change["id"], values=values)
    except Rejected:
        return None
    return left(record_type, grant, before)


class TakeBack(Parameters):
    """What an import made, and the person who brought it in."""

    form: str
    actor: int | None
    made: Mapping[str, Any]


def take_back_part(context: Context, params: TakeBack) -> dict[str, Any]:
    """Take a part of a large import back, as the person."""
    return take_back(
        context.as_app() if params.actor is None else context.as_user(params.actor), params.form, params.made
    )


OPERATIONS = (
    Operation("forms.undo_import", undo_import, UndoImport, summary={"en": "Take an import back", "zh-CN": "撤销导入"}),
    Operation("forms.take_back", take_back_part, TakeBack, "internal"),
)
