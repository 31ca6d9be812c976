"""A time guard for reads that somebody waits for in an event loop.

Where everybody shares one thread, a query may take milliseconds and no more: within `Database.quickly(seconds)` one
that takes longer is stopped with `OutOfTime`, and the caller asks again where it may take its time. SQLite looks at the
clocks every few thousand steps of its machine, which costs nothing that can be measured; PostgreSQL is given a limit.

What is counted is processor time of the thread: on a busy machine a quick read waits for its turn, and is no slower
elsewhere. What waits for a disk or a lock uses no processor, so there is a limit by the clock on the wall as well.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from contextvars import ContextVar

STEPS = 4000
"""Steps of SQLite's machine between two looks at the clock: some tens of microseconds."""


class OutOfTime(BaseException):
    """A read that had to be quick was stopped. Like a cancelled task it is no error: nobody on the way handles it."""


class _Quickly:
    """Not a generator: every read that is answered in a loop goes through it, and those cost twice as much.

    The thread's own clock is read by a call of the system, so it is read first where SQLite looks first: until then a
    read took some tens of microseconds, and most are done."""

    __slots__ = ("kept", "processor", "seconds", "token", "wall")

    def __init__(self, kept: ContextVar[_Quickly | None], seconds: float, wall: float) -> None:
        self.kept = kept
        self.seconds = seconds
        self.wall = wall
        self.processor: float | None = None

    def __enter__(self) -> None:
        self.wall += time.monotonic()
        self.token = self.kept.set(self)

    def __exit__(self, *_: object) -> None:
        self.kept.reset(self.token)

    def over(self) -> bool:
        """Whether the time is over."""
        if self.processor is None:
            self.processor = time.thread_time() + self.seconds
            return self.seconds <= 0 or time.monotonic() > self.wall
        return time.thread_time() > self.processor or time.monotonic() > self.wall


class Guard:
    """How long this piece of work may still read: pieces that take turns in one thread have a time each."""

    def __init__(self) -> None:
        self._limit: ContextVar[_Quickly | None] = ContextVar("limit", default=None)

    def quickly(self, seconds: float, wall: float | None = None) -> AbstractContextManager[None]:
        """Within this block, in this thread, reads are stopped when they have had the processor for `seconds`, or at
        the latest after `wall` seconds; left out, that is as long."""
        return _Quickly(self._limit, seconds, seconds if wall is None else wall)

    @property
    def on(self) -> bool:
        """Whether time is limited here."""
        return self._limit.get() is not None

    def over(self) -> bool:
        """Whether the time is over; for SQLite's progress handler."""
        limit = self._limit.get()
        return limit is not None and limit.over()
