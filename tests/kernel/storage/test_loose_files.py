"""Files that nothing refers to are collected by night; none that anything refers to is, whoever else is at work."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.engines import built_in
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.events import trimming
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import files, loose
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import Json

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
METADATA = (t.metadata, *(each.tables for each in built_in() if each.tables is not None))
ON_ITS_WAY = "lc_event.work"
"""What goes with an event is in the queue before anything is collected, and is one of its jobs then."""
OF_FILES, OF_CONTENTS = (
    {name: column for column, _ in loose.referring(METADATA, what)
     if (name := f"{column.table.name}.{column.name}") != ON_ITS_WAY}
    for what in (loose.FILE, loose.CONTENTS)
)  # fmt: skip
APP_JSON = {"name": "small", "title": "Small", "zone": "UTC", "roles": [{"name": "sales"}]}
LEAD = {
    "name": "lead", "title": "Lead",
    "fields": [{"name": "company", "type": "text"}, {"name": "papers", "type": "attachment"},
               {"name": "items", "type": "lines", "fields": [{"name": "drawing", "type": "attachment"}]}],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
}  # fmt: skip


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    """An app with a form that holds files, in a folder of their own."""
    app = {"app.json": json.dumps(APP_JSON), "forms/lead.json": json.dumps(LEAD)}
    with Host(app, database_url, clock=FrozenClock(MORNING)) as host:
        host.publish()
        with host.session(APP) as context:
            context.ask("identity.save_person", login="li", name="Li", roles=["sales"], password="li-password")
        host.forget_directory()
        host.tick()
        yield host


def upload(host: Host, content: bytes) -> int:
    """A file somebody sent."""
    actor = host.actor("li")
    kept = host.database.write(lambda unit: files.keep(host.context(unit, actor), "a.txt", "text/plain", content))
    return int(kept["id"])


def nights(host: Host, days: int) -> None:
    """So many days later, with everything done that was put off."""
    host.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
    host.settle()


def lies(host: Host, digest: str) -> Path:
    """Where contents lie in the folder of a host."""
    assert isinstance(host.files, files.FileStore)
    return host.files.path(digest)


def there(host: Host) -> set[int]:
    """The files that are left."""
    with host.database.reading() as unit:
        return {row["id"] for row in unit.fetch(sa.select(t.file.c.id))}


def row(column: sa.Column[Any], value: Any) -> dict[str, Any]:
    """A row of the column's table with this value in it, which counts."""
    made: dict[str, Any] = {}
    for each in column.table.columns:
        if each.name == "id" or (each.nullable and each is not column):
            continue
        kind = type(each.type).__name__
        made[each.name] = (
            {} if kind == "Json" else MORNING if kind == "Instant" else False if isinstance(each.type, sa.Boolean)
            else f"{each.name} {column.name}" if isinstance(each.type, sa.Text) else 7_000_000
        )  # fmt: skip
    for name, values in column.info.get("counts", {}).items():
        made[name] = values[0]
    if "due_at" in made:  # a job that is not yet done
        made["due_at"] = MORNING + timedelta(days=4000)
    return made | {column.name: {"deep": [{"id": value}]} if isinstance(column.type, Json) else value}


@pytest.mark.requirement("SP17")
def test_what_any_column_refers_to_stays(host: Host) -> None:
    """Of each column that refers to files: one that it names stays, whatever its age; one that none names goes after
    thirty days and not before, and its contents a day later."""
    kept = {name: upload(host, name.encode()) for name in OF_FILES}
    gone, digest = upload(host, b"loose"), host.files.put(b"loose")
    held = {name: host.files.put(f"in {name}".encode()) for name in OF_CONTENTS if name != "lc_file.digest"}
    held |= {"lc_file.digest": host.files.put(next(iter(OF_FILES)).encode())}
    loose_too = [upload(host, host.files.get(each)) for each in held.values()]
    with host.database.transaction() as unit:
        for name, column in OF_FILES.items():
            unit.insert(column.table, **row(column, kept[name]))
        for name, column in OF_CONTENTS.items():
            if column.table is not t.file:  # there a file that is kept has the same contents
                unit.insert(column.table, **row(column, held[name]))
    shown = {each["log"]: each for each in host.ask(APP, "logs.kept")["items"]}["loose_files"]
    assert (30, MORNING) == (shown["days"], shown["oldest"])
    nights(host, 29)
    assert {*kept.values(), gone, *loose_too} <= there(host)
    for each in (digest, *held.values()):
        os.utime(lies(host, each), (time.time() - 90_000,) * 2)
    nights(host, 3)
    left = there(host)
    assert {} == {name: each for name, each in kept.items() if each not in left}
    assert set() == {gone, *loose_too} & left
    nights(host, 2)
    with pytest.raises(NotFound):
        host.files.get(digest)
    assert {} == {name: each for name, each in held.items() if not lies(host, each).exists()}


