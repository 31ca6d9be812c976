"""A decision table as a workbook and back: one sheet, what people keep such tables in.

The first column says what a line is. Above: name, title, form, hit policy. Then the columns: whether each is asked
(`when`) or answered (`then`), its name, its expression or type. Then one line per row, and `otherwise`. A document that
is written and read again is the same document.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any

from lowcode.kernel import workbooks
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.diagnostics import Text

ABOVE = ("name", "title", "help", "form", "hit", "aggregate", "complete")
POSSIBLE = ", ".join((*ABOVE, "column"))
NO_COLUMNS = "there is no line 'column' that says what is asked and what is answered"
MISPLACED = "the lines 'name' and 'expression' belong under 'column'"
MOST_LINES = 20_000
"""More than any table has; a sheet may name a last row far below."""
COLUMN_LINES = ("column", "name", "expression", "title", "values")


class WrongSheet(Exception):
    """A sheet is no decision table: which line, and why."""

    def __init__(self, line: int, reason: str, chinese: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason
        self.text: Text = {"en": str(self), "zh-CN": f"第 {line} 行：{chinese}"}


def write_workbook(document: Mapping[str, Any]) -> bytes:
    """The file. Raises ImportError when no writer of workbooks is installed."""
    import xlsxwriter  # an optional dependency, at its one door

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet("table")
        looks = {
            "label": book.add_format({"font_color": "#5b6470"}),
            "when": book.add_format({"bold": True, "bg_color": "#dbe7f6", "bottom": 1}),
            "then": book.add_format({"bold": True, "bg_color": "#fde9c8", "bottom": 1}),
            "note": book.add_format({"bold": True, "bg_color": "#eceef1", "bottom": 1}),
        }
        lines = to_lines(document)
        head = next(at for at, line in enumerate(lines) if line[0] == "column")
        for at, line in enumerate(lines):
            sheet.write_string(at, 0, line[0], looks["label"])
            for place, cell in enumerate(line[1:], 1):
                if cell == "":
                    continue
                kind = lines[head][place] if place < len(lines[head]) else ""
                style = looks.get(kind) if head <= at < head + 2 else None
                sheet.write_string(at, place, cell, style)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, max(1, len(lines[head]) - 1), 22)
        sheet.freeze_panes(head + 2, 1)
    return content.getvalue()


def read_workbook(content: bytes) -> dict[str, Any]:
    """The document in a workbook. Raises WrongSheet; ImportError when no reader of workbooks is installed."""
    if find_spec("python_calamine") is None:  # an optional dependency
        raise ImportError("python_calamine")
    lines: list[list[str]] = []
    try:
        for row in workbooks.rows_of(io.BytesIO(content)):
            for place, cell in enumerate(row):
                _check(cell, len(lines) + 1, place + 1)
            lines.append([_text(cell) for cell in row])
            if len(lines) > MOST_LINES:
                raise Unfit(f"it has more than {MOST_LINES} lines", f"它超过 {MOST_LINES} 行")
    except WrongSheet:
        raise
    except Exception as error:
        chinese = error.chinese if isinstance(error, Unfit) else "它不是工作簿"
        raise WrongSheet(1, f"the file cannot be read: {error}", f"无法读取此文件：{chinese}") from None
    return from_lines(lines)


def to_lines(document: Mapping[str, Any]) -> list[list[str]]:
    """The table as lines of texts."""
    lines = [[word, _packed(document[word])] for word in ABOVE if word in document]
    lines.append([""])
    inputs, outputs = document["inputs"], document["outputs"]
    columns = [*inputs, *outputs]
    lines.append(["column", *["when"] * len(inputs), *["then"] * len(outputs), "note"])
    lines.append(["name", *(each["name"] for each in columns)])
    lines.append(["expression", *(each["expression"] for each in inputs), *(each.get("type", "") for each in outputs)])
    for word in ("title", "values"):
        if any(word in each for each in columns):
            lines.append([word, *(_packed(each[word]) if word in each else "" for each in columns)])
    for number, row in enumerate(document["rules"], 1):
        when, then = row.get("when", {}), row["then"]
        cells = [when.get(each["name"], "") or "" for each in inputs] + [then.get(each["name"], "") for each in outputs]
        lines.append([str(number), *cells, _packed(row["note"]) if "note" in row else ""])
    if document.get("otherwise"):
        otherwise = document["otherwise"]
        lines.append(["otherwise", *[""] * len(inputs), *(otherwise.get(each["name"], "") for each in outputs)])
    return lines


def from_lines(lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The table of lines of texts. Raises WrongSheet."""
    document: dict[str, Any] = {"type": "table"}
    above, at = {}, 0
    while at < len(lines) and _label(lines[at]) != "column":
        word = _label(lines[at])
        if word and word not in ABOVE:
            raise WrongSheet(at + 1, f"'{word}' is not one of {POSSIBLE}", f"“{word}”不是 {POSSIBLE} 之一")
        if word and len(lines[at]) > 1 and lines[at][1]:
            above[word] = _unpacked(lines[at][1])
        at += 1
    if at == len(lines):
        raise WrongSheet(len(lines), NO_COLUMNS, "没有说明条件与结果的 column 行")
    document.update(above)
    kinds = [each.strip() for each in lines[at][1:]]
    for place, kind in enumerate(kinds):
        if kind not in ("when", "then", "note", ""):
            raise WrongSheet(
                at + 1, f"column {place + 2} is '{kind}'; it is when, then or note",
                f"第 {place + 2} 列是“{kind}”，应为 when、then 或 note",
            )  # fmt: skip
    said: dict[str, list[str]] = {}
    at += 1
    while at < len(lines) and _label(lines[at]) in COLUMN_LINES:
        said[_label(lines[at])] = list(lines[at][1:])
        at += 1
    if "name" not in said or "expression" not in said:
        raise WrongSheet(at + 1, MISPLACED, "name 与 expression 行应在 column 行之下")
    document["inputs"], document["outputs"] = _columns(kinds, said, "when"), _columns(kinds, said, "then")
    document["rules"], otherwise = _rows(lines[at:], kinds, said["name"], at + 1)
    if otherwise:
        document["otherwise"] = otherwise
    return document


