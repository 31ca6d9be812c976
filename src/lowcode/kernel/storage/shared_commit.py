"""One writer whose commits are shared.

A commit costs an fsync (a quarter of a millisecond and more); the work of a save costs a tenth of that. So people who
save at the same time share a commit: each runs in a savepoint of the open transaction, and the last one in the queue
commits for all. Everybody returns only after the commit, so durability is the same (measured ten times the rate:
forms_reports.md 2.3). One writer also means that SQLITE_BUSY never reaches a person.

Whoever holds the connection also does the work of those who queue, one after the other: handing the connection from
thread to thread costs half as much again as a save (decision 0104). Work that may depend on its thread (a host
program's own code) is left to its thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from lowcode.kernel.storage.queueing import Queue, Waiting
from lowcode.kernel.storage.unit import Unit

Result = TypeVar("Result")

GROUP_LIMIT = 64


def schema_number(connection: sqlite3.Connection) -> int:
    """The number that changes with the tables (less than a microsecond)."""
    found: int = connection.execute("PRAGMA schema_version").fetchone()[0]
    return found


class Group:
    """People whose saves share one commit."""

    __slots__ = ("error", "schema", "size", "units", "waiting")

    def __init__(self, schema: int) -> None:
        self.schema = schema
        self.error: BaseException | None = None
        self.size = 0
        self.units: list[Unit] = []
        self.waiting: list[Waiting] = []

    def over(self) -> None:
        """It is committed, or failed: tell those who wait."""
        for each in self.waiting:
            each.done = True
            each.wake()


class Collected:
    """The writes of one request whose commit is still to come."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._groups: list[tuple[Unit, Group]] = []

    @property
    def pending(self) -> bool:
        """Whether anything was written."""
        return bool(self._groups)

    @property
    def waiters(self) -> list[Any]:
        """Those to be woken after the commit."""
        return self.writer.waiters

    @property
    def error(self) -> BaseException | None:
        """Why the commit failed, if it did."""
        return next((group.error for _, group in self._groups if group.error is not None), None)

    def add(self, unit: Unit, group: Group) -> None:
        """A write is done but for its commit."""
        self._groups.append((unit, group))

    def told(self) -> None:
        """Run what was to follow the commit."""
        for unit, _ in self._groups:
            unit.committed()


class Writer:
    """The connection that writes, and the queue before it."""

    def __init__(self, connection: sqlite3.Connection, make: Callable[[sqlite3.Connection], Unit]) -> None:
        self.connection = connection
        self.waiters: list[Any] = []
        self._make = make
        self.queue: Queue[Waiting] = Queue(self._do, self._pause)
        self._group: Group | None = None
        self._local = threading.local()

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False) -> Result:
        """Run `work` in a savepoint of the open group, and return when the group is committed. `anywhere` says that
        whoever has the connection may run it: another thread, with the context variables of this one."""
        if getattr(self._local, "inside", False):
            raise RuntimeError("a write inside a write: use the unit of the running work")
        collected: Collected | None = getattr(self._local, "collected", None)
        if collected is not None:
            return self._hold(work, collected)
        own = Waiting(work, anywhere)
        self.queue.through(own)
        return own.ended()  # type: ignore[no-any-return]

    def _hold(self, work: Callable[[Unit], Result], collected: Collected) -> Result:
        """Do it now, and leave the commit to `commit_collected`."""
        with self.queue.turn():
            try:
                unit, group, result = self._run(work)
            except BaseException:
                if not self.queue.items:
                    self.commit_group()
                raise
        collected.add(unit, group)
        return result

    def _do(self, item: Waiting) -> None:
        """One piece of work of the queue. What it raises is its own thread's to hear."""
        try:
            around = item.around
            done = self._run(item.work) if around is None else around.run(self._run, item.work)
            item.unit, item.group, item.result = done
        except Exception as error:
            item.error, item.done = error, True
            item.wake()
        else:
            item.group.waiting.append(item)

    def _pause(self) -> None:
        """After each piece of work: commit when nobody is queued who will, or enough share it."""
        group = self._group
        if group is not None and (group.size >= GROUP_LIMIT or not self.queue.items):
            self.commit_group()

    def _run(self, work: Callable[[Unit], Result]) -> tuple[Unit, Group, Result]:
        group = self._group
        if group is None:
            group = self._group = Group(self._begin())
        self._local.inside = True
        unit: Unit | None = None
        joins = group.size > 0  # the first needs no savepoint: without it there is nothing in the transaction
        try:
            if joins:
                self.connection.execute("SAVEPOINT work")
            unit = self._make(self.connection)
            unit.schema = group.schema
            result = work(unit)
            if joins:
                self.connection.execute("RELEASE work")
        except BaseException as error:
            self._undo(group, unit, error)
            raise
        finally:
            self._local.inside = False
        group.size += 1
        group.units.append(unit)
        return unit, group, result

    def _begin(self) -> int:
        """Begin a transaction; the number of its tables."""
        self.connection.execute("BEGIN IMMEDIATE")
        return schema_number(self.connection)

    def _undo(self, group: Group, unit: Unit | None, error: BaseException) -> None:
        """One work of the group did not happen; of the first, the transaction ends with it. A full disk ends the whole
        transaction, too: then none of them happened."""
        try:
            if not group.size:
                self._abandon()
            elif self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO work")
                self.connection.execute("RELEASE work")
        except sqlite3.Error:
            self._abandon()
        if unit is not None:
            unit.undone()
        if not self.connection.in_transaction:
            self._group = None
            self._failed(group, error)

    def _abandon(self) -> None:
        """End a transaction that cannot be saved."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    @staticmethod
    def _failed(group: Group, error: BaseException) -> None:
        """Nobody's work of the group happened; each of them is told so."""
        group.error = error
        try:
            for unit in group.units:
                unit.undone()
        finally:
            group.over()

    def commit_group(self) -> None:
        """End the open group. The caller holds the mutex."""
        group, self._group = self._group, None
        if group is None:
            return
        try:
            self.connection.execute("COMMIT")
        except BaseException as error:
            self._abandon()
            self._failed(group, error)
        else:
            group.over()

    @contextmanager
    def alone(self) -> Iterator[Unit]:
        """A transaction that shares no commit."""
        with self.queue.turn():
            if getattr(self._local, "inside", False):
                raise RuntimeError("a transaction inside a write: use the unit of the running work")
            self.commit_group()
            schema = self._begin()
            unit = self._make(self.connection)
            unit.schema = schema
            self._local.inside = True
            try:
                yield unit
                self.connection.execute("COMMIT")
            except BaseException:
                self._abandon()
                unit.undone()
                raise
            finally:
                self._local.inside = False
        unit.committed()

    @contextmanager
    def collecting(self) -> Iterator[Collected]:
        """Within this block a write leaves its commit to `commit_collected`: for event loops, which cannot wait."""
        collected = Collected(self)
        self._local.collected = collected
        try:
            yield collected
        finally:
            self._local.collected = None

    def commit_collected(self) -> list[Any]:
        """Commit what was collected; the waiters to wake."""
        with self.queue.turn():
            self.commit_group()
        waiters, self.waiters = self.waiters, []
        return waiters
