"""Whoever is told of something is told by one statement, however many they are."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from tests.kernel.events.test_undone import MORNING

ALONE: dict[str, Any] = {"title": "One", "key": "one"}
TOGETHER: dict[str, Any] = {**ALONE, "many": "{count} of them", "batch": "b"}


@pytest.mark.requirement("SR15")
@pytest.mark.parametrize(("notice", "table"), [(ALONE, t.notification), (TOGETHER, t.batch_notice)])
def test_many_people_are_told_by_as_many_statements_as_few(
    database_url: str, notice: dict[str, Any], table: sa.Table
) -> None:  # fmt: skip
    """Alone and as part of a batch; whoever was told before is not told again, and is not counted."""
    app = {"app.json": {"name": "small", "title": "Small", "zone": "UTC"}}
    with Host(app, database_url, clock=FrozenClock(MORNING)) as host:
        host.publish()
        asked, told = [], []
        for people in ([7], [3, 1, 3], [1, 3], [2, *range(1, 200)]):
            with host.session(APP) as context:
                before = context.unit.statements
                told.append(context.ask("notifications.send", to=people, **notice))
                asked.append(context.unit.statements - before)
        with host.database.engine.connect() as connection:
            kept = connection.execute(sa.select(table.c.user).order_by(table.c.user)).scalars().all()
            of_batch = sa.select(t.job.c.id).where(t.job.c.name == "notifications.together")
            jobs = connection.execute(of_batch).all()
    assert ([1, 2, 0, 196], list(range(1, 200))) == (told, kept)
    assert asked[1] == asked[3]  # the first of all has to get to know the people
    assert len(jobs) == (199 if "batch" in notice else 0)
