"""Which tables are logs, and how long their rows stay: said at the table, in its `info`.

Other tables that only grow are no logs: what was decided, printed, sent to a customer or agreed to has to be proven for
as long as its record is there (`docs/retention.md` lists all of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Rows whose `at` lies further back than so many days are taken away by night.

    `name` is what `keep_days` of an app calls the log. With `only`, a column and its values, no other rows go; with
    `loose`, only files that nothing refers to (`storage.loose`); with `blank`, only rows in which that column is."""

    name: str
    at: str
    days: int
    only: tuple[str, tuple[str, ...]] | None = None
    loose: bool = False
    blank: str | None = None

    @property
    def info(self) -> dict[str, Any]:
        """As the table says it."""
        return {"trimmed": self}


def logs_of(metadata: Iterable[sa.MetaData]) -> Mapping[str, tuple[Trimmed, sa.Table]]:
    """The logs among tables, by name."""
    tables = (table for each in metadata for table in each.sorted_tables)
    return {each.name: (each, table) for table in tables if (each := table.info.get("trimmed")) is not None}
