"""What is wrong with the shape of a document is said in Chinese whole: what was seen, what is possible, the limit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lowcode
from lowcode.kernel.definitions import load, parse
from lowcode.kernel.definitions.shape_errors import _SORTS
from lowcode.kernel.definitions.wording import SORTS
from lowcode.kernel.diagnostics import Report
from lowcode.rules.scores.documents import ScoreCardDocument
from tests.kernel.definitions.test_documents import Form

CHINESE_SIGN = re.compile(r"[\u4e00-\u9fff]")
SOURCE = Path(lowcode.__file__).parent


def told_of(model: Any, written: dict[str, Any]) -> list[tuple[str, str]]:
    """What somebody who reads Chinese is told of a document; English has no Chinese in it."""
    report = Report()
    documents = load({"app.json": {"name": "a"}, "rules/d.json": {"name": "d", **written}})
    parse(model, next(iter(documents.of("rules"))), report)
    assert [] == [each.message for each in report if CHINESE_SIGN.search(each.message.replace('"zh-CN": "…"', ""))]
    return [each.told("zh-CN") for each in report]


@pytest.mark.parametrize(("written", "told"), [
    ({"title": []}, '此处是列表 [ ]，需要文本，或每种语言一份文本，例如 {"zh-CN": "…", "en": "…"}'),
    ({"from": 4}, "此处是4，需要文本 或 列表 [ ]"),
    ({"actions": [5]}, "此处是5，需要对象 { }"),
    ({"fields": [{"type": "text", "name": "a", "required": "x"}]}, '此处是"x"，需要true 或 false'),
    ({"fields": [{"type": "number", "name": "a", "scale": 11}]}, "11：应不大于 10"),
    ({"mode": "some"}, "some 不是此处可用的值"),
    ({"mode": []}, "列表 [ ] 不是此处可用的值"),
])  # fmt: skip
def test_a_shape_is_told_in_chinese(written: dict[str, Any], told: str) -> None:
    """Sorts of values by their names, what the author wrote as it is."""
    assert [told] == [text for text, _ in told_of(Form, written)]


@pytest.mark.parametrize(("written", "told"), [
    ({"attributes": [{"name": "size"}]}, "属性只能使用 cases 或 points 之一"),
    ({}, "评分卡需要属性 attributes 或行为 behaviours"),
    (
        {"behaviours": [{"name": "b", "relation": "r", "points": "1", "fade": {"half_life": 1, "over": 2}}]},
        "分数只能以一种方式衰减：half_life、over 或 within",
    ),
])  # fmt: skip
def test_a_rule_of_a_model_is_told_in_chinese(written: dict[str, Any], told: str) -> None:
    """What a score card as a whole has to keep to."""
    said = [
        text
        for text, _ in told_of(ScoreCardDocument, {"type": "score_card", "form": "lead", "field": "score", **written})
    ]
    assert [told] == said


def test_two_documents_of_one_name_are_told_in_chinese() -> None:
    """The folder is called by what lies in it."""
    written = {"app.json": {"name": "a"}, "rules/x.json": {"name": "x"}, "rules/more/x.json": {"name": "x"}}
    report = Report()
    load(written, report)
    found = [each.told("zh-CN")[0] for each in report]
    assert ["有两个规则文档都叫“x”，另一个是 rules/more/x.json"] == [re.sub(r":.*| /name", "", each) for each in found]


def test_each_sort_of_value_has_its_chinese() -> None:
    """Whoever adds a sort says it in both languages."""
    assert {*_SORTS.values()} == {*SORTS} - {"text by language"}
    for name, said in SORTS.items():
        assert name == said == "null" or (isinstance(said, dict) and CHINESE_SIGN.search(said["zh-CN"])), name


def raised() -> Iterator[str]:
    """Where a validator of a model refuses something without saying it in Chinese."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("_validator" in ast.unparse(e) for e in node.decorator_list):
                for each in ast.walk(node):
                    if isinstance(each, ast.Raise) and "ValueError(" in ast.unparse(each):
                        yield f"{path.relative_to(SOURCE)}:{each.lineno}"


def test_every_rule_of_a_model_is_told_in_both_languages() -> None:
    """A validator raises `Unfit`, which has both."""
    assert [] == list(raised())
