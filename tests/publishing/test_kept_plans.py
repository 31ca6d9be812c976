"""PostgreSQL keeps plans of statements for each connection; when a column gets another type, nobody hears of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.context import WorkContext
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.identity import APP
from lowcode.publishing import running

ENGINES = (Forms(),)
OFTEN = range(6)
"""More often than after which the driver gives a statement a name on the server."""


def money(price: str) -> dict[str, Any]:
    """The documents of an app whose parts have a price of this type."""
    fields = [{"name": "price", "type": price}]
    return {"app.json": {"name": "shop"}, "forms/part.json": {"name": "part", "fields": fields}}


@contextmanager
def two_connections(host: Host) -> Iterator[list[WorkContext]]:
    """Contexts of one host on connections of their own."""
    with host.database.reading() as one, host.database.reading() as other:
        yield [host.context(unit, APP) for unit in (one, other)]


@pytest.fixture
def older(postgresql_url: str) -> Iterator[Host]:
    """A host that has asked often enough that the server keeps plans, on two connections and on the quick one."""
    with Host(money("text"), postgresql_url, engines=ENGINES) as host:
        host.publish()
        host.ask(APP, "records.create", type="part", values={"price": "5"})
        for _ in OFTEN:
            save(host, "7")
            with host.database.guard.quickly(5):
                assert "7" == host.ask(APP, "records.get", type="part", id=1)["price"]
        with two_connections(host) as contexts:
            for _ in OFTEN:
                prices(contexts)
        yield host


def save(host: Host, price: str) -> None:
    """A save by somebody."""
    host.ask(APP, "records.update", type="part", id=1, values={"price": price})


def prices(contexts: list[WorkContext]) -> list[str]:
    """The price, as it is read on each connection."""
    return [str(each.ask("records.get", type="part", id=1)["price"]) for each in contexts]


def exchanged(older: Host) -> None:
    """Another process gives the column another type."""
    with Host(money("money"), older.database.engine.url.render_as_string(False), engines=ENGINES) as newer:
        newer.publish()


def long_ago(older: Host) -> None:
    """The host has followed, and not in this moment."""
    running.follow(older, at_once=True)
    older.standing.went_on = float("-inf")


def refused(work: Callable[[], Any]) -> str:
    """The code of what is said."""
    with pytest.raises(Unavailable) as caught:
        work()
    return caught.value.problems[0].code


@pytest.mark.requirement("X15")
def test_every_connection_goes_on(older: Host) -> None:
    """Reads and saves after the exchange are answered, whatever connection they get."""
    exchanged(older)
    long_ago(older)
    for _ in OFTEN:
        save(older, "8")
        with two_connections(older) as contexts, older.database.guard.quickly(5):
            assert ["8.00", "8.00"] == prices(contexts)
            assert "8.00" == str(older.ask(APP, "records.get", type="part", id=1)["price"])


@pytest.mark.requirement("X15")
def test_a_page_under_way_is_read_once_more(older: Host) -> None:
    """By the version in use; by one before it is refused as everything of that version is."""
    with two_connections(older) as contexts:
        assert ["7", "7"] == prices(contexts)
        exchanged(older)
        assert "storage.republished" == refused(lambda: prices(contexts[:1]))
        running.follow(older, at_once=True)
        assert "storage.republished" == refused(lambda: prices(contexts[1:]))
        older.standing.went_on = float("-inf")
        assert ["7.00", "7.00"] == prices([older.context(each.unit, APP) for each in contexts])


@pytest.mark.requirement("X15")
def test_a_transaction_under_way_is_refused(older: Host) -> None:
    """What it did before cannot be done again by anybody else; who tries again is answered."""

    def late() -> None:
        with older.session() as context:
            context.unit.begin()
            context.unit.fetch(sa.text("SELECT 1"))
            exchanged(older)
            long_ago(older)
            context.ask("records.update", type="part", id=1, values={"price": "9"})

    assert "storage.republished" == refused(late)
    for _ in OFTEN:
        save(older, "10")
    with two_connections(older) as contexts:
        assert ["10.00", "10.00"] == prices(contexts)
