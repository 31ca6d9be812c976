"""The page of the 38 operations is true: each is there, may be asked, leaves its trace, tells people, and is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.engines import built_in
from lowcode.flows.operations.once import OPINION_LIMIT
from lowcode.flows.operations.sayings import DONE, HELP, TITLES
from lowcode.flows.operations.telling import WORDS
from lowcode.kernel.contract import Operation
from lowcode.kernel.operations import kernel_operations
from tests.flows.vocabulary import CODE, OPERATION, Word, named_in_part_d, words

TESTS = Path(__file__).parent
BROWSER = TESTS.parent / "browser"
STORIES = TESTS.parent / "conformance" / "flows" / "stories"
FLOWS = Path(__file__).parents[2] / "src" / "lowcode" / "flows"
SOURCE = {path: path.read_text("utf-8") for path in FLOWS.rglob("*.py")}
PAGE = words()
PLACES = {
    "flows.decide", "flows.simulate", "flows.ahead", "flows.reassign", "identity.away",
    "identity.absences",
}  # fmt: skip
"""Asked on pages of their own, or by other programs; all else a page offers as an action, by its title."""


def known_operations() -> dict[str, Operation]:
    """What can be asked of an app."""
    found = (operation for engine in built_in() for operation in engine.operations())
    return {each.name: each for each in (*kernel_operations(), *found)}


KNOWN = known_operations()


def test_all_38_are_there_in_order() -> None:
    """The page has what the requirements name, each once."""
    assert [word.name for word in PAGE] == named_in_part_d()
    assert len(PAGE) == 38


@pytest.mark.requirement("X5")
@pytest.mark.parametrize("word", PAGE, ids=lambda word: word.english)
def test_what_the_page_says_is_so(word: Word) -> None:
    """Operations exist, are kept to administrators where the page says so and only there, and can be reached; events
    are noted; the case that shows it is there, and asks the operation without being refused."""
    assert {*OPERATION.findall(word.how), *OPERATION.findall(word.undone)} <= KNOWN.keys()
    for each in word.operations:
        assert each in TITLES or each in PLACES
        kept = KNOWN[each].access == "administrator"
        assert not kept or word.may.startswith("administrators")
        assert kept or word.may != "administrators"
    for event in CODE.findall(word.trace):
        assert any(f'"{event}"' in text for text in SOURCE.values()), event
    for case in CODE.findall(word.shown):
        _is_shown(word, case)


def _is_shown(word: Word, case: str) -> None:
    name, _, what = case.partition(": ")
    if name.endswith(".json"):
        cases = json.loads((STORIES / name).read_text("utf-8"))
        steps = next(each["steps"] for each in cases if each["rule"].startswith(what))
        asked = {f"flows.{step['do']}" for step in steps if "do" in step and "refused" not in step}
        assert not word.operations or asked & (word.operations | {"flows.decide"}), asked
    else:
        file, _, test = name.partition("::")
        assert f"def {test}(" in (TESTS / file).read_text("utf-8")


@pytest.mark.parametrize("word", PAGE, ids=lambda word: word.english)
def test_each_is_seen_on_the_page(word: Word) -> None:
    """By a case that names it, or by a test; and whatever a case names is one of the 38."""
    assert CODE.findall(word.seen)
    for name in CODE.findall(word.seen):
        file, _, test = name.partition("::")
        if test:
            assert f"def {test}(" in (BROWSER / file).read_text("utf-8")
        else:
            assert word.name in {each for case in seen(file) for each in case["words"]}


def seen(file: str) -> list[dict[str, Any]]:
    """The cases of a file that are told in the browser."""
    found: list[dict[str, Any]] = json.loads((BROWSER / "approval" / file).read_text("utf-8"))
    return found


def test_cases_in_the_browser_name_operations_that_there_are() -> None:
    """Of the 38, and of what they offer by its title in Chinese."""
    names = {each.name for each in PAGE}
    titles = {pair[1] for pair in TITLES.values()}
    for path in (BROWSER / "approval").glob("*.json"):
        for case in seen(path.name):
            assert set(case["words"]) <= names, case["rule"]
            pressed = [each["press"].removesuffix(" …").split(" · ") for each in case["steps"] if "press" in each]
            assert {title for each in pressed for title in each} <= titles


def test_whatever_changes_a_flow_tells_people_in_their_language() -> None:
    """Each notice has its words in both languages and is sent somewhere."""
    assert all(set(text) == {"zh-CN", "en"} for text in WORDS.values())
    elsewhere = "".join(text for path, text in SOURCE.items() if path.name != "telling.py")
    assert [word for word in WORDS if f'"{word}"' not in elsewhere] == []


def test_whatever_may_be_done_is_said_in_a_sentence() -> None:
    """What a page offers says what it means before it is done, and that it was done afterwards."""
    offered = {each for each in TITLES if each.startswith("flows.")} - {"flows.start"}
    for table in (HELP, DONE):
        assert {*offered, "approve", "reject", "complete", "abstain", "resubmit", "skip"} == table.keys()
        assert all(en and zh and en.isascii() and not zh.isascii() for en, zh in table.values())


def test_what_is_said_has_a_limit_wherever_it_is_said() -> None:
    """An opinion stands in lists, letters and cards: no operation takes one without end, and all take as much."""
    said = {
        name: operation.params.model_json_schema()["properties"]["opinion"]
        for name, operation in KNOWN.items()
        if name.startswith("flows.") and "opinion" in operation.params.model_fields
    }
    assert len(said) > 15
    assert dict.fromkeys(said, OPINION_LIMIT) == {
        name: schema["anyOf"][0].get("maxLength") for name, schema in said.items()
    }
