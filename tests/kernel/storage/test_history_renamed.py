"""What is read of a long history while it has not followed a renamed field yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode import publishing
from lowcode.host import Host
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage.migrate import online
from tests.kernel.storage.firm import opened, write

ADA = Actor(7, "ada", "Ada", roles=frozenset({"sales"}))
EVERYTHING = ["create", "read", "edit", "privacy"]


def form(wage: str, *more: str, hide: bool = True) -> list[dict[str, Any]]:
    """A form whose field of the wage is called so, and kept from sales."""
    personal = {"purpose": "payment", "basis": "contract"}
    fields = [
        {"name": "title", "type": "text", "id": "1"},
        {"name": wage, "type": "text", "id": "2", "privacy": personal},
        *({"name": each, "type": "text"} for each in more),
    ]
    line = {"role": "sales", "can": EVERYTHING, **({"hide": [wage]} if hide else {})}
    return [{"name": "post", "fields": fields, "permissions": [line]}]


@contextmanager
def broken_off(
    url: str, monkeypatch: pytest.MonkeyPatch, forms: list[dict[str, Any]], breaks: bool = True
) -> Iterator[Host]:
    """A host of these forms, whose apply broke off where the history was to follow, if it `breaks` there."""

    def broken(*_: Any) -> None:
        raise KeyboardInterrupt

    with opened(url, forms) as host:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt) if breaks else nullcontext():
            patch.setattr(online, "rename_online", broken)
            publishing.apply(host, publishing.plan(host, large=1))
        yield host


def filled(url: str, **options: Any) -> None:
    """The form with a record that was changed once."""
    with opened(url, form("salary", **options)) as host:
        host.publish()
        write(host, {"post": [{"title": "a", "salary": "90000"}]})
        host.ask(APP, "records.update", type="post", id=1, values={"salary": "95000"})


def told(host: Host, actor: Actor = APP) -> list[dict[str, Any]]:
    """The changes of the record, the oldest first."""
    return [each["changes"] for each in host.ask(actor, "records.history", type="post", id=1)][::-1]


@pytest.mark.requirement("X15")
def test_what_is_hidden_stays_hidden(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field is kept from whoever it was kept from, and others read it under its name of now."""
    filled(database_url)
    with broken_off(database_url, monkeypatch, form("wage")) as host:
        assert [{"title": [None, "a"]}, {}] == told(host, ADA)
        changes = [{"title": [None, "a"], "wage": [None, "90000"]}, {"wage": ["90000", "95000"]}]
        assert changes == told(host)
        host.publish()
        assert [{"title": [None, "a"]}, {}] == told(host, ADA)
        assert changes == told(host)


@pytest.mark.requirement("X15")
def test_a_process_of_the_version_before_shows_nothing_more(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not know the new name, and so not whether it may be shown."""
    filled(database_url)
    with opened(database_url, form("salary")) as older:
        older.publish()
        with opened(database_url, form("wage")) as newer:
            newer.publish()
        assert [{"title": [None, "a"]}, {}] == told(older, ADA)


@pytest.mark.requirement("X15")
def test_restored_and_saved_under_the_name_of_now(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version from before comes back whole, and somebody who saw it does not write over what was changed since."""
    filled(database_url)
    with broken_off(database_url, monkeypatch, form("wage")) as host:
        with pytest.raises(Conflict):
            host.ask(APP, "records.update", type="post", id=1, values={"wage": "1"}, version=1)
        host.ask(APP, "records.restore", type="post", id=1, version=1)
        assert "90000" == host.ask(APP, "records.get", type="post", id=1)["wage"]


@pytest.mark.requirement("X15")
def test_erased_under_both_names(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is erased of a person does not come back when the history follows."""
    filled(database_url)
    with broken_off(database_url, monkeypatch, form("wage")) as host:
        host.ask(APP, "forms.erase", form="post", id=1, reason="asked for")
        host.publish()
        with host.database.engine.connect() as connection:
            kept = connection.execute(sa.select(host.types["post"].history.c.changes)).scalars().all()
        assert not [each for each in kept if each.keys() & {"wage", "salary"}]


@pytest.mark.requirement("X15")
def test_the_name_was_taken(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where other rows have the old name from now on, the history is written with the swap."""
    filled(database_url)
    rows = {"name": "salary", "type": "lines", "fields": [{"name": "part", "type": "text"}]}
    [then] = form("wage")
    again = [{**then, "fields": [*then["fields"], rows]}]
    with broken_off(database_url, monkeypatch, again, breaks=False) as host:
        assert [{"title": [None, "a"]}, {}] == told(host, ADA)


@pytest.mark.requirement("X15")
def test_rows_are_no_column(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A next apply would not find them among the columns: what is said of rows is written with the swap."""

    def form_of(rows: str) -> list[dict[str, Any]]:
        fields = [{"name": "part", "type": "text"}]
        return [{"name": "post", "fields": [{"name": rows, "type": "lines", "id": "1", "fields": fields}]}]

    with opened(database_url, form_of("parts")) as host:
        host.publish()
        write(host, {"post": [{"parts": [{"part": "1"}]}]})
    with broken_off(database_url, monkeypatch, form_of("pieces"), breaks=False) as host:
        [changes] = told(host)
        assert "1" == changes["pieces"][1][0]["part"]
