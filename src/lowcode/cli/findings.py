"""Findings on a terminal: place, words, the line of the document with a caret, and the cure; or as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from lowcode.cli.console import Console, columns
from lowcode.cli.speaking import spoken
from lowcode.kernel.definitions import Source
from lowcode.kernel.diagnostics import Diagnostic, Report

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\w.+-]+|.')
_CHARACTER = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.")
_WORD = re.compile(r"[\w.]+|.")
_ROOM = 160

SAID = {
    "en": {"error": "error", "warning": "warning", "information": "information", "fix": "fix:"},
    "zh-CN": {"error": "错误", "warning": "警告", "information": "提示", "fix": "改法："},
}
"""What a finding is called by how severe it is, and its cure."""

Lines = Callable[[str], Source | None]
"""The text of a document by its path."""


def no_lines(_path: str) -> Source | None:
    """Where the texts are not at hand."""
    return None


def show_report(console: Console, report: Report, lines: Lines = no_lines) -> None:
    """Every finding, and how many there were."""
    for finding in report:
        show_finding(console, finding, lines)
    if not len(report):
        return
    errors = len(report.errors)
    colour = console.red if errors else console.yellow
    documents = len({finding.place.document for finding in report})
    console.say(colour(_summed_up(errors, len(report) - errors, documents)))


def _summed_up(errors: int, warnings: int, documents: int) -> str:
    if spoken() == "zh-CN":
        counts = [f"{errors} 个错误" if errors else "", f"{warnings} 个警告" if warnings else ""]
        return f"{documents} 个文件中有 {'、'.join(filter(None, counts))}"
    told = " and ".join(filter(None, [_count(errors, "error"), _count(warnings, "warning")]))
    return f"{told} in {_count(documents, 'document')}"


def show_finding(console: Console, finding: Diagnostic, lines: Lines = no_lines) -> None:
    """One finding, in the language of the terminal as far as it has been said in it."""
    message, hint = finding.told(spoken())
    said = SAID[spoken()]
    severity = (console.red if finding.severity == "error" else console.yellow)(said[finding.severity])
    console.print(f"{console.bold(str(finding.place))}: {severity}: {message} {console.dim(f'[{finding.code}]')}")
    for line in excerpt(finding, lines(finding.place.document)):
        console.print(line)
    if hint:
        console.print(f"  {console.green(said['fix'])} {hint}")


def excerpt(finding: Diagnostic, source: Source | None) -> list[str]:
    """The line a finding is about, a caret under what it means."""
    place = finding.place
    if source is None or place.line is None or place.column is None:
        return []
    line = source.line(place.line).replace("\t", " ")
    if not line:
        return []
    at, marked = _meant(finding, line, place.column - 1)
    start = max(0, at - _ROOM // 2) if len(line) > _ROOM else 0
    shown = line[start : start + _ROOM]
    width = columns(marked[: max(1, start + _ROOM - at)])
    number = str(place.line)
    margin = " " * len(number)
    return [f"  {number} | {shown}", f"  {margin} | {' ' * columns(line[start:at])}{'^' * max(1, width)}"]


def _meant(finding: Diagnostic, line: str, at: int) -> tuple[int, str]:
    """Where in its line a finding points, and at what: the value that begins there, or the word in the expression that
    stands in it."""
    token = _TOKEN.match(line, at)
    if token is None:
        return at, ""
    written, expression = token.group(), finding.values.get("expression")
    column = finding.values.get("column")
    if not isinstance(expression, str) or not isinstance(column, int) or not written.startswith('"'):
        return at, written
    pieces = [each.group() for each in _CHARACTER.finditer(written[1:-1])]
    found = "".join(_read(each) for each in pieces).find(expression)
    if found < 0:
        return at, written
    before = len("".join(pieces[: found + column - 1]))
    word = _WORD.match(written[1:-1], before)
    return at + 1 + before, word.group() if word else ""


def _read(piece: str) -> str:
    """A character of a JSON text, however it is written."""
    return str(json.loads(f'"{piece}"')) if len(piece) > 1 else piece


def as_json(report: Report) -> str:
    """The findings for another program."""
    return json.dumps([_values(finding) for finding in report], ensure_ascii=False, indent=1)


def _values(finding: Diagnostic) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "document": finding.place.document,
        "pointer": finding.place.pointer,
        "line": finding.place.line,
        "column": finding.place.column,
    }


def _count(number: int, word: str) -> str:
    return "" if not number else f"{number} {word}" + ("s" if number > 1 else "")
