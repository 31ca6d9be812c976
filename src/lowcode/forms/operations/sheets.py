"""Files of rows as they come in: CSV and XLSX.

A text that a spreadsheet program would run as a formula goes out in CSV with a leading apostrophe, which reading takes
off again.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lowcode.forms.operations.workbooks import rows_of
from lowcode.kernel.diagnostics import Problem, Rejected

DANGEROUS = "=+-@\t\r\n＝＋－＠"
NO_EXCEL = {
    "en": "Excel files need the package lowcode[excel] on the server; use CSV",
    "zh-CN": "服务器未安装 Excel 组件，请使用 CSV",
}
UNREADABLE = {"en": "the file cannot be read: {reason}", "zh-CN": "无法读取该文件：{reason}"}
PIECE = 2**16
ENCODINGS = ("utf-8-sig", "gb18030")


def read(name: str, content: bytes, limit: int) -> list[list[Any]]:
    """The rows of a file, the titles first; blank rows at the end are left out. Of a file with more than `limit` rows
    one more is read. Raises Rejected."""
    rows = list(islice(stream(name, content), limit + 1))
    while rows and not any(each not in (None, "") for each in rows[-1]):
        rows.pop()
    return rows


def stream(name: str, content: bytes) -> Iterator[list[Any]]:
    """The rows of a file one after the other, the titles first, without laying them all out. Raises Rejected."""
    workbook = content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    try:
        yield from _workbook_rows(content) if workbook else _csv_rows(content)
    except Rejected:
        raise
    except Exception as error:
        raise Rejected(Problem("forms.unreadable-file", UNREADABLE, "/file", {"reason": f"{name}: {error}"})) from None


def _workbook_rows(content: bytes) -> Iterator[list[Any]]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise Rejected(Problem("forms.no-excel", NO_EXCEL, "/file")) from None
    if content[:2] == b"PK":
        yield from rows_of(content)
    else:  # the older kind holds at most 65,536 rows
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        yield from (list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def _csv_rows(content: bytes) -> Iterator[list[Any]]:
    encoding = next((each for each in ENCODINGS if _reads_as(content, each)), None)
    if encoding is None:
        raise ValueError("it is neither UTF-8 nor GB18030 text")
    if b"\0" in content:
        raise ValueError("it is not text")
    first = content.partition(b"\n")[0].decode(encoding, "replace")
    delimiter = max((",", ";", "\t"), key=first.count)
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    yield from csv.reader(text, delimiter=delimiter)


def _reads_as(content: bytes, encoding: str) -> bool:
    """Whether all of it is text of an encoding, looked at piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
