"""A result as a workbook: numbers stay numbers and days days, instants in the app's zone, titles in the person's
language, totals as the last line."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.reports.charts.words import Speech

FORMATS = {"money": "#,##0.00", "percent": "0.0%", "number": "#,##0.##", None: "General"}
DAYS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(result: Mapping[str, Any], speech: Speech, cross: Mapping[str, Any] | None = None) -> bytes:
    """The file: the rows, or the cross table that was made of them."""
    import xlsxwriter  # an optional dependency, at its one door

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        if cross is None:
            add_sheet(book, result, speech)
        else:
            add_cross(book, result, cross, speech)
    return content.getvalue()


def add_sheet(
    book: Any, result: Mapping[str, Any], speech: Speech, title: str = "", taken: set[str] | None = None
) -> None:
    """A sheet with the rows of a result."""
    sheet = book.add_worksheet(_name(title or localized(result["title"], speech.locale), taken))
    looks = [book.add_format({"num_format": _number(column)}) for column in result["columns"]]
    strong = [book.add_format({"num_format": _number(c), "bold": True, "top": 1}) for c in result["columns"]]
    for place, column in enumerate(result["columns"]):
        sheet.write_string(0, place, localized(column["title"], speech.locale), _head(book))
        sheet.set_column(place, place, 18)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(result["rows"], 1):
        _write(sheet, number, row, result["columns"], looks, speech)
    if result.get("totals") is not None and result["rows"]:
        _write(sheet, len(result["rows"]) + 1, result["totals"], result["columns"], strong, speech)


def add_cross(book: Any, result: Mapping[str, Any], cross: Mapping[str, Any], speech: Speech) -> None:
    """A sheet with a cross table: groups that fold, subtotals strong, colours as on the screen."""
    sheet = book.add_worksheet(_name(localized(result["title"], speech.locale), None))
    measures = [next(c for c in result["columns"] if c["name"] == each["name"]) for each in cross["measures"]]
    width = len(measures)
    sheet.write_string(1, 0, " / ".join(cross["heads"]), _head(book))
    sheet.set_column(0, 0, 28)
    groups = [*(" / ".join(column["names"]) for column in cross["columns"]), cross["grand"]["name"]]
    for group, name in enumerate(groups):
        sheet.write_string(0, 1 + group * width, name if cross["columns"] else "", _head(book))
        for place, measure in enumerate(measures):
            sheet.write_string(1, 1 + group * width + place, localized(measure["title"], speech.locale), _head(book))
            sheet.set_column(1 + group * width + place, 1 + group * width + place, 15)
    sheet.freeze_panes(2, 1)
    deepest = len(cross["heads"])
    for number, line in enumerate([*cross["lines"], cross["grand"]], 2):
        strong = line["depth"] < deepest
        look = book.add_format({"bold": strong, "indent": max(line["depth"] - 1, 0)})
        sheet.write_string(number, 0, _safe(line["name"]), look)
        if line["depth"] > 1:
            sheet.set_row(number, None, None, {"level": min(line["depth"] - 1, 7)})
        cells = [cell for group in [*line["cells"], line["totals"]] for cell in group]
        for place, cell in enumerate(cells):
            if cell is not None and cell["number"] is not None:
                shade = {"bg_color": cell["ground"]} if "ground" in cell else {}
                form = {"num_format": _number(measures[place % width]), "bold": strong, **shade}
                sheet.write_number(number, 1 + place, cell["number"], book.add_format(form))


def _head(book: Any) -> Any:
    return book.add_format({"bold": True, "bg_color": "#1f4e8c", "font_color": "#ffffff"})


def _name(title: str, taken: set[str] | None) -> str:
    """A name that a sheet can have, and that no other has."""
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "report"
    name, count = plain, 2
    while taken is not None and name.lower() in taken:
        name, count = f"{plain[:27]} {count}", count + 1
    if taken is not None:
        taken.add(name.lower())
    return name


def _safe(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def _write(
    sheet: Any, number: int, row: Sequence[Any], columns: Sequence[Mapping[str, Any]], looks: Sequence[Any],
    speech: Speech,
) -> None:  # fmt: skip
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        shown = _shown(value, column, speech)
        if isinstance(shown, (int, float)):
            sheet.write_number(number, place, shown, looks[place])
        elif isinstance(shown, datetime):
            sheet.write_datetime(number, place, shown, looks[place])
        elif shown is not None:
            sheet.write_string(number, place, str(shown), looks[place])


def _shown(value: Any, column: Mapping[str, Any], speech: Speech) -> Any:
    if isinstance(value, Mapping):
        return value["label"]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool):
        return speech.say("是" if value else "否", "yes" if value else "no")
    if isinstance(value, datetime):
        return value.astimezone(speech.zone).replace(tzinfo=None)  # a workbook knows no zones
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    titles = {option["name"]: option["title"] for option in column.get("options", ())}
    if value in titles:
        return localized(titles[value], speech.locale)
    return _safe(value) if isinstance(value, str) else value


def _number(column: Mapping[str, Any]) -> str:
    return DAYS.get(column["kind"]) or FORMATS.get(column.get("format"), "General")
