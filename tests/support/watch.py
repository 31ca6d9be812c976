"""What keeps a run from standing still: a test that hangs is told, with where each thread stood, and ended.

pytest-timeout raises in the thread of the test, once, and no more after the first failure of a test: not while a call
into C does not come back, not in what a test clears up after it was interrupted, and not in its second try (decision
0075). A page that hangs answers nobody, and Playwright waits for it without end.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import suppress

import pytest

PAGE_HANGS = 150
"""Seconds after which one try of a test that drives a browser loses its browser: what waits for it fails, and the next
try gets another."""
HANGS = 400
"""Seconds after which the worker is ended: after pytest-timeout had its turn (`timeout` in pyproject.toml)."""
STANDS = 60
"""Seconds later C does it, in whose way no lock of Python's is."""
LOOKS = 5.0
TOLD = "LOWCODE_HUNG"
"""Names the file that is told which tests were ended so: `./dev test` runs them once more, alone, and says it."""


class Watch:
    """Looks at the test that a worker runs from a thread of its own."""

    def __init__(self, out: int) -> None:
        self.out = out
        self.browser: int | None = None
        """The process of the browser that is running."""
        self._test: tuple[str, float] | None = None
        self._over = threading.Event()
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    def begins(self, name: str) -> None:
        """One try of a test."""
        self._test = name, time.monotonic()
        self.goes_on()

    def goes_on(self) -> None:
        """What pytest cancels when something was raised is set again: clearing up may hang as well."""
        if self._test is not None:
            faulthandler.dump_traceback_later(HANGS + STANDS, exit=True, file=self.out)

    def ends(self) -> None:
        self._test = None
        faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        self.ends()
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(LOOKS):
            if self._test is None:
                continue
            name, since = self._test
            lasted = time.monotonic() - since
            if lasted > HANGS:
                self._say(f"{name} hangs for {HANGS} s: its worker is ended.")
                if told := os.environ.get(TOLD):
                    with open(told, "a", encoding="utf-8") as file:
                        file.write(f"{name}\n")
                os._exit(1)
            if lasted > PAGE_HANGS and self.browser is not None:
                browser, self.browser = self.browser, None
                self._say(f"{name} hangs for {PAGE_HANGS} s: its browser is ended.")
                with suppress(ProcessLookupError):
                    os.kill(browser, signal.SIGKILL)

    def _say(self, what: str) -> None:
        os.write(self.out, f"\n{what}\n".encode())
        faulthandler.dump_traceback(file=self.out, all_threads=True)


watch: Watch | None = None


def pytest_configure() -> None:
    """Before anything is captured."""
    global watch
    watch = Watch(os.dup(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2))


def pytest_unconfigure() -> None:
    if watch is not None:
        watch.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid: str) -> None:
    """Also of a second try."""
    if watch is not None and "PYTEST_XDIST_WORKER" in os.environ:
        watch.begins(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_exception_interact() -> None:
    if watch is not None:
        watch.goes_on()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    try:
        return (yield)
    finally:
        if watch is not None:
            watch.ends()