def test_what_a_sealed_job_needs_stays(host: Host) -> None:
    """A letter that waits for longer than files are kept encloses what nothing else refers to any more; of the sealed
    job nothing else is open, not even what looks like a digest."""
    contents, secret = host.files.put(b"enclosed"), "ab" * 32
    upload(host, b"enclosed")
    enclosed = [{"name": "a.pdf", "media_type": "application/pdf", "digest": contents}]
    with host.session(APP) as context:
        letter: dict[str, Any] = {"to": "ada@example.com", "subject": secret, "text": secret, "files": enclosed}
        context.later("mail.send", at=MORNING + timedelta(days=60), **letter)
    with host.database.reading() as unit:
        [kept] = [each["body"] for each in unit.fetch(sa.select(t.job).where(t.job.c.name == "mail.send"))]
    assert {"sealed", "needs"} == kept.keys() and [contents] == kept["needs"]
    os.utime(lies(host, contents), (time.time() - 90_000,) * 2)
    nights(host, 33)
    assert b"enclosed" == host.files.get(contents)


def test_a_column_of_files_says_that_it_refers() -> None:
    """A new column that is called like one has to say so, or what it names would be collected."""
    named = [
        f"{table.name}.{column.name}" for metadata in METADATA for table in metadata.sorted_tables
        for column in table.columns if column.name in ("file", "files", "attachments", "picture", "pictures")
    ]  # fmt: skip
    assert [] == sorted(set(named) - set(OF_FILES) - set(OF_CONTENTS))


@pytest.mark.requirement("SP17")
def test_drafts_records_and_rows_hold_their_files(host: Host) -> None:
    """By what people do: a draft, a record and a row of it keep what they hold; thrown away, the draft's goes."""
    plain, drafted, saved, drawn = (upload(host, each) for each in (b"1", b"2", b"3", b"4"))
    li = host.actor("li")
    draft = host.ask(li, "forms.save_draft", form="lead", values={"papers": [drafted]})
    values = {"company": "Acme", "papers": [saved], "items": [{"drawing": [drawn]}]}
    host.ask(li, "records.create", type="lead", values=values)
    nights(host, 40)
    assert {drafted, saved, drawn} == there(host)
    assert plain not in there(host)
    host.ask(li, "forms.discard_draft", id=draft["id"])
    nights(host, 2)
    assert {saved, drawn} == there(host)
    with pytest.raises(Rejected, match="file"):
        host.ask(li, "records.create", type="lead", values={"company": "Late", "papers": [plain]})


def test_many_go_in_pieces_and_what_stays_is_passed_over(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece in which everything stays ends nothing."""
    monkeypatch.setattr(trimming, "FILES", 2)
    found = [upload(host, str(each).encode()) for each in range(9)]
    host.ask(host.actor("li"), "forms.save_draft", form="lead", values={"papers": found[:5]})
    nights(host, 40)
    assert set(found[:5]) == there(host)


def test_contents_that_are_kept_again_stay(host: Host) -> None:
    """Somebody who keeps the same contents at this moment finds them, whatever the other does."""
    digest = host.files.put(b"again")
    old = (time.time() - 90_000,) * 2
    os.utime(lies(host, digest), old)
    assert digest == host.files.put(b"again")
    assert not host.files.discard(digest, 86_400)
    os.utime(lies(host, digest), old)
    assert host.files.discard(digest, 86_400)
    assert host.files.discard(digest, 86_400), "once more is no error"
    assert digest == host.files.put(b"again")
    assert b"again" == host.files.get(digest)


@pytest.mark.postgresql
@pytest.mark.requirement("SP17")
def test_whoever_refers_meanwhile_keeps_the_file_or_is_refused(postgresql_url: str) -> None:
    """A transaction that has taken a file keeps it from being collected; one that comes while it is collected waits,
    and is told that it is gone: never a record without its file."""
    app = {"app.json": json.dumps(APP_JSON), "forms/lead.json": json.dumps(LEAD)}
    with Host(app, postgresql_url, clock=FrozenClock(MORNING)) as host, ThreadPoolExecutor(1) as other:
        host.publish()
        with host.session(APP) as context:
            context.ask("identity.save_person", login="li", name="Li", roles=["sales"], password="li-password")
        host.forget_directory()
        li = host.actor("li")
        first, second = upload(host, b"first"), upload(host, b"second")
        later = MORNING + timedelta(days=40)
        taken, collected = Event(), Event()

        def attach() -> None:
            with host.session(li) as context:
                context.ask("records.create", type="lead", values={"company": "Acme", "papers": [first]})
                context.unit.fetch(sa.select(t.file_use))
                taken.set()
                assert collected.wait(20)

        running = other.submit(attach)
        assert taken.wait(20)
        with host.database.transaction() as unit:
            gone, _, _ = loose.take(unit, METADATA, later, 0, 10)
            assert 1 == gone, "the second only"
            collected.set()
            running.result(20)
            late = other.submit(host.ask, li, "records.create", type="lead", values={"papers": [second]})
            with pytest.raises(TimeoutError):
                late.result(0.3)
        with pytest.raises(Rejected):
            late.result(20)
        assert {first} == there(host)
        with host.database.transaction() as unit:
            assert 0 == loose.take(unit, METADATA, later, 0, 10)[0]
