"""Sixteen people who decide at once: as threads of one process, and spread over processes as where an app is served.

Each decision of a run is the next one of an instance of its own, and which task is open there is looked up before the
time runs, for all of them by one query: somebody who decides has seen their list before.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa

from lowcode.flows.tables import task
from lowcode.host import Host
from lowcode.kernel.identity import APP

NEWEST = sa.select(task.c.instance, sa.func.max(task.c.id).label("id")).group_by(task.c.instance)
PATIENCE = 600
"""Seconds after which another process is taken for one that does not answer."""


class Round:
    """One instance whose newest task is decided again and again."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.people = [host.actor("person0"), host.actor("person1")]
        made = host.ask(self.people[0], "records.create", type="quote", values={"number": "Q1", "total": 5})
        begun = host.ask(self.people[0], "flows.start", flow="approval", id=made["id"])
        self.instance = int(begun["id"])
        self.turn = 0
        self.task = 0
        look(host, [self])

    def decide(self) -> None:
        """One completion. Where nobody else is on the database, the next task is the next number."""
        self.host.ask(self.people[self.turn % 2], "flows.decide", task=self.task, decision="approve")
        self.turn += 1
        self.task += 1

    def refuse(self) -> None:
        """Agree, and be sent back by the second."""
        look(self.host, [self])
        self.decide()
        look(self.host, [self])
        self.host.ask(self.people[1], "flows.send_back", task=self.task, to="previous")
        self.turn += 1


def look(host: Host, rounds: Sequence[Round]) -> None:
    """See which tasks are open."""
    with host.session(APP) as context:
        some = NEWEST.where(task.c.instance.in_(sa.bindparam("instances", expanding=True)))
        found = context.unit.fetch(some, instances=[each.instance for each in rounds])
    newest = {row["instance"]: int(row["id"]) for row in found}
    for each in rounds:
        each.task = newest[each.instance]


class Crowd:
    """People of one process, each with so many instances."""

    def __init__(self, host: Host, people: int, each: int) -> None:
        self.host = host
        self.rounds = [[Round(host) for _ in range(each)] for _ in range(people)]

    def look(self) -> None:
        """Before a run."""
        look(self.host, [each for some in self.rounds for each in some])

    def at_once(self) -> None:
        """All of them, each in a thread."""
        at_once([lambda some=some: _decide(some) for some in self.rounds])  # type: ignore[misc]

    def in_turn(self) -> None:
        """As many, one after the other."""
        for some in self.rounds:
            _decide(some)


def _decide(rounds: Sequence[Round]) -> None:
    for each in rounds:
        each.decide()


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Each in a thread of its own; back when the last is done."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Spread:
    """A crowd over several processes, which do what they are told by a word."""

    def __init__(self, ends: Sequence[Connection]) -> None:
        self._ends = ends
        self._heard()

    def look(self) -> None:
        """Before a run."""
        self._tell("look")

    def at_once(self) -> None:
        """All of them."""
        self._tell("at_once")

    def _tell(self, word: str) -> None:
        for end in self._ends:
            end.send(word)
        self._heard()

    def _heard(self) -> None:
        for end in self._ends:
            if not end.poll(PATIENCE):
                raise RuntimeError("a process of the bench does not answer")
            end.recv()


@contextmanager
def spread(app: dict[str, Any], url: str, processes: int, people: int, each: int) -> Iterator[Spread]:
    """So many processes, each with so many people who have so many instances each."""
    spawning = multiprocessing.get_context("spawn")
    pairs = [spawning.Pipe() for _ in range(processes)]
    started = [
        spawning.Process(target=_serve, args=(theirs, app, url, people, each), daemon=True) for _, theirs in pairs
    ]
    for process in started:
        process.start()
    try:
        yield Spread([ours for ours, _ in pairs])
    finally:
        for ours, _ in pairs:
            ours.send("end")
        for process in started:
            process.join(PATIENCE)


def _serve(end: Connection, app: dict[str, Any], url: str, people: int, each: int) -> None:
    """One process of a crowd."""
    with Host(app, url) as host:
        crowd = Crowd(host, people, each)
        end.send("done")
        while (word := end.recv()) != "end":
            getattr(crowd, word)()
            end.send("done")
