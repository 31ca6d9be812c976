"""What the planner of the database goes by is kept up to date, where the database leaves that to others
(`storage.statistics`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lowcode.kernel.contract import Context, Operation, Outcome, Parameters, Timer
from lowcode.kernel.storage import statistics

EVERY = timedelta(minutes=5)


class OfTable(Parameters):
    """A table by its name."""

    table: str


class Looked(OfTable):
    """A table that was looked through, up to which row and by how many indexes."""

    reached: int
    indexes: int


def look(context: Context, since: datetime, until: datetime) -> None:
    """Have each table of the app looked through that has grown. Those of the library are asked the same few questions
    always, and their indexes are made for those."""
    host: Any = context.host
    if host.database.dialect_name != "sqlite":
        return
    tables = host.app.metadata.tables
    asked = host.cached(("statistics",), lambda: statistics.last_of(tables))
    for name in statistics.outdated(context.unit, tables, asked):
        context.as_app().later("statistics.gather", key=f"statistics:{name}:{until.timestamp()}", table=name)


def gather(context: Context, params: OfTable) -> Outcome:
    """Look through a table, unless it is gone by now."""
    host: Any = context.host
    table = host.app.metadata.tables.get(params.table)
    if table is None:
        return Outcome()
    reached, indexes = statistics.look_through(host.database, table)
    return Outcome(then=(("statistics.note", {"table": params.table, "reached": reached, "indexes": indexes}),))


def note(context: Context, params: Looked) -> None:
    """Write down that a table was looked through."""
    statistics.note(context.unit, params.table, params.reached, params.indexes, context.now())


TIMER = Timer("statistics.gather", look, every=EVERY)
OPERATIONS = (
    Operation("statistics.gather", gather, OfTable, "internal", outside=True),
    Operation("statistics.note", note, Looked, "internal"),
)
