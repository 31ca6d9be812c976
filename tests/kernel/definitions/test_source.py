"""The reader: data, places, and a finding with place and cure for every mistake a person makes in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.definitions.pointers import positions
from lowcode.kernel.definitions.reader import read
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
    assert _position(source.place()) == (1, 1)
    assert _position(source.place("/a~1b")) == (2, 10)
    assert _position(source.place("/a~1b", key=True)) == (2, 3)
    assert _position(source.place("/a~1b/1/c~0d")) == (3, 13)
    assert _position(source.place("/a~1b/1/missing", key=True)) == (3, 5)
    assert source.place("/a~1b/1/missing").pointer == "/a~1b/1/missing"
    assert source.line(3) == '    {"c~d": true}]'
    assert source.at("/a~1b/1/c~0d") is True


def test_encodings() -> None:
    """A byte order mark is a warning; another encoding is named, and the reading goes on."""
    report = Report()
    assert read_source("a.json", '\ufeff{"a": "客"}'.encode(), report).data == {"a": "客"}
    assert read_source("b.json", '{"a": "客户"}'.encode("gbk"), report).data == {"a": "客户"}
    assert read_source("c.json", '{"a": 1}'.encode("utf-16"), report).data == {"a": 1}
    assert [each.code.partition(".")[2] for each in report] == ["byte-order-mark", "encoding", "encoding"]
    assert [each.hint.partition("seems to be ")[2].rstrip(".") or None for each in report] == [None, "GBK", "UTF-16"]
    assert _position(report.findings[1].place) == (1, 8)


def test_depth_is_limited() -> None:
    """A document nested without end is refused, not a crash of the interpreter."""
    report = Report()
    read_source("a.json", '{"a":' + "[" * 100_000, report)
    assert [each.code for each in report] == ["definitions.too-deep"]


def test_values_need_no_text() -> None:
    """A mapping of values has pointers and no lines."""
    place = read_source("forms/a.json", {"a": [1]}, Report()).place("/a/0")
    assert (place.document, place.pointer, place.line) == ("forms/a.json", "/a/0", None)


def _position(place: Any) -> tuple[int, int]:
    return place.line, place.column


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(data=JSON, indent=st.none() | st.integers(0, 3), ascii=st.booleans())
@settings(max_examples=150, deadline=None)
def test_both_readers_agree(data: Any, indent: int | None, ascii: bool) -> None:
    """Any JSON is read alike by the fast and the careful reader: the same data, no fault, the same places."""
    text = json.dumps(data, indent=indent, ensure_ascii=ascii)
    faults: list[str] = []
    reading = read(text, lambda key, _offset, **_values: faults.append(key))
    assert faults == []
    assert data == reading.data
    assert positions(text) == (reading.values, reading.keys)


@given(text=st.text(alphabet="{}[]\",:'0a1.-\\/ \n#“，", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is typed, reading ends, and a document that is not JSON has at least one finding."""
    report = Report()
    source = read_source("a.json", text, report)
    try:
        expected = json.loads(text)
    except ValueError:
        assert not report.ok
    else:
        assert expected == source.data or not report.ok
