"""Records that were deleted because another one was (`on_delete: cascade`): that this was why is written down with the
deletion, and with the record they come back, in whatever way that comes back. Decision 0186."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.forms.tables import deletion
from lowcode.kernel.contract import Change, Context, StageRun
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.consequences import Record, by_form
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.linked import forms_named_by
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.taken import unique_problem
from lowcode.kernel.records.versions import bring_back, return_of
from lowcode.kernel.storage.types import json_text


def prepare(app: Any, record_type: RecordType) -> StageRun | None:
    """The step of a form whose records go with others, or with which others go."""
    goes = any(_cascades(each) for each in record_type.fields.values())
    takes = any(
        _cascades(each) and record_type.name in forms_named_by(each)
        for other in app.types.values() for each in other.fields.values()
    )  # fmt: skip
    return together if goes or takes else None


def _cascades(field: Any) -> bool:
    return getattr(field.options, "on_delete", "keep") == "cascade"


def together(context: Context, change: Change) -> None:
    """A record that goes with another is written down with it; one that comes back brings what went with it."""
    if change.kind == "delete" and change.because is not None:
        change.after.append(partial(_say, change.record_type.name, change.values["version"], change.because))
    elif change.before is not None and change.before["deleted_at"] is not None and change.kind == "update":
        change.after.append(partial(_bring, change.record_type.name))


def _say(form: str, version: int, because: Record, context: Context, identity: int) -> None:
    same = (deletion.c.form == form, deletion.c.record == sa.bindparam("gone", type_=sa.BigInteger))
    context.unit.run(sa.delete(deletion).where(*same), gone=identity)
    context.unit.insert(
        deletion, form=form, record=identity, version=version, cause="with", of=because[1], of_form=because[0]
    )


def _bring(form: str, context: Context, identity: int) -> None:
    """What went with a record, each whole or not at all: one that cannot come back stays in the bin."""
    for other, each in _with(context, [(form, identity)]):
        record_type = context.host.types[other]
        try:
            with context.unit.savepoint():
                _back(context, record_type, each)
        except Rejected:
            continue
        same = (deletion.c.form == other, deletion.c.record == sa.bindparam("back", type_=sa.BigInteger))
        context.unit.run(sa.delete(deletion).where(*same), back=each)


def _back(context: Context, record_type: RecordType, identity: int) -> None:
    try:
        bring_back(context, record_type, return_of(context, record_type, identity, with_another=True, holding=True))
    except Rejected:
        raise
    except Exception as error:
        raise unique_problem(context, record_type, error) or error from None


def gone_with(context: Context, records: Iterable[Record]) -> list[Record]:
    """What went with some records and is still deleted, and what went with that, in turn."""
    edge, found = list(records), dict[Record, None]()
    while edge:
        edge = [each for each in _with(context, edge) if each not in found]
        found.update(dict.fromkeys(edge))
    return list(found)


def _with(context: Context, records: Iterable[Record]) -> list[Record]:
    """What went with some records, and is as it became then."""
    dialect, versions = context.unit.database.dialect_name, dict[str, dict[int, int]]()
    for form, ids in by_form(records).items():
        chosen = sa.select(deletion.c.form, deletion.c.record, deletion.c.version).where(
            deletion.c.cause == "with", deletion.c.of_form == sa.bindparam("of_form"), id_in(deletion.c.of, dialect)
        )
        for row in context.unit.fetch(chosen, of_form=form, ids=json_text(ids)):
            versions.setdefault(row["form"], {})[row["record"]] = row["version"]
    found = []
    for form, known in versions.items():
        if form not in context.host.types:
            continue
        table = context.host.types[form].table
        same = sa.select(table.c.id, table.c.version).where(id_in(table.c.id, dialect), table.c.deleted_at.is_not(None))
        for row in context.unit.fetch(same.order_by(table.c.id), ids=json_text(list(known))):
            if row["version"] == known[row["id"]]:
                found.append((form, row["id"]))
    return found


def living(context: Context, records: Iterable[Record]) -> set[Record]:
    """Those of some records that are there."""
    dialect, found = context.unit.database.dialect_name, set[Record]()
    for form, ids in by_form(records).items():
        table = context.host.types[form].table
        there = sa.select(table.c.id).where(id_in(table.c.id, dialect), table.c.deleted_at.is_(None))
        found |= {(form, row["id"]) for row in context.unit.fetch(there, ids=json_text(ids))}
    return found
