"""Wrong rules: each gets its finding, with code, place and cure, and nothing else that is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.expressions.types import TYPES
from lowcode.rules.diagnostics import MESSAGES
from tests.rules.apps import findings
from tests.rules.test_assign import TERRITORY

QUOTED = re.compile(r"“[^”]*”")
CORPUS = Path(__file__).parent.parent / "conformance" / "rules"
WRONG = json.loads((CORPUS / "wrong_rules.json").read_text("utf-8"))
EVERY = [case for path in sorted(CORPUS.glob("*_findings.json")) for case in json.loads(path.read_text("utf-8"))]
OTHER = {
    "name": "of_tasks", "form": "task", "on": {"button": {"title": "T"}}, "actions": [{"set": {"title": '"x"'}}],
}  # fmt: skip
GREETING = {"name": "greeting", "type": "message", "form": "lead", "subject": "Hello", "text": "{{ company }}"}
OF_VISITS = {"name": "of_visits", "type": "message", "form": "visit", "subject": "Visit", "text": "{{ at }}"}

FORMLESS: dict[str, Any] = {
    "name": "formless", "type": "table", "inputs": [{"name": "one", "expression": "1"}],
    "outputs": [{"name": "word"}], "rules": [{"when": {}, "then": {"word": '"x"'}}],
}  # fmt: skip
GRADING: dict[str, Any] = {
    "name": "grading", "type": "table", "form": "lead", "inputs": [{"name": "budget", "expression": "budget"}],
    "outputs": [{"name": "grade", "type": "choice"}], "rules": [{"when": {}, "then": {"grade": '"Z"'}}],
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=lambda each: each["title"])
def test_wrong_rules(case: dict[str, Any]) -> None:
    """The finding says where and what, and its hint says how to mend it."""
    rule = {"name": "wrong", "form": "lead", **case["rule"]}
    found = [
        each
        for each in findings(rule, TERRITORY, OTHER, GREETING, OF_VISITS, FORMLESS, GRADING)
        if each.place.document == "rules/wrong.json" and each.severity != "information"
    ]
    assert [(each.code, each.place.pointer) for each in found] == [(code, place) for code, place, _ in case["findings"]]
    for each, (_, _, words) in zip(found, case["findings"], strict=True):
        assert words in f"{each.message} {each.hint}"
        said = QUOTED.sub("", each.told("zh-CN")[0])
        left = [kind for kind in (*TYPES, "list") if re.search(rf"\b{kind}\b", said, re.ASCII)]
        assert not left or not {"type", "kind"} & {*each.values}, said


def test_every_message_is_provoked() -> None:
    """A code without a case is a code nobody has seen."""
    provoked = {code for case in (*WRONG, *EVERY) for code, _, _ in case["findings"]}
    provoked |= {each.code for each in findings(TERRITORY)}
    assert set(MESSAGES) - provoked == set()
