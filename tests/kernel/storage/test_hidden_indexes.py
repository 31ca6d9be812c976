"""A hidden table keeps its indexes and returns at once, however many rows it has; others may take their names."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode import publishing
from lowcode.host import Host
from tests.kernel.storage.firm import opened, read, schema, write

ITEMS: dict[str, Any] = {"name": "items", "type": "lines", "fields": [{"name": "what", "type": "text"}]}
ROWS = {"deal": [{"title": "a", "items": [{"what": "x"}, {"what": "y"}]}]}


def deal(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    """A form with these lines."""
    return [{"name": "deal", "fields": [{"name": "title", "type": "text"}, *lines]}]


def indexes(host: Host) -> dict[str, list[str]]:
    """The indexes of the tables of lines that have some, hidden tables as well."""
    inspector = sa.inspect(host.database.engine)
    found = {
        name: sorted(str(each["name"]) for each in inspector.get_indexes(name))
        for name in inspector.get_table_names()
        if name.endswith("items")
    }
    return {name: held for name, held in found.items() if held}


@pytest.mark.requirement("X15", "SP06")
def test_lines_return_with_their_index(database_url: str) -> None:
    """Neither taking them out nor the undo of it goes through their rows."""
    with opened(database_url, deal(ITEMS)) as first:
        first.publish()
        write(first, ROWS)
        before, tables, there = read(first), schema(first), indexes(first)
        assert [1] == [len(each) for each in there.values()]
    with opened(database_url, deal()) as second:
        second.apply(allow=["*"])
        ((hidden, kept),) = indexes(second).items()
        assert (True, *there.values()) == (hidden.startswith("_"), kept)
        plan, _ = publishing.plan_undo(second)
        assert {"instant"} == {each.cost for each in plan.effects}
        second.undo(["*"])
    with opened(database_url, deal(ITEMS)) as first:
        assert (before, tables, there) == (read(first), schema(first), indexes(first))


@pytest.mark.requirement("X15", "SP06")
@pytest.mark.parametrize("between", [0, 1])
def test_others_take_the_name_of_an_index(database_url: str, between: int) -> None:
    """Other lines of the same name, in the next version or in the one after: each has its index while it is in use."""
    with opened(database_url, deal(ITEMS)) as first:
        first.publish()
        tables, there = schema(first), indexes(first)
    for lines in [()] * between + [({**ITEMS, "id": "k2"},)]:
        with opened(database_url, deal(*lines)) as host:
            host.apply(allow=["*"])
            assert host.plan().empty
    with opened(database_url, deal(*lines)) as host:
        assert there == indexes(host)
    for _ in range(between + 1):
        with opened(database_url, deal()) as host:
            host.undo(["*"])
    with opened(database_url, deal(ITEMS)) as first:
        assert first.plan().empty
        assert (tables, there) == (schema(first), indexes(first))
