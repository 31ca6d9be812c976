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


IN_PART = ("contains", "contains_not", "starts_with", "ends_with")
"""How a filter looks for a part of a text."""


def known_as(texts: Iterable[str]) -> frozenset[str]:
    """Texts as they are compared: without what stands around them, and whatever letters are capitals."""
    return frozenset(each.strip().casefold() for each in texts) - {""}


def spellings(texts: Iterable[str]) -> str:
    """The same as JSON, as the lower letters of either database are: SQLite knows none but the Latin ones."""
    plain = [each.strip() for each in texts]
    lower = {each.encode().lower().decode() for each in plain} | {each.lower() for each in plain}
    return json_text(sorted((lower | known_as(plain)) - {""}))


def forget_texts(context: Context, texts: Collection[str], columns: Iterable[sa.Column[Any]]) -> None:
    """Take the texts out of columns of JSON: a filter that looked for one of the people finds nobody any more."""
    unit, known = context.unit, known_as(texts)
    listed, dialect = spellings(texts), context.unit.database.dialect_name
    for column in columns:
        table: Any = column.table
        for row in unit.fetch(sa.select(table.c.id, column).where(holds(column, dialect)), texts=listed):
            kept = without(row[column.name], known)
            unit.run(sa.update(table).where(table.c.id == row["id"]).values({column.name: kept}))


def without(value: Any, known: Collection[str]) -> Any:
    """The same with nothing of what is `known_as` in it; a number is one of them as it is written."""
    if isinstance(value, Mapping):
        return {name: without(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [without(each, known) for each in value]
    return nobody(value, known)


def without_looks(group: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """A filter of records that looks for nobody of whom it is known."""
    left = []
    for each in group.get("conditions", ()):
        if "conditions" in each:
            left.append(without_looks(each, known))
        elif "value" in each:
            left.append({**each, "value": _looked_for(each["value"], known, each["operator"] in IN_PART)})
        else:
            left.append(dict(each))
    return {**group, "conditions": left}


def _looked_for(value: Any, known: Collection[str], in_part: bool) -> Any:
    if isinstance(value, list):
        return [_looked_for(each, known, in_part) for each in value]
    return nobody(value, known, in_part=in_part)


def nobody(value: Any, known: Collection[str], *, in_part: bool = False) -> Any:
    """What somebody looked for, when it was none of the people. `in_part`: whoever looked for half of a number or more
    looked for that person; a few digits or the name of a firm at the end of an address mean nobody alone."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    meant = text in known or (
        in_part and any(each in text or (text in each and len(text) * 2 >= len(each)) for each in known)
    )
    return ANONYMOUS if meant else value


def holds(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[bool]:
    """Whether one of the `texts` (`spellings`) is a value somewhere in a column of JSON, and not only what something is
    called."""
    value: Any
    kinds: sa.ColumnElement[bool]
    if dialect == "sqlite":
        within = sa.func.json_tree(column).table_valued("value", "type", name=f"in_{column.name}")
        value, kinds = sa.cast(within.c.value, sa.Text), within.c.type.in_(("text", "integer"))
    else:
        found = sa.func.jsonb_path_query(sa.type_coerce(column, JSONB), sa.text(f"'{SCALARS}'"))
        within = found.table_valued(sa.column("value", JSONB)).render_derived(name=f"in_{column.name}")
        value, kinds = within.c.value.op("#>>")(sa.text("'{}'")), sa.true()
    return sa.exists(
        sa.select(sa.literal(1))
        .select_from(within)
        .where(kinds, text_in(sa.func.lower(sa.func.trim(value)), dialect, "texts"))
    )
