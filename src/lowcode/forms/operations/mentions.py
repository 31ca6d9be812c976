"""What is kept of people outside of their records, and names no record: files that were brought in with what was said
of their rows, and drafts of records that are not there yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.forms.operations.runs import break_off_halted
from lowcode.forms.tables import ENDED, batch, draft, import_foreseen, import_part, import_run, view
from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.filters import path_type
from lowcode.kernel.records.mentioned import ANONYMOUS, holds, known_as, naming, spellings, without_looks
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import forget_files
from lowcode.kernel.storage.types import json_text

RUN = [import_run.c[each] for each in ("id", "name", "at", "file", "asked")]


def forget_mentions(context: Context, form: str, ids: Sequence[int], known_by: Collection[str]) -> None:
    """Take it away: `known_by` are the numbers and addresses by which the people of these records are known. Which rows
    of a file came to nothing, nobody wrote down: so every file goes that was brought into this form and is read no
    more, and with it what came to a halt on its way: nobody may go on with it and bring them in again.
    Looks at files of any form that came to a halt hold what records above would be: they are broken off as well."""
    foreseen = sa.exists(sa.select(sa.literal(1)).where(import_foreseen.c.run == import_run.c.id))
    break_off_halted(context, sa.or_(import_run.c.form == sa.literal(form), foreseen))
    known_by = naming(known_by)
    unit, dialect = context.unit, context.unit.database.dialect_name
    listed = {"ids": json_text(list(ids)), "texts": spellings(known_by)}
    kept = (holds(draft.c[each], dialect, numbers=False) for each in ("values", "before"))
    new = sa.and_(draft.c.record.is_(None), sa.or_(*kept))
    unit.run(sa.delete(draft).where(new), texts=listed["texts"])
    _forget_filters(context, known_by)
    for engine in context.app.engines:
        if f"{engine.name}.forget_texts" in context.app.operations:
            context.as_app().ask(f"{engine.name}.forget_texts", texts=sorted(set(known_by)))
    ended = sa.select(import_run.c.id).where(import_run.c.state.in_(ENDED))
    unit.run(sa.delete(import_part).where(import_part.c.made.is_(None), import_part.c.run.in_(ended)))
    _forget_names(context, form, listed)
    part = _touched(import_part.c.made, import_part.c.made, dialect)
    touched = sa.exists(sa.select(sa.literal(1)).where(import_part.c.run == import_run.c.id, part))
    said = sa.or_(
        touched, _named(import_run.c.name, dialect),
        *(holds(import_run.c[each], dialect) for each in ("preview", "problems", "asked")),
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
                sa.update(import_run)
                .where(import_run.c.id == run["id"])
                .values(name=nameless(run["name"]), preview=[], problems=[], asked=asked)
            )
    to_read = sa.and_(import_run.c.state.in_(("reading", "halted")), import_run.c.total == 0)
    read = _files(context, unit.fetch(sa.select(*RUN).where(to_read)))
    forget_files(context, form, [], _files(context, runs) - read)


def _forget_filters(context: Context, known_by: Collection[str]) -> None:
    """What people looked for, in views they keep: a view that looked for one of the people finds nobody any more."""
    known = known_as(known_by)
    for row in context.unit.fetch(sa.select(view.c.id, view.c.form, view.c.looks)) if known else ():
        kept = row["looks"].get("filter")
        kind_of = partial(_kind_of, context.host.types, row["form"])
        left = without_looks(kept, known, kind_of) if kept else kept
        if left != kept:
            looks = {**row["looks"], "filter": left}
            context.unit.run(sa.update(view).where(view.c.id == row["id"]).values(looks=looks))


def _kind_of(types: Mapping[str, Any], form: str, path: str) -> str | None:
    """The kind of values at the end of a path; None where there is no such path any more."""
    found = path_type(types, form, path)
    return None if found is None else found.kind


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


def nameless(name: str) -> str:
    """A file's name without what it says: which kind of file it was."""
    return ANONYMOUS + PurePath(name).suffix


def _forget_names(context: Context, form: str, listed: Mapping[str, Any]) -> None:
    """The names of small files that made or changed one of these records, or say a number or an address."""
    unit, dialect = context.unit, context.unit.database.dialect_name
    made = _touched(batch.c.created, batch.c.updated, dialect, whole=False)
    chosen = sa.select(batch.c.id, batch.c.name).where(
        batch.c.form == sa.literal(form), sa.or_(made, _named(batch.c.name, dialect))
    )
    for row in unit.fetch(chosen, **listed):
        unit.run(sa.update(batch).where(batch.c.id == row["id"]).values(name=nameless(row["name"])))


def _named(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[bool]:
    """Whether one of the `texts` (`spellings`) is part of a text."""
    texts: Any = sa.bindparam("texts")
    if dialect == "sqlite":
        each = sa.func.json_each(texts).table_valued("value", name=f"said_in_{column.name}")
        found = sa.func.instr(sa.func.lower(column), each.c.value)
    else:
        each = sa.func.jsonb_array_elements_text(sa.cast(texts, JSONB)).table_valued("value", name="said")
        found = sa.func.strpos(sa.func.lower(column), each.c.value)
    return sa.exists(sa.select(sa.literal(1)).select_from(each).where(each.c.value != "", found > 0))


def _touched(
    created_in: sa.Column[Any], updated_in: sa.Column[Any], dialect: str, *, whole: bool = True
) -> sa.ColumnElement[bool]:
    """Whether an import made or changed one of the records `ids`. `whole`: both lists stand in one object."""
    identity: Any
    if dialect == "sqlite":
        paths = (("$.created",), ("$.updated",)) if whole else ((), ())
        created = sa.func.json_each(created_in, *paths[0]).table_valued("value")
        updated = sa.func.json_each(updated_in, *paths[1]).table_valued("value")
        identity = created.c.value, sa.func.json_extract(updated.c.value, "$.id")
    else:
        made, changed_ = sa.type_coerce(created_in, JSONB), sa.type_coerce(updated_in, JSONB)
        created = sa.func.jsonb_array_elements_text(made["created"] if whole else made).table_valued(
            "value", name="created"
        )
        updated = sa.func.jsonb_array_elements(changed_["updated"] if whole else changed_).table_valued(
            "value", name="updated"
        )
        changed = sa.type_coerce(updated.c.value, JSONB)["id"].astext
        identity = sa.cast(created.c.value, sa.BigInteger), sa.cast(changed, sa.BigInteger)
    return sa.or_(
        *(
            sa.exists(sa.select(sa.literal(1)).select_from(rows).where(id_in(each, dialect)))
            for rows, each in zip((created, updated), identity, strict=True)
        )
    )
