"""Older formats are lifted step by step when a document is loaded; places stay those of the text."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.definitions import Source
from lowcode.kernel.definitions.source import read_source
from lowcode.kernel.definitions.upgrade import lift
from lowcode.kernel.diagnostics import Report


def _fields_from_columns(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """A step for tests: format 1 called fields columns."""
    if kind == "forms" and "columns" in data:
        data["fields"] = data.pop("columns")
    return data


def _named_fields(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """A step for tests: format 2 wrote fields as plain names."""
    if kind == "forms":
        data["fields"] = [{"name": each} for each in data.get("fields", [])]
    return data


STEPS = {1: _fields_from_columns, 2: _named_fields}


def test_every_step_is_taken_in_order() -> None:
    """A document two formats old passes both steps; the given data is left as it was."""
    source = Source("forms/a.json", None, {"name": "a", "format": 1, "columns": ["b"]})
    report = Report()
    assert lift("forms", source, report, STEPS) == {"name": "a", "format": 3, "fields": [{"name": "b"}]}
    assert source.data == {"name": "a", "format": 1, "columns": ["b"]}
    assert report.ok


def test_a_document_of_today_is_left_alone() -> None:
    """What has the newest format, or says nothing of it, is the same object afterwards."""
    for data in ({"format": 3}, {"name": "a"}):
        source = Source("forms/a.json", None, data)
        assert lift("forms", source, Report(), STEPS) is data


def test_a_newer_format_is_a_finding() -> None:
    """A document from the future is refused with its line, not guessed at."""
    source = read_source("forms/a.json", '{"name": "a",\n "format": 9}', Report())
    report = Report()
    lift("forms", source, report, STEPS)
    assert [(each.code, each.place.line) for each in report] == [("definitions.newer-format", 2)]
