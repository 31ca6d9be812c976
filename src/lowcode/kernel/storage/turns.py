"""Pieces of work that take turns in one thread: while a server works out the answer to one, another goes on.

The kernel is synchronous (decision 0004), and an event loop has one thread. A read that waits for PostgreSQL in the
loop makes everybody wait as long; one that is handed to a thread costs half as much again (decision 0024). So it runs
in a greenlet: where the driver would wait for its socket, the greenlet hands the thread back to the loop, and goes on
when the loop says that the answer is there. Nothing of the work between loop and driver knows of it (decision 0118).

What runs like this must not hold a lock while it asks the database: another piece of the same thread would wait for it
forever. Reads hold none.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import psycopg

try:
    from greenlet import getcurrent, greenlet
except ImportError:  # no build for this machine: reads wait in threads
    getcurrent = greenlet = None

Result = TypeVar("Result")
READABLE, WRITABLE = 1, 2
"""What a socket is waited for, and what it is: the driver's own numbers (`psycopg.waiting.Wait`, `Ready`)."""
NOTHING = 0, 0


def possible() -> bool:
    """Whether work can take turns here; the loops of Windows do not watch sockets of others."""
    return greenlet is not None and sys.platform != "win32"


async def in_turn(work: Callable[[], Result]) -> Result:
    """Do synchronous work in this thread; the loop goes on wherever the work waits for a database that was told so
    (`yields`)."""
    turn = _Turn(asyncio.get_running_loop(), work)
    turn.go_on(None)
    try:
        return await turn.done  # type: ignore[no-any-return]
    except asyncio.CancelledError:
        turn.give_up()
        raise


class _Turn:
    """One piece of work, and what it waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any]) -> None:
        self.loop = loop
        self.done: asyncio.Future[Any] = loop.create_future()
        self.work = _Work(work)
        self.work.gr_context = copy_context()
        self.waits_for: tuple[int, int] = NOTHING
        """The descriptor of a socket, and what it is waited for."""

    def go_on(self, ready: int | None) -> None:
        """The work has the thread, until it waits or ends."""
        self._stop_waiting()
        try:
            asked = self.work.switch() if ready is None else self.work.switch(ready)
        except BaseException as error:
            if not self.done.done():
                self.done.set_exception(error)
            return
        if not self.work.dead:
            self._wait(*asked)
        elif not self.done.done():
            self.done.set_result(asked)

    def _wait(self, descriptor: int, wanted: int) -> None:
        self.waits_for = descriptor, wanted
        if wanted & READABLE:
            self.loop.add_reader(descriptor, self.go_on, READABLE)
        if wanted & WRITABLE:
            self.loop.add_writer(descriptor, self.go_on, WRITABLE)

    def _stop_waiting(self) -> None:
        (descriptor, wanted), self.waits_for = self.waits_for, NOTHING
        if wanted & READABLE:
            self.loop.remove_reader(descriptor)
        if wanted & WRITABLE:
            self.loop.remove_writer(descriptor)

    def give_up(self) -> None:
        """Nobody waits for it any more: the work ends where it is, and cleans up after itself."""
        self._stop_waiting()
        if not self.work.dead:
            self.work.throw()


_Work: Any = None if greenlet is None else type("Work", (greenlet,), {"__doc__": "Work that takes turns."})


def yields(connection: psycopg.Connection[Any]) -> None:
    """From now on work that takes turns waits for this connection without holding the thread. The connection must be
    that of one piece of work at a time."""
    if greenlet is None:
        return
    plainly = connection.wait

    def wait(asking: Any, *given: Any, **how: Any) -> Any:
        work = getcurrent()
        if not isinstance(work, _Work):  # in a thread of its own, or before the loop runs
            return plainly(asking, *given, **how)
        descriptor = connection.pgconn.socket
        try:
            wanted = next(asking)
            while True:
                wanted = asking.send(work.parent.switch((descriptor, wanted)))
        except StopIteration as end:
            return end.value

    connection.wait = wait  # type: ignore[method-assign, assignment]
