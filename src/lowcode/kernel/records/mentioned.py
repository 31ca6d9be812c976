"""Texts by which erased people are known, in what was kept as JSON: what somebody looked for, what a link shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import text_in
from lowcode.kernel.storage.types import json_text

ANONYMOUS = "***"
"""What stands where something must stand and nobody is meant."""
SCALARS = '$.** ? (@.type() == "string" || @.type() == "number")'


def forget_texts(context: Context, texts: Collection[str], columns: Iterable[sa.Column[Any]]) -> None:
    """Take the texts out of columns of JSON: a filter that looked for one of the people finds nobody any more."""
    unit, known = context.unit, frozenset(texts)
    listed, dialect = json_text(sorted(known)), context.unit.database.dialect_name
    for column in columns:
        table: Any = column.table
        for row in unit.fetch(sa.select(table.c.id, column).where(holds(column, dialect)), texts=listed):
            kept = without(row[column.name], known)
            unit.run(sa.update(table).where(table.c.id == row["id"]).values({column.name: kept}))


def without(value: Any, known: Collection[str]) -> Any:
    """The same with nothing of what is known in it; a number is one of them as it is written."""
    if isinstance(value, Mapping):
        return {name: without(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [without(each, known) for each in value]
    return ANONYMOUS if not isinstance(value, bool) and str(value) in known else value


def holds(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[bool]:
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
