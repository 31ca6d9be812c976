"""The list of requirements is read whole, and marks point into it."""

from __future__ import annotations

import pytest

from tests.support.requirements import LIST, Row, read_rows, showing, summary

TEXT = """
## A4 Rule engine
| row | requirement | needs |
|---|---|---|
| SR01 | Many rules | library |
| SR02 | If this then that | rule |
"""


class Item:
    """As much of a collected test as the plug-in asks for."""

    nodeid = "tests/test_rules.py::test_it"

    def __init__(self, *rows: str) -> None:
        self.mark = pytest.mark.requirement(*rows).mark

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        return [self.mark]


def test_rows_and_summary() -> None:
    """Shown and not shown rows are told per area."""
    rows = read_rows(TEXT)
    assert rows["SR02"] == Row("SR02", "If this then that", "A4 Rule engine")
    shown = showing([Item("SR01")], rows)  # type: ignore[list-item]
    assert shown == {"SR01": ["tests/test_rules.py::test_it"], "SR02": []}
    assert summary(rows, shown)[:3] == [
        "A4 Rule engine: 1 of 2 shown",
        "  + SR01  Many rules",
        "  - SR02  If this then that",
    ]


def test_an_unknown_row_stops_the_run() -> None:
    """A misspelt number is refused with the name of the test."""
    with pytest.raises(pytest.UsageError, match="test_it names the requirements SR99"):
        showing([Item("SR99")], read_rows(TEXT))  # type: ignore[list-item]


def test_the_list_is_whole() -> None:
    """The list in the repository has all its areas."""
    rows = read_rows(LIST.read_text(encoding="utf-8"))
    assert len(rows) >= 385
    assert len({row.area for row in rows.values()}) == 15
