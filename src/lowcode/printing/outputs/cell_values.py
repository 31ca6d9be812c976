"""What a cell of an Excel file holds: a number or a day where its look can show one, else words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from lowcode.printing.blocks.drawing.office import parsed
from lowcode.printing.blocks.drawing.workbooks import S

DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The built-in looks that show a day or a time."""
AS_TEXT = 49
LITERAL = re.compile(r'"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.|_.', re.IGNORECASE)
EPOCH, EPOCH_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)


class Looks:
    """The looks of the cells of one workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._formats: list[int] = []
        self._codes: dict[int, str] = {}
        if "xl/styles.xml" in parts:
            root = parsed(parts["xl/styles.xml"])
            for each in root.iter(f"{S}numFmt"):
                self._codes[int(each.get("numFmtId") or 0)] = str(each.get("formatCode") or "")
            looks = root.find(f"{S}cellXfs")
            self._formats = [int(each.get("numFmtId") or 0) for each in looks] if looks is not None else []
        about = parsed(parts["xl/workbook.xml"]).find(f"{S}workbookPr")
        self._epoch = EPOCH_OF_1904 if about is not None and about.get("date1904") in ("1", "true") else EPOCH

    def typed(self, cell: Any, value: Mapping[str, str]) -> bool:
        """Write the bare number or day of a value; False where it has none, or the cell could not show it as one."""
        style = int(cell.get("s") or 0)
        form = self._formats[style] if style < len(self._formats) else 0
        if form == AS_TEXT:
            return False
        if "number" in value:
            self._put(cell, value["number"])
            return True
        if "day" in value and self._shows_days(form):
            self._put(cell, self._serial(value["day"]))
            return True
        return False

    def words(self, cell: Any, words: Any) -> None:
        """Write words, whatever they begin with: they are never read as a formula."""
        self._clear(cell)
        cell.set("t", "inlineStr")
        words.tag = f"{S}is"
        cell.append(words)

    def _shows_days(self, form: int) -> bool:
        if form in DAYS:
            return True
        return re.search(r"[ymdhs]", LITERAL.sub("", self._codes.get(form, "")), re.IGNORECASE) is not None

    def _serial(self, text: str) -> str:
        at = datetime.fromisoformat(text)
        days = (at.date() - self._epoch).days
        if at.time() == time():
            return str(days)
        return f"{days + (at - datetime.combine(at.date(), time())) / timedelta(days=1):.10f}"

    def _put(self, cell: Any, number: str) -> None:
        self._clear(cell)
        cell.attrib.pop("t", None)
        held = cell.makeelement(f"{S}v", {})
        held.text = number
        cell.append(held)

    def _clear(self, cell: Any) -> None:
        for child in list(cell):
            cell.remove(child)
