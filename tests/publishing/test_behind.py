"""A database that is not at this version of the app says so, and which command brings it there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.publishing import running
from tests.web.calls import Visitor

FORM: dict[str, Any] = {"name": "lead", "label": "company", "fields": [{"name": "company", "type": "text"}]}
ENGINES = (Forms(),)


def host_of(url: str, *fields: str) -> Host:
    added = [{"name": name, "type": "text"} for name in fields]
    form = {**FORM, "fields": [*FORM["fields"], *added]}
    return Host({"app.json": {"name": "shop"}, "forms/lead.json": form}, url, engines=ENGINES)


def refused(work: Callable[[], Any]) -> tuple[str, str]:
    """Code and words of what is said."""
    with pytest.raises(Unavailable) as caught:
        work()
    (problem,) = caught.value.problems
    return problem.code, problem.words("en")


@pytest.mark.requirement("X2", "X15")
def test_nothing_was_published(database_url: str) -> None:
    """Reading, writing and looking for people, in a program and over HTTP."""
    with host_of(database_url) as host:
        made = {"type": "lead", "values": {"company": "Huahui"}}
        for work in (
            lambda: host.ask(APP, "records.list", type="lead"),
            lambda: host.ask(APP, "records.create", **made),
            lambda: host.actor("ann"),
        ):
            code, words = refused(work)
            assert code == "storage.unpublished"
            assert "lowcode apply shop --database" in words
        assert not host.plan().empty
        shop: Any = SimpleNamespace(host=host)
        answer = Visitor(shop).post("api/session", {"login": "ann", "password": "x"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "storage.unpublished")


@pytest.mark.requirement("X2", "X15")
def test_an_older_version_was_published(database_url: str) -> None:
    """A form has a field more; then the library a column more, where the documents are the same."""
    with host_of(database_url) as before:
        before.publish()
    with host_of(database_url, "city") as host:
        assert refused(lambda: host.ask(APP, "records.list", type="lead"))[0] == "storage.behind"
        host.publish()
        assert host.ask(APP, "records.list", type="lead")["items"] == []
    with host_of(database_url, "city") as host:
        table = host.database.table(t.event)
        with host.database.transaction() as unit:
            unit.run(sa.text(f"ALTER TABLE {table.name} DROP COLUMN work"))
            unit.run(sa.text("UPDATE lc_applied SET shape = 'of an older library'"))
        made = {"type": "lead", "values": {"company": "Huahui"}}
        code, words = refused(lambda: host.ask(APP, "records.create", **made))
        assert code == "storage.behind"
        assert "version 2" in words


def test_another_process_published(database_url: str) -> None:
    """What it took away is looked for once more, by the version that is in use: in a program, too, that only asks."""
    with host_of(database_url, "city") as host:
        host.publish()
        host.ask(APP, "records.create", type="lead", values={"company": "Huahui", "city": "Jinan"})
        with host_of(database_url) as other:
            other.apply(allow=other.plan().consents)
        code, words = refused(lambda: host.ask(APP, "records.list", type="lead"))
        assert code == "storage.republished"
        assert "version 2" in words
        for thread in threading.enumerate():
            if thread.name == "lowcode follow":
                thread.join()
        assert [row["company"] for row in host.ask(APP, "records.list", type="lead")["items"]] == ["Huahui"]
        host.ask(APP, "records.create", type="lead", values={"company": "Second"})


def test_a_wrong_statement_stays_what_it_is(database_url: str) -> None:
    """Where the database is as the app needs it, the fault is shown and not explained away."""
    with host_of(database_url) as host:
        host.publish()
        with pytest.raises(Exception, match="nowhere") as caught, host.session() as context:
            context.unit.fetch(sa.text("SELECT nowhere FROM lead"))
        assert not isinstance(caught.value, Unavailable)


def money(price: str, **more: Any) -> dict[str, Any]:
    """The documents of an app whose parts have a price of this type."""
    fields = [{"name": "price", "type": price}]
    return {"app.json": {"name": "shop"}, "forms/part.json": {"name": "part", "fields": fields, **more}}


def unreadable(host: Host) -> None:
    """Give what is in use a key that this library does not know."""
    with host.database.transaction() as unit:
        hand = Hand(unit)
        kept = dict(versions.kept(hand, 2))
        text = json.dumps({**json.loads(kept["documents"]["forms/part.json"]), "of_later": True})
        kept["documents"] = {**kept["documents"], "forms/part.json": text}
        unit.run(sa.update(t.applied).where(t.applied.c.version == 2).values(documents=kept))


@pytest.mark.requirement("X15")
def test_a_version_that_cannot_be_read(database_url: str) -> None:
    """Of a newer library: the process says so, however often it is asked, and writes nothing; what is read is read.
    With a version that it can read it goes on."""
    with Host(money("text"), database_url, engines=ENGINES) as older:
        older.publish()
        older.ask(APP, "records.create", type="part", values={"price": "5"})
        with Host(money("money"), database_url, engines=ENGINES) as newer:
            newer.publish()
            unreadable(newer)
            running.follow(older, at_once=True)
            for _ in range(3):
                made = refused(lambda: older.ask(APP, "records.update", type="part", id=1, values={"price": "hello"}))
                assert ("storage.unreadable", True) == (made[0], "version 2" in made[1])
                running.follow(older, at_once=True)
            assert 1 == older.standing.version
            assert [1] == [each["id"] for each in older.ask(APP, "records.list", type="part", fields=("id",))["items"]]
        with Host(money("money", label="price"), database_url, engines=ENGINES) as newest:
            newest.publish()
        running.follow(older, at_once=True)
        older.ask(APP, "records.update", type="part", id=1, values={"price": "8"})
        assert "8.00" == f"{older.ask(APP, 'records.get', type='part', id=1)['price']:f}"


@pytest.mark.requirement("X15", "X16")
def test_in_the_transaction_of_a_program(database_url: str) -> None:
    """Nothing is written by a version before there, either."""
    with Host(money("text"), database_url, engines=ENGINES) as older:
        older.publish()
        older.ask(APP, "records.create", type="part", values={"price": "5"})

        def save() -> None:
            with older.database.engine.begin() as connection, older.session(connection=connection) as context:
                context.ask("records.update", type="part", id=1, values={"price": "hello"})

        with Host(money("money"), database_url, engines=ENGINES) as newer:
            newer.publish()
            assert "storage.republished" == refused(save)[0]
            assert "5.00" == f"{newer.ask(APP, 'records.get', type='part', id=1)['price']:f}"


def test_a_host_is_not_closed_under_a_thread_that_follows(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes waits for what is being read, and nothing is read any more afterwards."""
    reading, go_on, said = threading.Event(), threading.Event(), []
    newer = running._newer

    def slowly(host: Host) -> int | None:
        if threading.current_thread().name != "lowcode follow":
            return newer(host)
        reading.set()
        said.append(go_on.wait(10) and newer(host))
        return None

    older = Host(money("text"), database_url, engines=ENGINES)
    older.publish()
    with Host(money("money"), database_url, engines=ENGINES) as other:
        other.publish()
    monkeypatch.setattr(running, "_newer", slowly)
    running.follow(older, aside=True, at_once=True)
    assert reading.wait(10)
    threading.Timer(0.2, go_on.set).start()
    older.close()
    assert [2] == said
    monkeypatch.setattr(running, "_newer", said.append)
    running._catch_up(older)
    assert [2] == said
