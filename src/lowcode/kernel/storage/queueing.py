"""The queue before a connection that one thread uses at a time: whoever has it does the work of those who wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from lowcode.kernel.storage.unit import Unit

if TYPE_CHECKING:
    from lowcode.kernel.storage.shared_commit import Group


class Item:
    """What stands in a queue, and the thread that waits for it."""

    __slots__ = ("anywhere", "call", "done")

    def __init__(self, *, anywhere: bool) -> None:
        self.anywhere = anywhere
        """Whether another thread may do it."""
        self.done = False
        """Whether it is committed, or has failed."""
        self.call = threading.Lock()
        self.call.acquire()

    def wake(self) -> None:
        """Let its thread look again. Two may do so at once; once is enough."""
        try:
            self.call.release()
        except RuntimeError:
            return


class Waiting(Item):
    """Work in the queue."""

    __slots__ = ("around", "error", "group", "result", "unit", "work")

    def __init__(self, work: Callable[[Unit], Any], anywhere: bool) -> None:
        super().__init__(anywhere=anywhere)
        self.work = work
        self.around: Context | None = copy_context() if anywhere else None
        """What the waiting thread knows of its caller, where another may do the work: it goes on in that."""
        self.unit: Unit | None = None
        self.group: Group | None = None
        self.result: Any = None
        self.error: BaseException | None = None

    def ended(self) -> Any:
        """What came of it, in its own thread: the result, or the error raised."""
        error = self.error or (self.group.error if self.group else None)
        if error is not None:
            self.error = None  # an error knows its frames, and they know this
            raise error
        assert self.unit is not None
        self.unit.committed()
        return self.result


Queued = TypeVar("Queued", bound=Item)


class Queue(Generic[Queued]):
    """Who waits for the connection, in order of coming. Threads that queue lead in turn: `through`."""

    def __init__(self, do: Callable[[Queued], None], pause: Callable[[], None]) -> None:
        self.items: deque[Queued] = deque()
        self._mutex = threading.RLock()
        self._do = do
        self._pause = pause
        """Called after each piece of work, and when somebody left."""

    def through(self, own: Queued) -> None:
        """Return when it is done: do it when the connection is free, else wait for whoever has it."""
        self.items.append(own)
        try:
            while not own.done:
                if self._mutex.acquire(blocking=False):
                    try:
                        self._serve(own)
                    finally:
                        self._mutex.release()
                        self._call_next()
                    if own.done:
                        return
                own.call.acquire()
        except BaseException:
            self._leave(own)
            raise

    def _leave(self, own: Queued) -> None:
        """Its thread was interrupted: what is not begun is not done, and who relied on it for a commit gets one."""
        try:
            self.items.remove(own)
        except ValueError:
            return
        with self.turn():
            self._pause()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the connection for this block."""
        try:
            with self._mutex:
                yield
        finally:
            self._call_next()

    def _call_next(self) -> None:
        """The connection is free: whoever is first in the queue takes it. Called after every release of the mutex, so
        that nobody who came too early for it and too late for the one before waits for ever."""
        if self.items:
            try:
                self.items[0].wake()
            except IndexError:  # somebody was faster
                return

    def _serve(self, own: Queued) -> None:
        """Do what is queued, and commit when nothing is left, until the own work is done or another thread has to go
        on. An interrupt (Ctrl-C) that hits somebody else's work leaves it to its thread."""
        queue = self.items
        while queue and not own.done:
            item = queue[0]
            if item is not own and not item.anywhere:
                return
            try:
                queue.popleft()
                self._do(item)
            except BaseException:
                if item is not own and not item.done and item not in queue:
                    queue.appendleft(item)
                self._pause()
                raise
            self._pause()
