"""What SQLite knows of its tables: how many rows there are, and how many of them share a value.

Its planner chooses among indexes by this, and knows nothing until somebody has it look (`ANALYZE`): then it takes every
index of equal values for a good one, reads all the records of a team and sorts them, where the order asked for stands
in another index. PostgreSQL looks by itself.

A table is looked through again when it has half as many rows more than the last time, so that it costs each row a
little and no more, however large the table grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import json_text
from lowcode.kernel.storage.unit import Unit

FEW = 1000
"""So many rows are read at once, whatever the plan."""
GROWTH = 1.5
PIECE = 100
"""Tables that are asked for their last number in one statement; SQLite takes 500 parts."""

_master = sa.table("sqlite_master", *(sa.column(each, sa.Text) for each in ("type", "name", "tbl_name")))
_names = sa.func.json_each(sa.bindparam("names", type_=sa.Text)).table_valued("value")
INDEXES = (
    sa.select(_master.c.tbl_name.label("table"), _master.c.name.label("index"))
    .where(_master.c.type == "index", _master.c.tbl_name.in_(sa.select(_names.c.value)))
    .order_by(_master.c.name)
)
KEPT = sa.select(_master.c.name).where(_master.c.name == "sqlite_stat1")
OF_TABLES = sa.select(sa.column("tbl", sa.Text)).select_from(sa.table("sqlite_stat1")).distinct()
KNOWN = sa.select(t.analysed)
FORGET = sa.delete(t.analysed).where(t.analysed.c.name == sa.bindparam("of_table"))


def outdated(unit: Unit, tables: Iterable[str]) -> list[str]:
    """Those of some tables that the planner knows too little of."""
    names = sorted(tables)
    there = _looked_through(unit)
    known = {row["name"]: row for row in unit.fetch(KNOWN) if row["name"] in there}
    indexes: dict[str, int] = dict.fromkeys(names, 0)
    for row in unit.fetch(INDEXES, names=json_text(names)):
        indexes[row["table"]] += 1
    return [
        name
        for name, reached in _last(unit, names)
        if reached > FEW and _differs(known.get(name), reached, indexes[name])
    ]


def _looked_through(unit: Unit) -> set[str]:
    """The tables that the planner knows something of: a backup brings back what is written down of it and not that."""
    if unit.one(KEPT) is None:
        return set()
    return {row["tbl"] for row in unit.fetch(OF_TABLES)}


def _differs(known: Any, reached: int, indexes: int) -> bool:
    return known is None or reached > GROWTH * known["reached"] or indexes != known["indexes"]


def _last(unit: Unit, names: list[str]) -> Iterator[tuple[str, int]]:
    """The greatest number that a row of each table has: found at once, unlike how many there are."""
    for at in range(0, len(names), PIECE):
        parts: list[Any] = [
            sa.select(sa.literal(name).label("name"), sa.func.max(sa.literal_column("rowid")).label("reached"))
            .select_from(sa.table(name))
            for name in names[at : at + PIECE]
        ]  # fmt: skip
        for row in unit.fetch(sa.union_all(*parts)):
            yield row["name"], row["reached"] or 0


def look_through(database: Any, name: str) -> tuple[int, int]:
    """Look through a table, an index at a time: others write in between. Up to which row, and how many indexes."""
    with database.reading() as unit:
        indexes = [row["index"] for row in unit.fetch(INDEXES, names=json_text([name]))]
        reached = dict(_last(unit, [name]))[name]
    for each in indexes or [name]:
        database.write(lambda unit, each=each: unit.command(f'ANALYZE "{each}"'))
    return reached, len(indexes)


def note(unit: Unit, name: str, reached: int, indexes: int, now: datetime) -> None:
    """Write down how a table was looked through, and let every connection learn of it: they read what is known with the
    schema, so it has to change."""
    unit.run(FORGET, of_table=name)
    unit.insert(t.analysed, name=name, reached=reached, indexes=indexes, at=now)
    passing = f'"{unit.database.prefix}lc_passing"'
    unit.command(f"CREATE TABLE {passing} (id INTEGER PRIMARY KEY)")
    unit.command(f"DROP TABLE {passing}")
