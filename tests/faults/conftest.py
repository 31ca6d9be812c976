"""Databases and processes for the fault tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Victim:
    """A running worker process and the acknowledgements it gave."""

    def __init__(self, what: str, url: str, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", what, url, *more],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        self.said: list[list[str]] = []

    def read(self, count: int) -> None:
        """Wait until it said so many lines more."""
        assert self.process.stdout is not None
        for _ in range(count):
            line = self.process.stdout.readline()
            assert line, f"it ended by itself, after {self.said[-3:]}"
            self.said.append(line.strip().split(maxsplit=2))

    def read_until(self, *words: str) -> None:
        """Wait until it said this."""
        while self.said[-1:] != [list(words)]:
            self.read(1)

    def end(self) -> None:
        """Wait until it has ended by itself, with all it said."""
        assert self.process.stdout is not None
        self.said += [line.strip().split(maxsplit=2) for line in self.process.stdout]
        self.process.wait()
        self._close()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL. What it had said by then counts."""
        self.process.kill()
        assert self.process.stdout is not None
        rest = self.process.stdout.read()
        self.process.wait()
        self._close()
        complete = rest[: rest.rfind("\n") + 1]
        self.said += [line.strip().split(maxsplit=2) for line in complete.splitlines()]


@contextmanager
def victim(what: str, url: str, *more: str) -> Iterator[Victim]:
    """A process that is killed at the end of the block at the latest."""
    found = Victim(what, url, *more)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.kill()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that several processes can open."""
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql_url")
        return found
    return f"sqlite:///{tmp_path}/faults.sqlite3"
