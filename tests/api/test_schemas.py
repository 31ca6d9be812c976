"""What is looked for in a schema is looked for where it is asked of something."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.api.misfits import misfits
from lowcode.api.schemas import endless, lists, outside

BAD = "(a+)+$"
RIGHT: dict[str, dict[str, Any]] = {
    "a property of that name": {"properties": {"patternProperties": True, "pattern": {"type": "string"}}},
    "a property of that name with schemas of its own": {"properties": {"patternProperties": {"properties": {BAD: {}}}}},
    "a name of a definition": {"$defs": {"patternProperties": {"type": "object"}, "default": {"type": "string"}}},
    "a property that is a reference": {"properties": {"$ref": {"const": "https://example.com/a"}}},
    "an example": {"examples": [{"pattern": BAD, "$ref": "https://example.com/a"}]},
    "a default": {"properties": {"a": {"default": {"patternProperties": {BAD: 1}}}}},
    "a choice": {"enum": [{"pattern": BAD}], "const": {"pattern": BAD}},
    "itself": {"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#/properties/b"}, "c": {"$ref": "#/nowhere/0"}}},
}
WRONG: dict[str, dict[str, Any]] = {
    "a property": {"properties": {"a": {"pattern": BAD}}},
    "a property called like a value": {"properties": {"default": {"pattern": BAD}}},
    "names": {"items": [{"patternProperties": {BAD: True}}]},
    "below names": {"patternProperties": {"^a": {"pattern": BAD}}},
    "a definition": {"$defs": {"enum": {"anyOf": [{"pattern": BAD}]}}},
    "where nobody looks": {"parts": {"a": {"pattern": BAD}}},
    "an example that is referred to": {"$ref": "#/examples/0/a~1b%20c", "examples": [{"a/b c": {"pattern": BAD}}]},
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_no_schema_is_not_read_as_one(case: str) -> None:
    """Names of properties are no words of the language, and values are matched with nothing."""
    assert (None, None) == (endless(RIGHT[case]), outside(RIGHT[case]))


@pytest.mark.parametrize("case", WRONG)
def test_a_pattern_is_found_wherever_it_is_asked(case: str) -> None:
    """Also where only a reference makes a schema of it."""
    assert all(BAD in words for words in (endless(WRONG[case]) or {"en": ""}).values())


def test_a_reference_is_found_wherever_it_stands() -> None:
    """One inside of the schema leads nowhere else, and what it leads to is looked at too."""
    schema = {"$ref": "#/default", "default": {"items": {"$dynamicRef": "https://example.com/a"}}}
    assert outside(schema) == {
        "en": "'https://example.com/a' leads out of the schema, and nothing is fetched",
        "zh-CN": "“https://example.com/a”指向 schema 之外，而外部内容不会被获取",
    }


NO = "/a/1", "nothing is allowed here", "内容不符合要求：此处不允许填写任何内容"
FALSE: list[dict[str, Any]] = [
    {"properties": {"a": {"properties": {"1": False}}}},
    {"properties": {"a": {"patternProperties": {"^1$": False}}}},
    {"properties": {"a": {"anyOf": [{"properties": {"1": False}}]}}},
    {"properties": {"a": {"$ref": "#/$defs/no"}}, "$defs": {"no": {"properties": {"1": False}}}},
    {"properties": {"a": {"properties": {"1": {"$ref": "#/$defs/no"}}}}, "$defs": {"no": False}},
]


@pytest.mark.parametrize("schema", FALSE)
def test_what_may_not_be_there_is_told_at_its_place(schema: dict[str, Any]) -> None:
    """A schema that is `false` allows nothing, there and nowhere else; what merely holds the word is left as it is."""
    [found] = misfits(schema, {"a": {"1": 1, "2": 2}})
    assert NO == (found.pointer, found.words("en"), found.words("zh-CN"))
    [entry] = misfits({"properties": {"a": {"prefixItems": [True, False]}}}, {"a": [1, 1]})
    assert NO == (entry.pointer, entry.words("en"), entry.words("zh-CN"))
    right = {"properties": {"a": {"const": {"properties": {"1": False}}}, "b": False}}
    assert ["/b"] == [each.pointer for each in misfits(right, {"a": {"properties": {"1": False}}, "b": 1})]


def test_lists_are_known_by_their_paths() -> None:
    """What may be one value as well is not one."""
    parts = {"a": {"type": "array"}, "b": {"type": ["array", "null"]}, "c": {"type": ["array", "string"]}, "d": True}
    schema = {"properties": {**parts, "e": {"properties": {"f": {"enum": [1]}, "g": {"type": "array"}}}}}
    assert ["query.a", "query.b", "query.e.g"] == list(lists(schema, "query"))
