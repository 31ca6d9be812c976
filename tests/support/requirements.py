"""A pytest plug-in: which rows of docs/requirements.md are shown, and by which tests.

`pytest --requirements` collects, runs nothing, writes build/requirements.json (row → tests) and prints a summary.
A mark that names a row which does not exist stops every run: a misspelt number would otherwise show nothing, unseen.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "requirements.md"
RESULT = ROOT / "build" / "requirements.json"


@dataclass(frozen=True)
class Row:
    """One requirement; `area` is the heading it stands under."""

    number: str
    words: str
    area: str


def read_rows(text: str) -> dict[str, Row]:
    """The rows of the list, in its order."""
    rows: dict[str, Row] = {}
    area = ""
    for line in text.splitlines():
        if line.startswith("## "):
            area = line.removeprefix("## ").strip()
        found = re.match(r"\| ([A-Z]+\d+) \| ([^|]+) \|", line)
        if found:
            number = found.group(1)
            if number in rows:
                raise ValueError(f"{LIST.name} has two rows {number}")
            rows[number] = Row(number, found.group(2).strip(), area)
    return rows


def showing(items: Iterable[pytest.Item], rows: Mapping[str, Row]) -> dict[str, list[str]]:
    """For every row of the list the tests that name it, and an error when a test names another."""
    shown: dict[str, list[str]] = {number: [] for number in rows}
    for item in items:
        for mark in item.iter_markers("requirement"):
            unknown = [str(number) for number in mark.args if number not in rows]
            if unknown or not mark.args:
                said = f"names the requirements {', '.join(unknown)}" if unknown else "names no requirement"
                raise pytest.UsageError(f"{item.nodeid} {said}; the rows are listed in docs/{LIST.name}")
            for number in mark.args:
                if item.nodeid not in shown[number]:
                    shown[number].append(item.nodeid)
    return shown


def summary(rows: Mapping[str, Row], shown: Mapping[str, list[str]]) -> list[str]:
    """Lines for people: per area how many rows are shown, and which are not."""
    areas: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        areas[row.area].append(row)
    lines = []
    for area, members in areas.items():
        missing = [row for row in members if not shown[row.number]]
        lines.append(f"{area}: {len(members) - len(missing)} of {len(members)} shown")
        lines += [f"  + {row.number:<5} {row.words}" for row in members if shown[row.number]]
        lines += [f"  - {row.number:<5} {row.words}" for row in missing]
    total = sum(1 for number in rows if shown[number])
    return [*lines, "", f"{total} of {len(rows)} rows shown; {RESULT.relative_to(ROOT)} names the tests"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="list which requirements are shown; runs no test")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--requirements"):
        config.option.collectonly = True
        config.option.verbose = -2


def pytest_collection_finish(session: pytest.Session) -> None:
    rows = read_rows(LIST.read_text(encoding="utf-8"))
    shown = showing(session.items, rows)
    if session.config.getoption("--requirements"):
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        session.config.stash[LINES] = summary(rows, shown)


LINES = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(LINES, []):
        terminalreporter.write_line(line)
