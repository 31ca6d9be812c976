"""People who write at once on SQLite: each work happens once and whole, whoever carries it out."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.storage import open_database
from lowcode.kernel.storage.queueing import Waiting
from lowcode.kernel.storage.sqlite import SqliteDatabase
from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.unit import Unit

metadata = sa.MetaData()
note = sa.Table("note", metadata, sa.Column("id", Id, primary_key=True), sa.Column("text", sa.Text))
TEXTS = sa.select(note.c.text).order_by(note.c.id)
caller: ContextVar[str] = ContextVar("caller", default="nobody")
SECONDS = 20


class Queue(deque[Any]):
    """The queue of a writer that says when somebody came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()

    def append(self, each: Any) -> None:
        super().append(each)
        self.came.set()


class Refused(Exception):
    """What a piece of work does not want."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabase]:
    """A file with one table."""
    found = open_database(f"sqlite:///{tmp_path_factory.mktemp('shared')}/notes.sqlite3")
    assert isinstance(found, SqliteDatabase)
    found.adopt(metadata, sa.MetaData())
    metadata.create_all(found.engine)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _empty(database: SqliteDatabase) -> None:
    with database.transaction() as unit:
        unit.command("DELETE FROM note")


def texts(database: SqliteDatabase) -> list[str]:
    """What is in the table, as another connection sees it."""
    with database.reading() as unit:
        return [row["text"] for row in unit.fetch(TEXTS)]


def noted(text: str) -> Callable[[Unit], str]:
    """Work that writes one row and answers which thread did it, for whom."""

    def work(unit: Unit) -> str:
        unit.insert(note, text=text)
        return f"{threading.current_thread().name} for {caller.get()}"

    return work


def behind(database: SqliteDatabase, queued: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Run each of these in a thread of its name while another writes, so that all of them queue in this order; what
    each answered or raised."""
    answers: dict[str, Any] = {}

    def run(name: str, call: Callable[[], Any]) -> None:
        caller.set(name)
        try:
            answers[name] = call()
        except BaseException as error:
            answers[name] = error

    threads: list[threading.Thread] = []
    queue = database.writer.queue.items = Queue()

    def first(unit: Unit) -> None:
        unit.insert(note, text="first")
        for name, call in queued.items():
            queue.came.clear()
            threads.append(threading.Thread(target=run, args=(name, call), name=name))
            threads[-1].start()
            assert queue.came.wait(SECONDS)

    run("first", lambda: database.write(first))
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive(), f"{thread.name} waits for ever; so far: {answers}"
    return answers


def test_who_writes_does_the_work_of_those_who_queue(database: SqliteDatabase) -> None:
    """In their names (context variables), in their order, with one commit; each hears what it asked for."""
    queued = {name: partial(database.write, noted(name), True) for name in ("anna", "bo", "chen")}
    commits: list[str] = []
    database.writer.connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    answers = behind(database, queued)
    database.writer.connection.set_trace_callback(None)
    here = threading.current_thread().name
    assert {name: f"{here} for {name}" for name in queued} == {name: answers[name] for name in queued}
    assert ["first", "anna", "bo", "chen"] == texts(database)
    assert 1 == len(commits)


def test_work_of_a_thread_stays_in_it(database: SqliteDatabase) -> None:
    """What may not be done anywhere is done by its own thread, and those behind it go on there."""
    anywhere = {"anna": True, "bo": False, "chen": True}
    answers = behind(database, {name: partial(database.write, noted(name), each) for name, each in anywhere.items()})
    here = threading.current_thread().name
    assert {"anna": f"{here} for anna", "bo": "bo for bo", "chen": "bo for chen"} == {n: answers[n] for n in anywhere}
    assert ["first", "anna", "bo", "chen"] == texts(database)


def test_work_that_stays_in_its_thread_stays_in_its_context(database: SqliteDatabase) -> None:
    """What it sets is seen by whoever called: as if there were no queue."""
    token = caller.set("before")
    database.write(lambda unit: caller.set("inside"))
    assert "inside" == caller.get()
    caller.reset(token)


