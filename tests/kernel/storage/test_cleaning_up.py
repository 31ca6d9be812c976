"""An apply asks for the lock that everybody waits behind when nobody cleans up the table any more."""

from __future__ import annotations

import threading

import pytest

from lowcode import publishing
from tests.kernel.storage.firm import opened, write

SMALL, LARGE = 100_000, 1
"""From how many rows on the long way is gone: never in a test, or always."""


@pytest.mark.requirement("SP06", "X15")
@pytest.mark.parametrize("large", [SMALL, LARGE])
def test_people_go_on_while_the_server_cleans_up(postgresql_url: str, large: int) -> None:
    """Whoever cleans up a table (autovacuum) is waited for by a lock that nobody else waits behind: until it gives way,
    which takes the server a second, people read and write."""
    with opened(postgresql_url, [{"name": "deal", "fields": [{"name": "amount", "type": "text"}]}]) as host:
        host.publish()
        write(host, {"deal": [{"amount": "7"}]})
    waits = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE NOT granted AND datname = current_database()"
    )
    with opened(postgresql_url, [{"name": "deal", "fields": [{"name": "amount", "type": "money"}]}]) as host:
        plan, engine = publishing.plan(host, large=large), host.database.engine
        applying = threading.Thread(target=publishing.apply, args=(host, plan))
        with engine.connect() as cleaner, engine.connect() as person:
            cleaner.exec_driver_sql("LOCK TABLE deal IN SHARE UPDATE EXCLUSIVE MODE")
            applying.start()
            person.exec_driver_sql("SET lock_timeout = '2s'")
            try:
                while applying.is_alive() and not person.exec_driver_sql(waits).scalar_one():
                    pass
                written = person.exec_driver_sql("UPDATE deal SET version = version RETURNING id").all()
            finally:
                person.rollback()
                cleaner.rollback()
                applying.join(60)
        assert ([(1,)], True) == (written, host.plan().empty)