def _columns(kinds: Sequence[str], said: Mapping[str, Sequence[str]], kind: str) -> list[dict[str, Any]]:
    found = []
    for place, each in enumerate(kinds):
        if each != kind:
            continue
        column: dict[str, Any] = {"name": _at(said["name"], place)}
        told = _at(said["expression"], place)
        if told:
            column["expression" if kind == "when" else "type"] = told
        for word in ("title", "values"):
            if packed := _at(said.get(word, ()), place):
                column[word] = _unpacked(packed)
        found.append(column)
    return found


def _rows(
    lines: Sequence[Sequence[str]], kinds: Sequence[str], names: Sequence[str], first: int
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    rows: list[dict[str, Any]] = []
    otherwise: dict[str, str] = {}
    for offset, line in enumerate(lines):
        cells = line[1:]
        if not any(each.strip() for each in line):
            continue
        then = {_at(names, at): _at(cells, at) for at, kind in enumerate(kinds) if kind == "then" and _at(cells, at)}
        if _label(line) == "otherwise":
            otherwise = then
            continue
        if not then:
            raise WrongSheet(first + offset, "the row answers nothing", "此行没有结果")
        when = {_at(names, at): _at(cells, at) for at, kind in enumerate(kinds) if kind == "when" and _at(cells, at)}
        row: dict[str, Any] = {"when": when, "then": then}
        note = next((_at(cells, at) for at, kind in enumerate(kinds) if kind == "note" and _at(cells, at)), "")
        if note:
            row["note"] = _unpacked(note)
        rows.append(row)
    return rows, otherwise


def _label(line: Sequence[str]) -> str:
    return line[0].strip() if line else ""


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _packed(value: Any) -> str:
    """Words as they are; words in several languages, lists and truths as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unpacked(text: str) -> Any:
    if text[:1] in ("{", "[") or text in ("true", "false"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _check(cell: Any, line: int, column: int) -> None:
    """A formula that has no result, or ended in an error, says nothing. Raises WrongSheet."""
    if cell == workbooks.UNCOMPUTED:
        raise WrongSheet(
            line,
            f"column {column} has a formula without a result; open and save the file in Excel, or type what is meant",
            f"第 {column} 列的公式没有计算结果；请用 Excel 打开并保存文件，或直接填写正确内容",
        )
    if isinstance(cell, str) and cell in workbooks.ERRORS:
        raise WrongSheet(
            line,
            f"column {column} is {cell}: its formula ends in an error; correct it, or type what is meant",
            f"第 {column} 列为 {cell}，公式出错；请改正，或直接填写正确内容",
        )


def _text(cell: Any) -> str:
    """What somebody typed into a cell, as text: a sheet makes numbers and days of it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date()
    return f'DATE("{cell.isoformat()}")' if isinstance(cell, date) else str(cell)
