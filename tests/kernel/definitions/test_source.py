"""The reader: data, places, and a finding with place and cure for every mistake a person makes in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.definitions.source import read_source
from lowcode.kernel.diagnostics import Report

CASES = json.loads((Path(__file__).parent / "mistakes.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_mistakes_are_named_and_mended(case: dict[str, Any]) -> None:
    """Every mistake is a finding with line and column; what can be mended is read, the rest is not pretended."""
    report = Report()
    source = read_source("forms/quote.json", case["text"], report)
    found = sorted((each.code, each.place.line, each.place.column) for each in report)
    assert sorted((f"definitions.{code}", line, column) for code, line, column in case["findings"]) == found
    assert all(each.hint for each in report)
    if "data" in case:
        assert (case["data"], True) == (source.data, source.whole)
    else:
        assert not source.whole


def test_places_of_values_and_keys() -> None:
    """Every JSON pointer has a line and a column, its key too; what is not there is placed at what would hold it."""
    source = read_source("a.json", '{\n  "a/b": [1,\n    {"c~d": true}]\n}', Report())
    assert (1, 1) == _position(source.place())
    assert (2, 10) == _position(source.place("/a~1b"))
    assert (2, 3) == _position(source.place("/a~1b", key=True))
    assert (3, 13) == _position(source.place("/a~1b/1/c~0d"))
    assert (3, 5) == _position(source.place("/a~1b/1/missing", key=True))
    assert "/a~1b/1/missing" == source.place("/a~1b/1/missing").pointer
    assert '    {"c~d": true}]' == source.line(3)
    assert source.at("/a~1b/1/c~0d") is True


def test_encodings() -> None:
    """A byte order mark is a warning; another encoding is named, and the reading goes on."""
    report = Report()
    assert {"a": "客"} == read_source("a.json", '\ufeff{"a": "客"}'.encode(), report).data
    assert {"a": "客户"} == read_source("b.json", '{"a": "客户"}'.encode("gbk"), report).data
    assert {"a": 1} == read_source("c.json", '{"a": 1}'.encode("utf-16"), report).data
    assert ["byte-order-mark", "encoding", "encoding"] == [each.code.partition(".")[2] for each in report]
    assert [None, "GBK", "UTF-16"] == [each.hint.partition("seems to be ")[2].rstrip(".") or None for each in report]
    assert (1, 8) == _position(report.findings[1].place)


def test_depth_is_limited() -> None:
    """A document nested without end is refused, not a crash of the interpreter."""
    report = Report()
    read_source("a.json", '{"a":' + "[" * 100_000, report)
    assert ["definitions.too-deep"] == [each.code for each in report]


def test_values_need_no_text() -> None:
    """A mapping of values has pointers and no lines."""
    place = read_source("forms/a.json", {"a": [1]}, Report()).place("/a/0")
    assert ("forms/a.json", "/a/0", None) == (place.document, place.pointer, place.line)


def _position(place: Any) -> tuple[int, int]:
    return place.line, place.column
