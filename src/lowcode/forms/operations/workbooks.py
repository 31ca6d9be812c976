"""A workbook is judged before it is opened: a few kilobytes can unpack into gigabytes, and two cells can span a sheet
of seventeen thousand million, which a reader would lay out in memory."""

from __future__ import annotations

import io
import re
import zipfile

UNPACKED_LIMIT = 300 * 2**20
PARTS_LIMIT = 5000
CELLS_LIMIT = 20_000_000
CHUNK = 2**20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_TAIL = 300


def judge(content: bytes) -> None:
    """Raises ValueError, in words for whoever sent it, for a workbook that would not fit."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in {each.filename for each in parts}:
            raise ValueError("it is no .xlsx workbook")
        if len(parts) > PARTS_LIMIT or sum(each.file_size for each in parts) > UNPACKED_LIMIT:
            raise ValueError(f"it unpacks to more than {UNPACKED_LIMIT // 2**20} MB")
        unpacked = 0
        for each in parts:
            if each.filename.startswith("xl/worksheets/") and each.filename.endswith(".xml"):
                unpacked += _judge_sheet(archive, each.filename, unpacked)


def _judge_sheet(archive: zipfile.ZipFile, name: str, unpacked: int) -> int:
    """The bytes a sheet unpacks to; what its header claims need not be true."""
    size = 0
    rows, columns = _Span(), _Span()
    tail = b""
    with archive.open(name) as sheet:
        while chunk := sheet.read(CHUNK):
            size += len(chunk)
            if unpacked + size > UNPACKED_LIMIT:
                raise ValueError(f"it unpacks to more than {UNPACKED_LIMIT // 2**20} MB")
            text = tail + chunk
            for letters, digits in _CELL.findall(text):
                rows.take(int(digits))
                columns.take(_column(letters))
            tail = text[-_TAIL:]
            if rows.length * columns.length > CELLS_LIMIT:
                raise ValueError(f"a sheet spans more than {CELLS_LIMIT} cells; delete what is far from the rest")
    return size


def _column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number


class _Span:
    """From the first to the last."""

    __slots__ = ("first", "last")

    def __init__(self) -> None:
        self.first, self.last = 2**31, 0

    def take(self, number: int) -> None:
        """One more."""
        self.first, self.last = min(self.first, number), max(self.last, number)

    @property
    def length(self) -> int:
        """How many there are in between."""
        return max(0, self.last - self.first + 1)
