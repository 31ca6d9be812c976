"""The parts of a file, written into the database as it is read: by one reader at a time, whoever began to read last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.forms.operations.runs import LOCKED
from lowcode.forms.tables import import_part as part_table
from lowcode.kernel.diagnostics import Problem, Rejected

ROWS = 1_048_575
TOO_LARGE = {"en": "at most {limit} rows in a file", "zh-CN": "文件最多 {limit} 行"}


class Overtaken(Exception):
    """The import was broken off, or another reader began to read its file: this one stops."""


def reads(run: Mapping[str, Any], reader: int) -> bool:
    """Whether this reader is the one that reads it."""
    by: int = run["asked"].get("reader", 0)
    return run["state"] == "reading" and by == reader


class Laying:
    """Writes parts behind those that are laid out already, some at a time."""

    def __init__(self, host: Any, run: Mapping[str, Any], head: int, at_once: int) -> None:
        self.head, self.total = head, run["total"]
        self._host, self._run, self._number = host, run, run["part"]
        self._at_once = at_once
        self._waiting: list[dict[str, Any]] = []

    @property
    def first(self) -> int:
        """The row in which the next part begins."""
        first: int = self.head + self.total + 1
        return first

    def add(self, first: int, count: int, rows: Any) -> None:
        """One part. Raises Rejected where the file is too large."""
        self.total = first + count - 1 - self.head
        if self.total > ROWS:
            raise Rejected(Problem("forms.file-too-large", TOO_LARGE, "/file", {"limit": ROWS}))
        self._waiting.append(
            {"run": self._run["id"], "number": self._number, "first": first, "rows": rows, "made": None}
        )
        self._number += 1
        if len(self._waiting) == self._at_once:
            self.write()

    def write(self) -> None:
        """Those that wait. Raises Overtaken."""
        several, self._waiting = self._waiting, []

        def work(unit: Any) -> None:
            (now,) = unit.locked(LOCKED, run_id=self._run["id"])
            if not reads(now, self._run["asked"]["reader"]):
                raise Overtaken
            unit.insert_many(part_table, several)

        if several:
            self._host.write(work)
