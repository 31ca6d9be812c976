"""Texts by which erased people are known, in what was kept as JSON: what somebody looked for, what a link shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import text_in
from lowcode.kernel.storage.types import json_text

ANONYMOUS = "***"
"""What stands where something must stand and nobody is meant."""
SCALARS = '$.** ? (@.type() == "string" || @.type() == "number")'


LEAST = 6
"""So many characters at least has a text that tells of one person: "1" or "yes" is said of anything."""
IN_PART = ("contains", "contains_not", "starts_with", "ends_with")
"""How a filter looks for a part of a text."""


def naming(texts: Iterable[str]) -> frozenset[str]:
    """Those of some texts that name a person, and are not what anybody could have written of something else."""
    return frozenset(each for each in texts if len(each.strip()) >= LEAST)


def known_as(texts: Iterable[str]) -> frozenset[str]:
    """Texts as they are compared: without what stands around them, and whatever letters are capitals."""
    return frozenset(each.strip().casefold() for each in texts) - {""}


def spellings(texts: Iterable[str]) -> str:
    """The same as JSON, as the lower letters of either database are: SQLite knows none but the Latin ones."""
    plain = [each.strip() for each in texts]
    lower = {each.encode().lower().decode() for each in plain} | {each.lower() for each in plain}
    return json_text(sorted((lower | known_as(plain)) - {""}))


def without(value: Any, known: Collection[str]) -> Any:
    """The same with nothing of what is `known_as` in it; a number is one of them as it is written."""
    if isinstance(value, Mapping):
        return {name: without(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [without(each, known) for each in value]
    return nobody(value, known)


def forget_texts(
    context: Context, texts: Collection[str], columns: Iterable[sa.Column[Any]],
    left: Callable[[Any, Collection[str]], Any] = without,
) -> None:  # fmt: skip
    """Take the texts out of columns of JSON: a filter that looked for one of the people finds nobody any more. `left`:
    what is left of a value without what is `known_as`, for whoever knows what cannot be meant."""
    unit, known = context.unit, known_as(texts)
    listed, dialect = spellings(texts), context.unit.database.dialect_name
    for column in columns:
        table: Any = column.table
        for row in unit.fetch(sa.select(table.c.id, column).where(holds(column, dialect)), texts=listed):
            kept = left(row[column.name], known)
            if kept != row[column.name]:
                unit.run(sa.update(table).where(table.c.id == row["id"]).values({column.name: kept}))


def without_looks(
    group: Mapping[str, Any], known: Collection[str], kind_of: Callable[[str], str | None]
) -> dict[str, Any]:
    """A filter of records that looks for nobody of whom it is known, and can be asked as before. `kind_of` tells the
    kind of a field: a number is a quantity and nobody's, and what takes no text is not compared any more."""
    left = []
    for each in group.get("conditions", ()):
        if "conditions" in each:
            left.append(without_looks(each, known, kind_of))
            continue
        kind = kind_of(each["field"])
        if kind == "number" or "value" not in each:
            left.append(dict(each))
            continue
        value = _looked_for(each["value"], known, each["operator"] in IN_PART)
        if kind == "text" or value == each["value"]:
            left.append({**each, "value": value})
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
        in_part and any(_says(text, each) or (text in each and len(text) * 2 >= len(each)) for each in known)
    )
    return ANONYMOUS if meant else value


def _says(text: str, known: str) -> bool:
    """Whether it stands in a text as a word of its own, and not within a longer number or address."""
    return re.search(rf"(?<![a-z0-9._%+-]){re.escape(known)}(?![a-z0-9_%-])", text) is not None


def holds(column: sa.Column[Any], dialect: str, *, numbers: bool = True) -> sa.ColumnElement[bool]:
    """Whether one of the `texts` (`spellings`) is a value somewhere in a column of JSON, and not only what something is
    called. `numbers`: also one that is written without quotation marks."""
    value: Any
    kinds: sa.ColumnElement[bool]
    if dialect == "sqlite":
        within = sa.func.json_tree(column).table_valued("value", "type", name=f"in_{column.name}")
        value = sa.cast(within.c.value, sa.Text)
        kinds = within.c.type.in_(("text", "integer") if numbers else ("text",))
    else:
        found = sa.func.jsonb_path_query(sa.type_coerce(column, JSONB), sa.text(f"'{SCALARS}'"))
        within = found.table_valued(sa.column("value", JSONB)).render_derived(name=f"in_{column.name}")
        value = within.c.value.op("#>>")(sa.text("'{}'"))
        kinds = sa.true() if numbers else sa.func.jsonb_typeof(within.c.value) == "string"
    return sa.exists(
        sa.select(sa.literal(1))
        .select_from(within)
        .where(kinds, text_in(sa.func.lower(sa.func.trim(value)), dialect, "texts"))
    )
