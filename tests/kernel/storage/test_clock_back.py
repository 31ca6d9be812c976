"""Versions go by their numbers, and not by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from tests.kernel.storage.firm import ENGINES, START, documents, read, write


def deal(*names: str) -> dict[str, Any]:
    """The documents of a form with these fields."""
    return documents([{"name": "deal", "fields": [{"name": each, "type": "text"} for each in names]}])


def in_use(host: Host) -> int:
    """The number of the version in use."""
    with host.database.reading() as unit:
        found = versions.in_use(Hand(unit, within=False))
    assert found is not None
    return found[0]


@pytest.mark.requirement("X15")
def test_a_clock_that_jumps_back(database_url: str) -> None:
    """A day back between plan and apply, and between apply and undo: what was planned is done, and undone."""
    clock = FrozenClock(START)
    with Host(deal("title"), database_url, clock=clock, engines=ENGINES) as first:
        first.publish()
        write(first, {"deal": [{"title": "a"}]})
        before = read(first)
    with Host(deal("title", "city"), database_url, clock=clock, engines=ENGINES) as second:
        plan = second.plan()
        clock.set(START - timedelta(days=1))
        second.apply(plan)
        assert (2, True) == (in_use(second), second.plan().empty)
        clock.set(START - timedelta(days=2))
        second.undo()
    with Host(deal("title"), database_url, clock=clock, engines=ENGINES) as first:
        assert (True, before) == (first.plan().empty, read(first))
        assert 3 == in_use(first)
