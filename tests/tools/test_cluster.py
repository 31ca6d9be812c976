"""An app on several processes: nothing is lost and nothing done twice while they are killed."""

from __future__ import annotations

import pytest

from tools import cluster


@pytest.mark.postgresql
@pytest.mark.requirement("X22", "SP20")
def test_processes_die_and_nothing_is_lost(postgresql_url: str) -> None:
    """Web processes behind a proxy, workers that Celery calls and the broker it calls by are killed while clients make
    orders: every order that was answered is there once, has one receipt from its flow, and was told to another program
    as one message."""
    wrong = cluster.run(postgresql_url, clients=2, seconds=1.0, kills=3, orders=40, broker=cluster.OWN, pause=0.01)
    assert not wrong, "\n".join(wrong[:20] + wrong[-1:])
