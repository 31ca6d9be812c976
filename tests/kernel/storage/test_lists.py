"""A list of values in a statement, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.kernel.storage import open_database
from lowcode.kernel.storage import tables as t


def test_a_list_written_into_a_statement(database_url: str) -> None:
    """Each value of the list has a parameter of its own; drivers with named parameters get them all."""
    database = open_database(database_url)
    t.metadata.create_all(database.engine, [t.sequence])
    with database.transaction() as unit:
        for name in ("a", "b", "c"):
            unit.insert(t.sequence, name=name, next=1)
        found = unit.fetch(sa.select(t.sequence.c.name).where(t.sequence.c.name.in_(["a", "c"])))
        assert ["a", "c"] == sorted(row["name"] for row in found)
        named: sa.BindParameter[str] = sa.bindparam("names", expanding=True)
        beside = sa.select(t.sequence.c.name).where(
            t.sequence.c.name.in_(named), t.sequence.c.next == sa.bindparam("at")
        )
        for names in (["b"], ["a", "b"], ["a", "b", "z"]):
            rows = unit.fetch(beside, names=names, at=1)
            assert [each for each in names if each != "z"] == sorted(row["name"] for row in rows)
        assert [] == unit.fetch(beside, names=["a"], at=2)
    database.close()
