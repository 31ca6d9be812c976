"""Files of rows: CSV and XLSX, written as the rows arrive and read whole.

A text that a spreadsheet program would run as a formula is kept from it: in CSV by a leading apostrophe (which reading
takes off again), in XLSX because it is written as text.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lowcode.forms.operations.workbooks import judge
from lowcode.kernel.diagnostics import Problem, Rejected

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROW_LIMIT = 1_048_575
DANGEROUS = "=+-@\t\r\n＝＋－＠"
NO_EXCEL = {
    "en": "Excel files need the package lowcode[excel] on the server; use CSV",
    "zh-CN": "服务器未安装 Excel 组件，请使用 CSV",
}
UNREADABLE = {"en": "the file cannot be read: {reason}", "zh-CN": "无法读取该文件：{reason}"}
TOO_LONG = {"en": "a sheet holds at most {limit} rows; use CSV", "zh-CN": "工作表最多 {limit} 行，请使用 CSV"}
FORMATS = {
    "percent": "0.00%",
    "number": "#,##0.00",
    "instant": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
    "time": "hh:mm",
}
PIECE = 2**16
ENCODINGS = ("utf-8-sig", "gb18030")


def write(
    kind: str, titles: Sequence[str], rows: Iterable[Sequence[Any]], percents: frozenset[int] = frozenset()
) -> bytes:
    """A file of these rows; `percents`: the columns that hold shares."""
    return _write_csv(titles, rows) if kind == "csv" else _write_xlsx(titles, rows, percents)


def _write_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_harmless(title) for title in titles])
    for row in rows:
        writer.writerow([_text(each) for each in row])
    return buffer.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (date, time)) else value


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] and text[0] in DANGEROUS else text


def _write_xlsx(titles: Sequence[str], rows: Iterable[Sequence[Any]], percents: frozenset[int]) -> bytes:
    try:
        import xlsxwriter
    except ImportError:
        raise Rejected(Problem("forms.no-excel", NO_EXCEL, "/format")) from None
    handle, path = tempfile.mkstemp(suffix=".xlsx")
    os.close(handle)
    try:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                   "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}  # fmt: skip
        with xlsxwriter.Workbook(path, options) as book:
            formats = {name: book.add_format({"num_format": form}) for name, form in FORMATS.items()}
            formats["head"] = book.add_format({"bold": True})
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(titles) - 1), 18)
            for column, title in enumerate(titles):
                sheet.write_string(0, column, title, formats["head"])
            for index, row in enumerate(rows, 1):
                if index > ROW_LIMIT:
                    raise Rejected(Problem("forms.sheet-full", TOO_LONG, "/format", {"limit": ROW_LIMIT}))
                for column, value in enumerate(row):
                    _put(sheet, index, column, value, formats, column in percents)
        with open(path, "rb") as made:
            return made.read()
    finally:
        os.unlink(path)


def _put(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any], percent: bool) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (int, Decimal)):
        number = Decimal(value)
        if abs(number) >= 10**15:  # a sheet keeps fifteen digits of a number
            sheet.write_string(row, column, f"{number:f}")
            return
        places = number != number.to_integral_value()
        style = formats["percent"] if percent else formats["number"] if places else None
        sheet.write_number(row, column, value, style)
    elif isinstance(value, (date, datetime, time)):
        name = "instant" if isinstance(value, datetime) else "time" if isinstance(value, time) else "day"
        sheet.write_datetime(row, column, value, formats[name])
    else:
        sheet.write_string(row, column, str(value)[:32_767])


def read(name: str, content: bytes) -> list[list[Any]]:
    """The rows of a file, the titles first; blank rows at the end are left out. Raises Rejected."""
    workbook = content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    try:
        if content[:2] == b"PK":
            judge(content)
        rows = _read_workbook(content) if workbook else _read_csv(content)
    except Rejected:
        raise
    except Exception as error:
        raise Rejected(Problem("forms.unreadable-file", UNREADABLE, "/file", {"reason": f"{name}: {error}"})) from None
    while rows and not any(each not in (None, "") for each in rows[-1]):
        rows.pop()
    return rows


def stream(name: str, content: bytes) -> Iterator[list[Any]]:
    """The rows of a file one after the other, the titles first, without laying them all out. Raises Rejected."""
    workbook = content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    try:
        if content[:2] == b"PK":
            judge(content)
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
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    yield from (list(row) for row in book.get_sheet_by_index(0).iter_rows())


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


def _read_workbook(content: bytes) -> list[list[Any]]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise Rejected(Problem("forms.no-excel", NO_EXCEL, "/file")) from None
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def _read_csv(content: bytes) -> list[list[Any]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError("it is neither UTF-8 nor GB18030 text")
    if "\0" in text:
        raise ValueError("it is not text")
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
