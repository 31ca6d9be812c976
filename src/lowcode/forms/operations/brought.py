"""What was brought in lately: each file with what became of it, to be looked at again and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.columns import permitted
from lowcode.forms.tables import UNDOABLE, batch, import_run
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters

LOOKED_AT = 200
"""Runs among which those are looked for that wrote something: trials are runs, too."""


class Imports(Parameters):
    """Of a form; the newest first."""

    form: str
    limit: int = Key(10, ge=1, le=50)


def imports(context: Context, params: Imports) -> Items:
    """The person's own imports, of administrators everybody's: file, when, by whom, how many records, whether it can be
    taken back, why it broke off or came to a halt (`error`); `run` or `batch` is what that is asked for with."""
    permitted(context, params.form)
    found = sorted([*_batches(context, params), *_runs(context, params)], key=lambda each: each["at"], reverse=True)
    host: Any = context.host
    people = host.directory(context.unit).users
    for each in found[: params.limit]:
        person = people.get(each.pop("actor"))
        each["by"] = None if person is None else person.name
    return {"items": found[: params.limit]}


def _mine(context: Context, table: sa.Table, form: str) -> list[sa.ColumnElement[bool]]:
    own = [] if context.actor.is_administrator else [table.c.actor == sa.literal(context.actor.id)]
    return [table.c.form == sa.literal(form), *own]


def _batches(context: Context, params: Imports) -> Iterator[dict[str, Any]]:
    """Files that were brought in at once."""
    postgresql = context.unit.database.dialect_name == "postgresql"
    counted = sa.func.jsonb_array_length if postgresql else sa.func.json_array_length
    columns = batch.c
    statement = (
        sa.select(columns.id, columns.name, columns.at, columns.actor, columns.undone_at,
                  counted(columns.created, type_=sa.Integer).label("made"),
                  counted(columns.updated, type_=sa.Integer).label("changed"))
        .where(*_mine(context, batch, params.form)).order_by(columns.id.desc()).limit(sa.literal(params.limit))
    )  # fmt: skip
    for row in context.unit.fetch(statement):
        undone = row["undone_at"] is not None
        yield {
            "batch": row["id"], "run": None, "name": row["name"], "at": row["at"], "actor": row["actor"],
            "state": "undone" if undone else "done", "create": row["made"], "update": row["changed"],
            "total": row["made"] + row["changed"], "done": row["made"] + row["changed"], "error": None,
            "reads_on": False, "undoable": not undone,
        }  # fmt: skip


def _runs(context: Context, params: Imports) -> Iterator[dict[str, Any]]:
    """Files that are, or were, brought in behind the scenes."""
    columns = import_run.c
    wanted = (columns.id, columns.name, columns.at, columns.actor, columns.state, columns.asked, columns.counts,
              columns.total, columns.done, columns.error)  # fmt: skip
    statement = (
        sa.select(*wanted).where(*_mine(context, import_run, params.form))
        .order_by(columns.id.desc()).limit(sa.literal(LOOKED_AT))
    )  # fmt: skip
    for row in context.unit.fetch(statement):
        if not row["asked"]["dry_run"]:
            yield {
                "batch": None, "run": row["id"], "name": row["name"], "at": row["at"], "actor": row["actor"],
                "state": row["state"], "create": row["counts"]["create"], "update": row["counts"]["update"],
                "total": row["total"], "done": row["done"], "error": row["error"],
                "reads_on": row["asked"].get("reads_on", False),
                "undoable": row["state"] in UNDOABLE,
            }  # fmt: skip


OPERATIONS = (
    Operation(
        "forms.imports", imports, Imports, "signed-in", writes=False,
        summary={"en": "What was brought in lately", "zh-CN": "最近的导入"},
    ),
)  # fmt: skip
