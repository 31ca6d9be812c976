"""Files of rows, written piece by piece: a spreadsheet (`xlsx`), CSV, or JSON lines for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

import orjson

from lowcode.forms.operations.sheets import DANGEROUS
from lowcode.forms.operations.xlsx import LARGE, Hint, Xlsx
from lowcode.kernel.records.show import plain

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
ROW_LIMIT = 1_048_575
"""Rows of a sheet below its titles."""
CELL_BYTES = 60
"""What a cell takes in a sheet before it is compressed, about."""


class Writer(Protocol):
    """Writes one file from its beginning to its end."""

    def begin(self) -> bytes:
        """What stands before the first row."""
        ...

    def rows(self, rows: Iterable[Sequence[Any]]) -> bytes:
        """Some more rows."""
        ...

    def end(self) -> bytes:
        """What stands behind the last."""
        ...


def writer(
    kind: str,
    titles: Sequence[str],
    formats: Sequence[str],
    expected: int,
    *,
    name: str = "",
    hints: Sequence[Hint] = (),
) -> Writer:
    """What writes a file with these titles; of a sheet `formats` says how the numbers of each column look, `name` what
    it is called, and `hints` what is said at the cells of each column."""
    if kind == "csv":
        return Csv(titles)
    if kind == "jsonl":
        return JsonLines(titles)
    return Xlsx(titles, formats, name=name, hints=hints, large=expected * len(titles) * CELL_BYTES > LARGE)


class Csv:
    """Comma-separated values; a text that would run as a formula gets an apostrophe before it."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer)

    def begin(self) -> bytes:
        """The mark that tells Excel that it is UTF-8, and the titles."""
        return "\ufeff".encode() + self.rows([self._titles])

    def rows(self, rows: Iterable[Sequence[Any]]) -> bytes:
        """Some more rows."""
        self._writer.writerows([_TEXTS.get(each.__class__, str)(each) for each in row] for row in rows)
        made = self._buffer.getvalue().encode("utf-8", "replace")
        self._buffer.seek(0)
        self._buffer.truncate()
        return made

    def end(self) -> bytes:
        """Nothing."""
        return b""


def _same(value: Any) -> Any:
    return value


def harmless(text: str) -> str:
    """A text that no spreadsheet program runs."""
    return f"'{text}" if text[:1] and text[0] in DANGEROUS else text


_TEXTS: Mapping[type, Callable[[Any], Any]] = {
    str: harmless, int: _same, float: _same, type(None): lambda _: "", Decimal: lambda value: f"{value:f}",
    datetime: lambda value: value.isoformat(" ", "seconds"), date: date.isoformat, time: time.isoformat,
}  # fmt: skip


class JsonLines:
    """One object for each record, in a line of its own; its keys are the paths of the columns."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def begin(self) -> bytes:
        """Nothing."""
        return b""

    def rows(self, rows: Iterable[Sequence[Any]]) -> bytes:
        """Some more rows."""
        option = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
        names = self._names
        return b"".join(
            [orjson.dumps(dict(zip(names, row, strict=True)), default=plain, option=option) for row in rows]
        )

    def end(self) -> bytes:
        """Nothing."""
        return b""
