"""Databases and processes for the fault tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import worker
from tests.support.forked import PROCESSES


class Victim:
    """A running worker process and the acknowledgements it gave."""

    def __init__(self, what: str, url: str, *more: str) -> None:
        self._heard, said = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=worker.main, args=(said, what, url, *more), daemon=True)
        self.process.start()
        said.close()
        self.said: list[list[str]] = []

    def read(self, count: int) -> None:
        """Wait until it said so much more."""
        for _ in range(count):
            assert self._hear(), f"it ended by itself, after {self.said[-3:]}"

    def read_until(self, *words: str) -> None:
        """Wait until it said this."""
        while self.said[-1:] != [list(words)]:
            self.read(1)

    def _hear(self) -> bool:
        """What it said next; whether there was anything. What was not said to its end was not said."""
        try:
            self.said.append(self._heard.recv())
        except (EOFError, OSError):
            return False
        return True

    def end(self) -> None:
        """Wait until it has ended by itself, with all it said."""
        while self._hear():
            pass
        self.process.join()
        self._heard.close()

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL. What it had said by then counts."""
        self.process.kill()
        self.end()


@contextmanager
def victim(what: str, url: str, *more: str) -> Iterator[Victim]:
    """A process that is killed at the end of the block at the latest."""
    found = Victim(what, url, *more)
    try:
        yield found
    finally:
        if found.process.is_alive():
            found.kill()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that several processes can open."""
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql_url")
        return found
    return f"sqlite:///{tmp_path}/faults.sqlite3"
