"""Template texts: what a hostile one may try, and what an honest one may do."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lowcode.printing.blocks.guarded import OUTPUT_LIMIT, TemplateRefused, names_of, render

CASES = json.loads((Path(__file__).parents[1] / "conformance/printing/attacks.json").read_text(encoding="utf-8"))
DATA: dict[str, Any] = {"a": "x", "number": 5, "row": {"x": 1}, "rows": [{"x": 1}, {"x": 2}], "long": "a" * 60_000}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_attack_is_refused_or_gives_nothing(case: dict[str, Any]) -> None:
    """Every attack of the list ends in a refusal, or in a harmless text that is known."""
    text = case.get("before", "") + case["text"] * case.get("repeat", 1) + case.get("after", "")
    started = time.perf_counter()
    if "gives" in case:
        assert render(text, DATA) == case["gives"]
    else:
        with pytest.raises(TemplateRefused):
            render(text, DATA)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ row.x }}", "1"),
        (
            "{% for each in rows %}{{ loop.index }}:{{ each.x }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1:1, 2:2",
        ),
        ("{{ a ~ '!' ~ number }}", "x!5"),
        ("{{ missing|default('无') }}", "无"),
        ("{% if rows|length > 1 %}many{% else %}few{% endif %}", "many"),
        ("{{ ['甲', '乙']|join('、') }}", "甲、乙"),
        ("{{ number * 2 + 1 }}", "11"),
        ("{{ a|upper|replace('X', 'y') }}", "y"),
        ("{% set t = 3 %}{% for i in range(t) %}{{ i }}{% endfor %}", "012"),
    ],
)
def test_an_honest_text_is_rendered(text: str, expected: str) -> None:
    """Values, loops, conditions and the few filters work as Jinja2 says."""
    assert render(text, DATA) == expected


def test_output_is_limited() -> None:
    """A text cannot write more than the limit, however small it is."""
    with pytest.raises(TemplateRefused, match=str(OUTPUT_LIMIT)):
        render("{% for i in range(9000) %}{{ long }}{% endfor %}", DATA)


def test_names_are_known_without_running() -> None:
    """The names a text expects are known when it is compiled; functions of the guard are not among them."""
    assert names_of("{% for x in rows %}{{ x.y }}{{ other }}{% endfor %}{{ range(3) }}") == {"rows", "other"}
