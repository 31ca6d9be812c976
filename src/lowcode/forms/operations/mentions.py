"""What is kept of people outside of their records, and names no record: files that were brought in with what was said
of their rows, and drafts of records that are not there yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.forms.tables import ENDED, draft, import_part, import_run
from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in, text_in
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import forget_files
from lowcode.kernel.storage.types import json_text

SCALARS = '$.** ? (@.type() == "string" || @.type() == "number")'
RUN = [import_run.c[each] for each in ("id", "at", "file", "asked")]


def forget_mentions(context: Context, form: str, ids: Sequence[int], known_by: Iterable[str]) -> None:
    """Take it away: `known_by` are the numbers and addresses by which the people of these records are known. Which rows
    of a file came to nothing, nobody wrote down: so every file goes that was brought into this form and is read no
    more."""
    unit, dialect = context.unit, context.unit.database.dialect_name
    listed = {"ids": json_text(list(ids)), "texts": json_text(sorted(set(known_by)))}
    new = sa.and_(draft.c.record.is_(None), sa.or_(*(_holds(draft.c[each], dialect) for each in ("values", "before"))))
    unit.run(sa.delete(draft).where(new), texts=listed["texts"])
    ended = sa.select(import_run.c.id).where(import_run.c.state.in_(ENDED))
    unit.run(sa.delete(import_part).where(import_part.c.made.is_(None), import_part.c.run.in_(ended)))
    touched = sa.exists(sa.select(sa.literal(1)).where(import_part.c.run == import_run.c.id, _touched(dialect)))
    said = sa.or_(
        touched, *(_holds(import_run.c[each], dialect) for each in ("preview", "problems", "asked")),
        import_run.c.state.in_(("undone", "stopped")),
    )  # fmt: skip
    there = sa.exists(sa.select(sa.literal(1)).where(t.file.c.id == import_run.c.file))
    runs = unit.fetch(
        sa.select(*RUN, sa.case((said, 1), else_=0).label("said"))
        .where(import_run.c.form == sa.literal(form), import_run.c.state.in_(ENDED), sa.or_(there, said)),
        **listed,
    )  # fmt: skip
    for run in runs:
        if run["said"]:
            asked = {**run["asked"], "fixes": {}, "more": []}
            unit.run(
                sa.update(import_run).where(import_run.c.id == run["id"]).values(preview=[], problems=[], asked=asked)
            )
    read = _files(context, unit.fetch(sa.select(*RUN).where(import_run.c.state == "reading")))
    forget_files(context, form, [], _files(context, runs) - read)


def _files(context: Context, runs: Sequence[Mapping[str, Any]]) -> set[int]:
    """The pieces of the files of these imports that are still there. The number of one that is gone may be another's
    by now, which is younger than the import."""
    begun: dict[int, Any] = {}
    for run in runs:
        for each in (run["file"], *run["asked"].get("more", ())):
            begun[each] = max(run["at"], begun.get(each, run["at"]))
    statement = sa.select(t.file.c.id, t.file.c.created_at).where(
        id_in(t.file.c.id, context.unit.database.dialect_name)
    )
    rows = context.unit.fetch(statement, ids=json_text(sorted(begun)))
    return {row["id"] for row in rows if row["created_at"] <= begun[row["id"]]}


def _holds(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[bool]:
    """Whether one of the `texts` is a value somewhere in a column of JSON, and not only what something is called."""
    value: Any
    kinds: sa.ColumnElement[bool]
    if dialect == "sqlite":
        within = sa.func.json_tree(column).table_valued("value", "type", name=f"in_{column.name}")
        value, kinds = sa.cast(within.c.value, sa.Text), within.c.type.in_(("text", "integer"))
    else:
        found = sa.func.jsonb_path_query(sa.type_coerce(column, JSONB), sa.text(f"'{SCALARS}'"))
        within = found.table_valued(sa.column("value", JSONB)).render_derived(name=f"in_{column.name}")
        value, kinds = within.c.value.op("#>>")(sa.text("'{}'")), sa.true()
    return sa.exists(sa.select(sa.literal(1)).select_from(within).where(kinds, text_in(value, dialect, "texts")))


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
