"""What SQLite knows of the tables of an app: how many rows there are, and how many of them share a value.

Its planner chooses among indexes by this, and knows nothing until somebody has it look (`ANALYZE`): then it takes every
index of equal values for a good one, reads all the records of a team and sorts them, where the order asked for stands
in another index. PostgreSQL looks by itself.

It knows an average and no more. Of a choice that is nothing to go by: nearly all records are closed, and whoever asks
for the few that are open asks for what the index is there for. So what was found of texts of few values is forgotten.

A table is looked through again when it has half as many rows more than the last time, so that it costs each row a
little and no more, however large the table grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import json_text
from lowcode.kernel.storage.unit import Unit

FEW = 1000
"""So many rows are read at once, whatever the plan."""
GROWTH = 1.5
VALUES = 100
"""A text of fewer values is a choice, and so is yes or no."""
PIECE = 100
"""Tables that are asked for their last number in one statement; SQLite takes 500 parts."""

Asked = tuple[sa.CompoundSelect[Any], ...]

_master = sa.table("sqlite_master", *(sa.column(each, sa.Text) for each in ("type", "name", "tbl_name")))
_found = sa.table("sqlite_stat1", *(sa.column(each, sa.Text) for each in ("tbl", "idx", "stat")))
_names = sa.func.json_each(sa.bindparam("names", type_=sa.Text)).table_valued("value")
INDEXES = (
    sa.select(_master.c.tbl_name.label("table"), _master.c.name.label("index"))
    .where(_master.c.type == "index", _master.c.tbl_name.in_(sa.select(_names.c.value)))
    .order_by(_master.c.name)
)
KEPT = sa.select(_master.c.name).where(_master.c.name == "sqlite_stat1")
ANY = sa.select(_found.c.tbl).where(_found.c.tbl.in_(sa.select(_names.c.value))).limit(1)
OF_INDEX = sa.select(_found.c.stat).where(_found.c.idx == sa.bindparam("of_index"))
FORGET_INDEX = sa.delete(_found).where(_found.c.idx == sa.bindparam("of_index"))
_columns = sa.func.pragma_index_info(sa.bindparam("of_index", type_=sa.Text)).table_valued("seqno", "cid", "name")
FIRST_OF_INDEX = sa.select(_columns.c.name).order_by(_columns.c.seqno).limit(1)
KNOWN = sa.select(t.analysed)
FORGET = sa.delete(t.analysed).where(t.analysed.c.name == sa.bindparam("of_table"))


def outdated(unit: Unit, tables: Mapping[str, sa.Table], asked: Asked | None = None) -> list[str]:
    """Those of some tables that the planner knows too little of. `asked` is what `last_of` makes of them: who looks
    often has it made once."""
    names = sorted(tables)
    known = {row["name"]: row for row in unit.fetch(KNOWN)} if _knows_any(unit, names) else {}
    indexes: dict[str, int] = dict.fromkeys(names, 0)
    for row in unit.fetch(INDEXES, names=json_text(names)):
        indexes[row["table"]] += 1
    return [
        name
        for name, reached in _last(unit, last_of(tables) if asked is None else asked)
        if reached > FEW and _differs(known.get(name), reached, indexes[name])
    ]


def _knows_any(unit: Unit, names: list[str]) -> bool:
    """Whether it knows anything: a backup brings back what is written down of it and not that."""
    return unit.one(KEPT) is not None and unit.one(ANY, names=json_text(names)) is not None


def _differs(known: Any, reached: int, indexes: int) -> bool:
    return known is None or reached > GROWTH * known["reached"] or indexes != known["indexes"]


def last_of(tables: Mapping[str, sa.Table]) -> Asked:
    """What asks for the greatest number that a row of each table has: found at once, unlike how many there are."""
    names = sorted(tables)
    pieces = []
    for at in range(0, len(names), PIECE):
        parts: list[Any] = []
        for name in names[at : at + PIECE]:
            number = "id" if "id" in tables[name].c else "_rowid_"
            reached: Any = sa.func.max(sa.literal_column(number)).label("reached")
            parts.append(sa.select(sa.literal(name).label("name"), reached).select_from(sa.table(name)))
        pieces.append(sa.union_all(*parts))
    return tuple(pieces)


def _last(unit: Unit, asked: Asked) -> Iterator[tuple[str, int]]:
    for piece in asked:
        for row in unit.fetch(piece):
            yield row["name"], row["reached"] or 0


def look_through(database: Any, table: sa.Table) -> tuple[int, int]:
    """Look through a table, an index at a time: others write in between. Up to which row, and how many indexes."""
    name = table.name
    with database.reading() as unit:
        indexes = [row["index"] for row in unit.fetch(INDEXES, names=json_text([name]))]
        reached = dict(_last(unit, last_of({name: table})))[name]
    for each in indexes or [name]:
        database.write(lambda unit, each=each: _look(unit, table, each))
    return reached, len(indexes)


def _look(unit: Unit, table: sa.Table, index: str) -> None:
    unit.command(f'ANALYZE "{index}"')
    found = unit.one(OF_INDEX, of_index=index)
    if found is None:
        return
    rows, alike, *_ = (int(each) for each in found["stat"].split() if each.isdigit())
    if alike * VALUES > rows and _begins_with_text(unit, table, index):
        unit.run(FORGET_INDEX, of_index=index)


def _begins_with_text(unit: Unit, table: sa.Table, index: str) -> bool:
    first = unit.one(FIRST_OF_INDEX, of_index=index)
    column = table.c.get(first["name"]) if first is not None else None
    return column is not None and isinstance(column.type, (sa.Text, sa.Boolean))


def note(unit: Unit, name: str, reached: int, indexes: int, now: datetime) -> None:
    """Write down how a table was looked through, and let every connection learn of it: they read what is known with the
    schema, so it has to change; this one reads it now."""
    unit.run(FORGET, of_table=name)
    unit.insert(t.analysed, name=name, reached=reached, indexes=indexes, at=now)
    passing = f'"{unit.database.prefix}lc_passing"'
    unit.command(f"CREATE TABLE {passing} (id INTEGER PRIMARY KEY)")
    unit.command(f"DROP TABLE {passing}")
    unit.command("ANALYZE sqlite_master")
