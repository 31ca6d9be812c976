"""Files of rows as they come in: CSV and XLSX.

A text that a spreadsheet program would run as a formula goes out in CSV with a leading apostrophe, which reading takes
off again.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from importlib.util import find_spec
from itertools import accumulate, islice
from typing import IO, Any, BinaryIO

from lowcode.forms.operations import old_workbooks
from lowcode.kernel import workbooks
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.diagnostics import Problem, Rejected

DANGEROUS = "=+-@\t\r\n＝＋－＠"
NO_EXCEL = {
    "en": "Excel files need the package lowcode[excel] on the server; use CSV",
    "zh-CN": "服务器未安装 Excel 组件，请使用 CSV",
}
UNREADABLE = {"en": "the file cannot be read: {reason}", "zh-CN": "无法读取该文件：{reason}"}
PIECE = 2**16
DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 30
"""So many lines say what stands between cells."""
COLUMNS_LIMIT = 16_384
"""Cells of a row, as many as a workbook has."""
ROW_LIMIT = 2**21
"""Characters of a row of text, over all its lines: a row is laid out before its cells can be counted."""
ENCODINGS = ("utf-8-sig", "gb18030")
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


def read(name: str, content: bytes, limit: int) -> list[list[Any]]:
    """The rows of a file, the titles first; blank rows at the end are left out. Of a file with more than `limit` rows
    one more is read. Raises Rejected."""
    rows = list(islice(stream(name, io.BytesIO(content)), limit + 1))
    while rows and not any(each not in (None, "") for each in rows[-1]):
        rows.pop()
    return rows


def stream(name: str, source: IO[bytes]) -> Generator[list[Any], None, None]:
    """The rows of a file one after the other, the titles first, without laying them all out. Raises Rejected."""
    try:
        head = source.read(4)
        source.seek(0)
        workbook = head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
        yield from _workbook_rows(source, head) if workbook else _csv_rows(source)
    except Rejected:
        raise
    except Exception as error:
        chinese = error.chinese if isinstance(error, Unfit) else "文件已损坏，或不是表格；请打开后重新保存"
        reason = {"en": f"{name}: {error}", "zh-CN": f"{name}：{chinese}"}
        raise Rejected(Problem("forms.unreadable-file", UNREADABLE, "/file", {"reason": reason})) from None


def _workbook_rows(source: IO[bytes], head: bytes) -> Iterator[list[Any]]:
    if find_spec("python_calamine") is None:
        raise Rejected(Problem("forms.no-excel", NO_EXCEL, "/file"))
    yield from (workbooks if head[:2] == b"PK" else old_workbooks).rows_of(source)


def _csv_rows(source: IO[bytes]) -> Iterator[list[Any]]:
    encoding = _encoding(source)
    source.seek(0)
    piece = codecs.getincrementaldecoder(encoding)().decode(source.read(PIECE))
    source.seek(0)
    text = io.TextIOWrapper(source, encoding, newline="")
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while line := text.readline(ROW_LIMIT + 1):
            taken += len(line)
            if taken > ROW_LIMIT:
                raise Unfit(f"a row has more than {ROW_LIMIT} characters", f"有一行超过 {ROW_LIMIT} 个字符")
            yield line

    for row in csv.reader(lines(), delimiter=delimiter_of(piece)):
        taken = 0
        if len(row) > COLUMNS_LIMIT:
            raise Unfit(f"a row has more than {COLUMNS_LIMIT} cells", f"有一行超过 {COLUMNS_LIMIT} 个单元格")
        yield row


def delimiter_of(text: str) -> str:
    """What stands between the cells of a text: what most of its first lines have equally often. A title above the table
    may have any of the others in it, and so may the cells."""

    def alike(delimiter: str) -> tuple[int, int]:
        lines = io.StringIO(text, newline="")
        rows = islice(csv.reader(lines, delimiter=delimiter), LOOKED_AT)
        widths = [len(row) for row in rows if len(row) > 1]
        width, count = max(Counter(widths).items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return count, width

    return max(DELIMITERS, key=alike)


def _encoding(source: IO[bytes]) -> str:
    """How the text of a file is written: as it says itself, else the first it can be read as. Raises ValueError."""
    source.seek(0)
    piece = source.read(PIECE)
    if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    found = next((each for each in ENCODINGS if _reads_as(source, each)), None)
    if found is None:
        raise Unfit(
            "it is neither UTF-8, UTF-16, GB18030 nor Big5 text", "它不是 UTF-8、UTF-16、GB18030 或 Big5 编码的文本"
        )
    if found == "gb18030" and _is_traditional(piece) and _reads_as(source, "big5hkscs"):
        return "big5hkscs"
    return found


def _is_traditional(piece: bytes) -> bool:
    """Whether what can be read as GB 18030 is rather Big5: there two of five characters end in a byte below 0xA1, where
    GB 18030 has only rare ones."""
    pairs: list[bytes] = _PAIRS.findall(piece)
    return sum(each[1] < 0xA1 for each in pairs) * 4 > len(pairs)


def _reads_as(source: IO[bytes], encoding: str) -> bool:
    """Whether all of it is text of an encoding, looked at piece by piece. Raises ValueError for what is no text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    source.seek(0)
    try:
        while piece := source.read(PIECE):
            if b"\0" in piece:
                raise Unfit("it is neither a workbook nor text", "它既不是 Excel 工作簿，也不是文本文件")
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class Joined(io.RawIOBase):
    """Files that are one, in pieces: read as though they were. One is open at a time: a service of the embedding
    program gives each as a whole."""

    def __init__(self, opening: Callable[[str], BinaryIO], pieces: Iterable[tuple[str, int]]) -> None:
        """The digest and the size of each."""
        listed = list(pieces)
        self._opening = opening
        self._digests = [digest for digest, _ in listed]
        self._ends = list(accumulate(size for _, size in listed))
        self._at = 0
        self._open: tuple[int, Any] | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """From any place."""
        return True

    def tell(self) -> int:
        """Where it is read from next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1] if self._ends else 0}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Some bytes, of one file at a time. Raises what opening it raises."""
        which = bisect_right(self._ends, self._at)
        if which == len(self._ends):
            return 0
        file = self._piece(which)
        file.seek(self._at - self._begin(which))
        count: int = file.readinto(buffer)
        self._at += count
        return count

    def _begin(self, which: int) -> int:
        return self._ends[which - 1] if which else 0

    def _piece(self, which: int) -> Any:
        if self._open is None or self._open[0] != which:
            self._let_go()
            self._open = which, self._opening(self._digests[which])
            size = self._open[1].seek(0, io.SEEK_END)
            if size != self._ends[which] - self._begin(which):
                raise ValueError(f"piece {which + 1} has {size} bytes and not those that were sent")
        return self._open[1]

    def _let_go(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def close(self) -> None:
        """Enough."""
        self._let_go()
        super().close()
