"""Documents are written in one way: twice is the same bytes, nothing is lost, differences are one line each."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from lowcode.kernel.definitions import Document, Part, Text
from lowcode.kernel.definitions.format import format_document


class Link(Part):
    name: str
    type: Literal["link"]
    title: Text = ""
    to: str


class Number(Part):
    name: str
    type: Literal["number"]
    title: Text = ""
    scale: int = 0


class Form(Document):
    fields: tuple[Annotated[Link | Number, Field(discriminator="type")], ...] = ()
    values: dict[str, Link] = Field(default_factory=dict)


CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "keys in the order of the model, the author's own last",
        {"x-note": 1, "title": "A", "name": "a", "$schema": "s"},
        '{\n  "$schema": "s",\n  "name": "a",\n  "title": "A",\n  "x-note": 1\n}\n',
    ),
    (
        "a list of objects has a line for each, in the order of the branch that was meant",
        {
            "fields": [{"scale": 2, "type": "number", "name": "a"}, {"to": "b", "type": "link", "name": "c"}],
            "name": "a",
        },
        '{\n  "name": "a",\n  "fields": [\n    {"name": "a", "type": "number", "scale": 2},\n'
        '    {"name": "c", "type": "link", "to": "b"}\n  ]\n}\n',
    ),
    (
        "keys of a mapping stay as the author put them",
        {"name": "a", "values": {"z": {"to": "b", "name": "c"}, "a": {}}},
        '{\n  "name": "a",\n  "values": {"z": {"name": "c", "to": "b"}, "a": {}}\n}\n',
    ),
    (
        "what is too wide is broken, Chinese counting two columns",
        {"name": "a", "title": {"zh-CN": "客" * 40, "en": "x" * 20}},
        '{\n  "name": "a",\n  "title": {\n    "zh-CN": "' + "客" * 40 + '",\n    "en": "' + "x" * 20 + '"\n  }\n}\n',
    ),
]


@pytest.mark.parametrize(("rule", "data", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_canonical_text(rule: str, data: dict[str, Any], expected: str) -> None:
    """Each rule of formatting, by example."""
    assert format_document(data, Form) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)


@given(data=st.dictionaries(st.sampled_from(["name", "title", "fields", "x-a", "values", "b"]), VALUES))
@settings(max_examples=100, deadline=None)
def test_formatting_loses_nothing_and_rests(data: dict[str, Any]) -> None:
    """The values are the same after formatting, and formatting again changes no byte."""
    text = format_document(data, Form)
    assert data == json.loads(text)
    assert text == format_document(json.loads(text), Form)
