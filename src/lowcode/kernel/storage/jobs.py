"""The queue: one leased table for deliveries, operations put off and alarms, in the database of the change itself.

A worker takes due jobs by leasing them; a lease that runs out is taken again, so a worker that dies loses nothing.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.storage import tables as t

COLUMNS = ("kind", "name", "body", "due_at", "state", "attempts", "key", "causes", "actor", "created_at")


def insert_once(dialect: str) -> Any:
    """Insert a job unless one of its key is there."""
    values = {name: sa.bindparam(name, type_=t.job.c[name].type) for name in COLUMNS}
    if dialect == "sqlite":
        return sqlite.insert(t.job).values(values).on_conflict_do_nothing(index_elements=["key"])
    return postgresql.insert(t.job).values(values).on_conflict_do_nothing(index_elements=["key"])
