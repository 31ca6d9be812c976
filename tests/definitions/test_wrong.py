"""Wrong definitions, as data: each is the good app with one mistake, and what an author is told about it.

A case (`wrong/<name>.json`) says which `rule` is broken, the `edits` that break it (a document, a text in it and what
stands there instead; or a new `document` with its `text`), and the `findings`: all of them, in order.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lowcode.app import compile_app
from lowcode.engines import built_in
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.operations import kernel_operations
from lowcode.testing import stories

HERE = Path(__file__).parent
ENGINES = built_in()
GOOD = {path.relative_to(HERE / "good").as_posix(): path.read_text("utf-8") for path in (HERE / "good").rglob("*.json")}
CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((HERE / "wrong").glob("*.json"))}

ENGLISH = {"tests.name-unlike-file"}


def findings(documents: dict[str, str]) -> Report:
    """Everything that is said about an app, as `lowcode check` collects it."""
    report = Report()
    loaded = load(documents, report)
    for path in loaded.files:
        if path.endswith(".json"):
            loaded.files.source(path, report)
    stories(loaded, report)
    compile_app(loaded, ENGINES, kernel_operations(), report=report)
    return report


def edited(edits: list[dict[str, str]]) -> dict[str, str]:
    """The good app with its mistakes."""
    documents = dict(GOOD)
    for edit in edits:
        path = edit["document"]
        if "text" in edit:
            documents[path] = edit["text"]
        elif "replace" in edit:
            assert edit["replace"] in documents[path], f"{path} does not say {edit['replace']}"
            documents[path] = documents[path].replace(edit["replace"], edit["with"], 1)
        else:
            del documents[path]
    return documents


def test_the_good_app_has_no_findings() -> None:
    """What the cases break is whole."""
    assert str(findings(GOOD)) == ""


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_definition_is_explained(case: dict[str, Any]) -> None:
    """Each mistake has a message with document, line, code and cure, and no other finding beside it."""
    found = [
        {
            "document": each.place.document,
            "line": each.place.line,
            "pointer": each.place.pointer,
            "code": each.code,
            "message": each.message,
            "hint": each.hint,
        }
        for each in findings(edited(case["edits"]))
    ]
    expected = case["findings"]
    keys = expected[0].keys()  # a case may leave out the pointer
    assert [{key: value for key, value in each.items() if key in keys} for each in found] == expected
    assert all(each["hint"] for each in found)


def test_all_mistakes_at_once() -> None:
    """Mistakes in several documents are told together, each once."""
    names = ("trailing-comma-in-app", "unknown-field-in-a-check", "dead-end", "unknown-rule-field", "unclosed-bracket")
    chosen = [CASES[name] for name in names]
    report = findings(edited([edit for case in chosen for edit in case["edits"]]))
    told = {(each.place.document, each.code) for each in report}
    assert told >= {(each["document"], each["code"]) for case in chosen for each in case["findings"]}


def test_there_are_more_than_twenty() -> None:
    """Twenty was promised."""
    assert len(CASES) > 20


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_explained_in_chinese(case: dict[str, Any]) -> None:
    """Whoever designs in Chinese reads Chinese; what is wrong with the text of a file stays as the command line says
    it."""
    for each in findings(edited(case["edits"])):
        message, hint = each.told("zh-CN")
        if each.code not in ENGLISH:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in message), f"{each.code}: {message}"
            assert bool(hint) == bool(each.hint), f"{each.code}: {hint}"
        left = re.findall(r"\b(?:a|an|the|not|nothing|of)\b [a-z]+", message)
        assert each.code in ENGLISH or not left, f"{each.code}: {message}"
