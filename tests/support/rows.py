"""All that stands in a database, as somebody reads it who has a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.events.deliver import Delivery


def copies(host: Host) -> list[str]:
    """All that stands there after each job, one after the other, until there is none."""
    delivery = Delivery(host, batch=1)
    found = [str(list(rows(host)))]
    while delivery.deliver(1):
        found.append(str(list(rows(host))))
    return found


def rows(host: Host) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of each table, the tables of engines and what publishing made too, with the name of its table."""
    tables = sa.MetaData()
    tables.reflect(host.database.engine)
    with host.database.engine.connect() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                yield table.name, dict(row)