def test_one_that_fails_fails_alone(database: SqliteDatabase) -> None:
    """The others of the group are committed, and only its own caller hears of it."""

    def refuses(unit: Unit) -> None:
        unit.insert(note, text="refused")
        raise Refused

    answers = behind(
        database,
        {
            "anna": lambda: database.write(noted("anna"), anywhere=True),
            "bo": lambda: database.write(refuses, anywhere=True),
            "chen": lambda: database.write(noted("chen"), anywhere=True),
        },
    )
    assert isinstance(answers["bo"], Refused)
    assert ["first", "anna", "chen"] == texts(database)


def test_an_interrupt_takes_nobody_elses_work(database: SqliteDatabase) -> None:
    """Ctrl-C reaches one thread: the work of another that it was doing is done by that one after all, and what it had
    done before is committed."""
    met: list[str] = []

    def interrupted(unit: Unit) -> str:
        met.append(threading.current_thread().name)
        unit.insert(note, text="bo")
        if len(met) == 1:
            raise KeyboardInterrupt
        return "done"

    answers = behind(
        database,
        {
            "anna": lambda: database.write(noted("anna"), anywhere=True),
            "bo": lambda: database.write(interrupted, anywhere=True),
        },
    )
    assert isinstance(answers["first"], KeyboardInterrupt)
    assert "done" == answers["bo"]
    assert [threading.current_thread().name, "bo"] == met
    assert ["first", "anna", "bo"] == texts(database)
    assert not database.writer.connection.in_transaction


def test_what_was_not_begun_is_not_done_after_an_interrupt(database: SqliteDatabase) -> None:
    """Whoever gives up in the queue is forgotten, and those behind go on."""
    writer = database.writer

    class Interrupted(Waiting):
        """Its thread is interrupted when it begins to wait."""

        waits = False

        @property
        def call(self) -> Any:
            if self.waits:
                raise KeyboardInterrupt
            return threading.Lock()

        @call.setter
        def call(self, lock: Any) -> None: ...

    def gives_up() -> None:
        own = Interrupted(noted("anna"), anywhere=False)
        own.waits = True
        writer.queue.through(own)

    answers = behind(database, {"bo": lambda: database.write(noted("bo")), "anna": gives_up})
    assert isinstance(answers["anna"], KeyboardInterrupt)
    assert ["first", "bo"] == texts(database)
    assert not writer.connection.in_transaction


@given(
    plans=st.lists(
        st.lists(st.sampled_from(("anywhere", "here", "fails", "held", "alone")), max_size=5), min_size=2, max_size=6
    )
)
def test_whatever_meets_everything_is_done_once(database: SqliteDatabase, plans: list[list[str]]) -> None:
    """Writes that anybody may do and such as only one thread may, failing ones, an event loop's and transactions of
    their own: what was said to be written is there once, what was refused is not, and nobody waits for ever."""
    before = len(texts(database))
    said: list[str] = []

    def fails(unit: Unit) -> None:
        noted("never")(unit)
        raise Refused

    def person(name: str, plan: list[str]) -> None:
        for number, how in enumerate(plan):
            text = f"{name}.{number}"
            if how == "fails":
                with pytest.raises(Refused):
                    database.write(fails, anywhere=number % 2 == 0)
                continue
            if how == "alone":
                with database.transaction() as unit:
                    noted(text)(unit)
            elif how == "held":
                with database.collecting() as collected:
                    database.write(noted(text))
                database.commit_collected()
                assert collected.error is None
            else:
                database.write(noted(text), anywhere=how == "anywhere")
            said.append(text)

    threads = [threading.Thread(target=person, args=(f"p{n}", plan)) for n, plan in enumerate(plans)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive(), "somebody waits for ever"
    assert sorted(said) == sorted(texts(database)[before:])
    assert not database.writer.connection.in_transaction
    assert database.writer._group is None


def test_a_hosts_own_code_keeps_its_thread() -> None:
    """A host that was given code of the program does what is asked in the thread that asked; one without does not."""
    app = {"app.json": json.dumps({"format": 1, "name": "plain", "title": "Plain"})}
    for options, bound in (({}, False), ({"secrets": {}}, False), ({"secrets": {}.get}, True), ({"engines": ()}, True)):
        with Host(app, **options) as host:
            assert bound == host.thread_bound
