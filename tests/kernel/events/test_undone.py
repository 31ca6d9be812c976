"""What is undone asks for nothing: work that a change leaves stands and falls with the change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER: dict[str, Any] = {"to": [1], "title": "x"}


class Counting:
    """Counts the words that there is work."""

    words = 0

    def wake(self) -> None:
        self.words += 1


@pytest.fixture
def counting() -> Counting:
    """Who is told of work."""
    return Counting()


@pytest.fixture
def host(database_url: str, counting: Counting) -> Iterator[Host]:
    """An empty app."""
    app = {"app.json": json.dumps({"name": "small", "title": "Small", "zone": "UTC"})}
    with Host(app, database_url, clock=FrozenClock(MORNING), transport=counting) as host:
        host.publish()
        yield host


def left(host: Host) -> list[tuple[str, datetime]]:
    """The jobs there are, and when each is due."""
    with host.database.engine.connect() as connection:
        found = connection.execute(sa.select(t.job.c.name, t.job.c.due_at).order_by(t.job.c.id))
        return [(name, at) for name, at in found]


def test_what_is_undone_leaves_no_job(host: Host, counting: Counting) -> None:
    """Neither for now nor for later, neither of a whole transaction nor of a part of one, and nobody is told of work;
    what is committed leaves all of its jobs at once."""
    before, counting.words = left(host), 0
    with pytest.raises(ZeroDivisionError), host.session(APP) as context:
        context.later("notifications.send", **LATER)
        context.later("notifications.send", at=MORNING + timedelta(days=1), **LATER)
        _ = 1 / 0
    assert (before, 0) == (left(host), counting.words)
    with host.session(APP) as context:
        context.later("notifications.send", **LATER)
        with pytest.raises(ZeroDivisionError), context.unit.savepoint():
            context.later("notifications.send", at=MORNING + timedelta(days=2), **LATER)
            _ = 1 / 0
        context.later("notifications.send", at=MORNING + timedelta(days=1), **LATER)
        assert before == left(host)
    assert [MORNING, MORNING + timedelta(days=1)] == [at for _, at in left(host)[len(before) :]]
    assert 1 == counting.words
