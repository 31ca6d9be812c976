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
from contextlib import suppress
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


class Watch:
    """The socket of a connection, watched by a loop from its first answer on: to begin and to end that for each answer
    costs a sixth of a point query. It has to end before anything closes the socket."""

    __slots__ = ("connection", "descriptor", "loop", "turn")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.descriptor = -1
        self.loop: asyncio.AbstractEventLoop | None = None
        self.turn: _Turn | None = None
        """Whose work waits for it."""

    def begin(self, turn: _Turn) -> None:
        """This work goes on when the server has something to say."""
        self.turn = turn
        if self.loop is not turn.loop:
            self.end()
            self.turn, self.loop, self.descriptor = turn, turn.loop, self.connection.pgconn.socket
            self.loop.add_reader(self.descriptor, self._readable)

    def _readable(self) -> None:
        turn, self.turn = self.turn, None
        if turn is None:  # nobody asked: the server ended the connection, and whoever takes it next sees that
            self.end()
        else:
            turn.go_on(READABLE)

    def end(self) -> None:
        """Nothing is waited for here any more; in the thread of the loop, or while it does not run."""
        loop, self.loop, self.turn = self.loop, None, None
        if loop is not None and not loop.is_closed():
            loop.remove_reader(self.descriptor)

    def close(self) -> None:
        """Close the connection, from any thread: a loop that runs in another one does it itself."""
        loop = self.loop
        if loop is not None and loop.is_running() and loop is not asyncio._get_running_loop():
            with suppress(RuntimeError):  # it has just ended
                loop.call_soon_threadsafe(self.close)
                return
        self.end()
        self.connection.close()


class _Turn:
    """One piece of work, and what it waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any]) -> None:
        self.loop = loop
        self.done: asyncio.Future[Any] = loop.create_future()
        self.work = _Work(work)
        self.work.gr_context = copy_context()
        self.watch: Watch | None = None
        """What it waits for."""
        self.writes = False
        """Whether that is room to write as well."""

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

    def _wait(self, watch: Watch, wanted: int) -> None:
        self.watch = watch
        watch.begin(self)
        if wanted & WRITABLE:
            self.writes = True
            self.loop.add_writer(watch.descriptor, self.go_on, WRITABLE)

    def _stop_waiting(self) -> None:
        watch, self.watch = self.watch, None
        if watch is not None:
            watch.turn = None
            if self.writes:
                self.writes = False
                self.loop.remove_writer(watch.descriptor)

    def give_up(self) -> None:
        """Nobody waits for it any more: the work ends where it is, and cleans up after itself."""
        self._stop_waiting()
        if not self.work.dead:
            self.work.throw()


_Work: Any = None if greenlet is None else type("Work", (greenlet,), {"__doc__": "Work that takes turns."})


def yields(connection: psycopg.Connection[Any]) -> Watch:
    """From now on work that takes turns waits for this connection without holding the thread. The connection must be
    that of one piece of work at a time, and is closed by what this gives back."""
    watch = Watch(connection)
    if greenlet is None:
        return watch
    plainly = connection.wait

    def wait(asking: Any, *given: Any, **how: Any) -> Any:
        work = getcurrent()
        if not isinstance(work, _Work):  # in a thread of its own, or before the loop runs
            return plainly(asking, *given, **how)
        try:
            wanted = next(asking)
            while True:
                wanted = asking.send(work.parent.switch((watch, wanted)))
        except StopIteration as end:
            return end.value
        except BaseException:  # the driver closes the socket of a connection that is lost
            watch.end()
            raise

    connection.wait = wait  # type: ignore[method-assign, assignment]
    return watch
