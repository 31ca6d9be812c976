"""What is kept of people outside of their records, and names no record: files that were brought in with what was said
of their rows, and drafts of records that are not there yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.forms.tables import draft, import_part, import_run
from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.storage.files import forget_files
from lowcode.kernel.storage.types import json_text

ENDED = ("done", "cancelled", "failed", "undone", "stopped")
"""States of an import in which its file is read no more."""


def forget_mentions(context: Context, form: str, ids: Sequence[int], known_by: Iterable[str]) -> None:
    """Take it away: `known_by` are the numbers and addresses by which the people of these records are known."""
    texts = [json_text(each) for each in sorted(set(known_by))]
    postgresql = context.unit.database.dialect_name == "postgresql"

    def said(*columns: sa.Column[Any]) -> sa.ColumnElement[bool]:
        """Whether one of the texts stands there as a value."""
        within: Any = sa.func.strpos if postgresql else sa.func.instr
        plain = [sa.cast(each, sa.Text) if postgresql else sa.type_coerce(each, sa.Text) for each in columns]
        return sa.or_(sa.false(), *(within(each, sa.literal(text, sa.Text)) > 0 for each in plain for text in texts))

    context.unit.run(sa.delete(draft).where(said(draft.c["values"], draft.c.before)))
    made = import_part.c.run == import_run.c.id
    touched = sa.exists(sa.select(sa.literal(1)).where(made, _touched(context.unit.database.dialect_name)))
    runs = context.unit.fetch(
        sa.select(import_run.c.id, import_run.c.file, import_run.c.asked).where(
            import_run.c.form == sa.literal(form), import_run.c.state.in_(ENDED),
            sa.or_(touched, said(import_run.c.preview, import_run.c.problems, import_run.c.asked)),
        ),
        ids=json_text(list(ids)),
    )  # fmt: skip
    for run in runs:
        asked = {**run["asked"], "fixes": {}, "more": []}
        context.unit.run(
            sa.update(import_run).where(import_run.c.id == run["id"]).values(preview=[], problems=[], asked=asked)
        )
        forget_files(context, form, [], [run["file"], *run["asked"].get("more", ())])


def _touched(dialect: str) -> sa.ColumnElement[bool]:
    """Whether a part of an import made or changed one of the records `ids`."""
    identity: Any
    if dialect == "sqlite":
        created = sa.func.json_each(import_part.c.made, "$.created").table_valued("value")
        updated = sa.func.json_each(import_part.c.made, "$.updated").table_valued("value")
        identity = created.c.value, sa.func.json_extract(updated.c.value, "$.id")
    else:
        plain = sa.type_coerce(import_part.c.made, JSONB)
        created = sa.func.jsonb_array_elements_text(plain["created"]).table_valued("value", name="created")
        updated = sa.func.jsonb_array_elements(plain["updated"]).table_valued("value", name="updated")
        changed = sa.type_coerce(updated.c.value, JSONB)["id"].astext
        identity = sa.cast(created.c.value, sa.BigInteger), sa.cast(changed, sa.BigInteger)
    return sa.or_(
        *(
            sa.exists(sa.select(sa.literal(1)).select_from(rows).where(id_in(each, dialect)))
            for rows, each in zip((created, updated), identity, strict=True)
        )
    )
