"""A result as a workbook: numbers stay numbers, titles in the person's language, totals as the last line."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import localized

FORMATS = {"money": "#,##0.00", "percent": "0.0%", "number": "#,##0.##", None: "General"}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def workbook(result: Mapping[str, Any], locale: str | None) -> bytes:
    """The file."""
    import xlsxwriter  # an optional dependency, at its one door

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        title = localized(result["title"], locale)
        sheet = book.add_worksheet("".join(c for c in title if c not in "[]:*?/\\'")[:31] or "report")
        head = book.add_format({"bold": True, "bg_color": "#1f4e8c", "font_color": "#ffffff"})
        looks = [book.add_format({"num_format": _number(column)}) for column in result["columns"]]
        strong = [book.add_format({"num_format": _number(c), "bold": True, "top": 1}) for c in result["columns"]]
        for place, column in enumerate(result["columns"]):
            sheet.write_string(0, place, localized(column["title"], locale), head)
            sheet.set_column(place, place, 18)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(result["rows"], 1):
            _write(sheet, number, row, result["columns"], looks, locale)
        if result.get("totals") is not None and result["rows"]:
            _write(sheet, len(result["rows"]) + 1, result["totals"], result["columns"], strong, locale)
    return content.getvalue()


def _write(
    sheet: Any, number: int, row: Sequence[Any], columns: Sequence[Mapping[str, Any]], looks: Sequence[Any],
    locale: str | None,
) -> None:  # fmt: skip
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        shown = _shown(value, column, locale)
        if isinstance(shown, (int, float)) and not isinstance(shown, bool):
            sheet.write_number(number, place, shown, looks[place])
        elif isinstance(shown, datetime):
            sheet.write_datetime(number, place, shown, looks[place])
        elif shown is not None:
            sheet.write_string(number, place, str(shown), looks[place])


def _shown(value: Any, column: Mapping[str, Any], locale: str | None) -> Any:
    if isinstance(value, Mapping):
        return value["label"]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    titles = {option["name"]: option["title"] for option in column.get("options", ())}
    if value in titles:
        return localized(titles[value], locale)
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _number(column: Mapping[str, Any]) -> str:
    return "yyyy-mm-dd" if column["kind"] == "date" else FORMATS.get(column.get("format"), "General")
