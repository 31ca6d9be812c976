"""The text of one document: its data at once, and line and column of every JSON pointer when somebody asks."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cached_property
from typing import Any

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.pointers import positions, value_at
from lowcode.kernel.definitions.reader import Reading, read
from lowcode.kernel.diagnostics import Place, Report

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


class _Doubtful(ValueError):
    """The fast reader met something that only the careful one can explain."""


class Source:
    """A document's path, text and data. `whole` is False when part of the text could not be understood."""

    def __init__(self, path: str, text: str | None, data: Any, *, whole: bool = True) -> None:
        self.path = path
        self.text = text
        self.data = data
        self.whole = whole

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """Where a value stands (or its key). What is not there is placed at the nearest thing around it."""
        if self.text is None:
            return Place(self.path, pointer)
        (values, keys), near = self._positions, pointer
        offset = keys.get(near) if key else None
        while offset is None:
            offset = values.get(near)
            if offset is None and not near:
                offset = 0
            near = near.rpartition("/")[0]
        return self._place(offset, pointer)

    def at(self, pointer: str) -> Any:
        """The value at a JSON pointer; KeyError or IndexError when there is none."""
        return value_at(self.data, pointer)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty when the text is not known."""
        lines = self._lines
        if self.text is None or not 0 < number <= len(lines):
            return ""
        end = lines[number] if number < len(lines) else len(self.text)
        return self.text[lines[number - 1] : end].rstrip("\r\n")

    @cached_property
    def _positions(self) -> tuple[dict[str, int], dict[str, int]]:
        """Computed when the first place is asked for; the careful reader, if it ran, has put its own here."""
        return positions(self.text or "")

    @cached_property
    def _lines(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.text or ""))]

    def _place(self, offset: int, pointer: str = "") -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self.path, pointer, line, offset - self._lines[line - 1] + 1)


def read_source(path: str, content: bytes | str | Any, report: Report) -> Source:
    """Read a document from bytes, text or values; what is wrong with the text goes to the report."""
    if not isinstance(content, (bytes, bytearray, str)):
        return Source(path, None, content)
    text = _decode(path, bytes(content), report) if not isinstance(content, str) else content
    if text.startswith("\ufeff"):
        report.add(MESSAGES.diagnostic("byte-order-mark", Place(path, "", 1, 1)))
        text = text[1:]
    try:
        return Source(path, text, _fast(text))
    except _Doubtful:
        return _careful(path, text, report)
    except (ValueError, RecursionError) as error:
        source = _careful(path, text, report)
        if not any(each.place.document == path and each.severity == "error" for each in report):
            # the two readers must never disagree in silence
            report.add(MESSAGES.diagnostic("unreadable", Place(path, "", 1, 1), problem=str(error)))
            source.whole = False
        return source


def _careful(path: str, text: str, report: Report) -> Source:
    source = Source(path, text, None)

    def fault(key: str, offset: int, **values: Any) -> None:
        report.add(MESSAGES.diagnostic(key, source._place(offset), **values))

    reading: Reading = read(text, fault)
    source.data, source.whole = reading.data, reading.whole
    source.__dict__["_positions"] = (reading.values, reading.keys)
    return source


def _fast(text: str) -> Any:
    """The data, by the parser written in C; ValueError when anything at all is doubtful."""
    if "\\u" in text and _HALF_CHARACTER.search(text):
        raise _Doubtful
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _Doubtful
    return data


def _constant(_name: str) -> Any:
    raise _Doubtful


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _Doubtful
    return value


def _decode(path: str, content: bytes, report: Report) -> str:
    """Bytes as text. What is not UTF-8 is a finding that names the likely encoding, and is read on all the same."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        text, guess = _guess(content)
        place = Place(path, "", line, column)
        report.add(MESSAGES.diagnostic("encoding", place, seen=f"0x{content[error.start]:02X}", guess=guess))
        return text


def _guess(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace"), "; it seems to be UTF-16"
    try:
        return content.decode("gb18030"), "; it seems to be GBK"
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace"), ""
