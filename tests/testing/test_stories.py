"""App tests tell a story through operations, and say with line and difference where it goes wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.cli import main
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import DefinitionError, Report
from lowcode.testing import Story, stories

APP = Path(__file__).parent / "app"


def _story(*steps: dict[str, Any], **values: Any) -> Story:
    """A story in the small app."""
    documents = {path.relative_to(APP).as_posix(): path.read_text("utf-8") for path in APP.rglob("*.json")}
    told = json.dumps({"name": "approval", **values, "steps": steps}, ensure_ascii=False, indent=1)
    (story,) = stories(load({**documents, "tests/approval.test.json": told}))
    return story


CREATE = {"as": "ann", "create": {"form": "request", "values": {"reason": "a", "days": 1}, "as": "request"}}


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("story", stories(APP), ids=str)
def test_the_story_of_the_small_app(story: Story) -> None:
    """Everything a step and an expectation can say about records, permissions, flows and time, in one story."""
    story.check()


FAILURES: list[tuple[str, list[dict[str, Any]], str, str]] = [
    (
        "a value",
        [CREATE, {"expect": {"record": "$request", "values": {"days": 2}}}],
        "/steps/1/expect/values/days",
        "/values/days: expected 2, found 1",
    ),
    (
        "a refusal nobody expected",
        [{"as": "ann", "create": {"form": "request", "values": {}}}],
        "/steps/0",
        "[records.required]",
    ),
    (
        "no refusal where one was expected",
        [{"expect_refused": {"step": CREATE}}],
        "/steps/0/expect_refused",
        'expected "a refusal", found "it was allowed"',
    ),
    (
        "a refusal for another reason",
        [{"expect_refused": {"step": {"as": "ann", "create": {"form": "request", "values": {}}}, "code": "a.b"}}],
        "/steps/0/expect_refused",
        "records.required",
    ),
    ("an unknown person", [{**CREATE, "as": "anne"}], "/steps/0", "Did you mean 'ann'?"),
    ("an unknown name", [CREATE, {"expect": {"record": "$requst"}}], "/steps/1", "Did you mean 'request'?"),
    (
        "no such task",
        [CREATE, {"as": "eve", "decide": {"record": "$request", "decision": "approve"}}],
        "/steps/1",
        "eve has no open task at $request",
    ),
    (
        "too few records",
        [{"expect": {"records": {"form": "request", "count": 1}}}],
        "/steps/0/expect/records/count",
        "/count: expected 1, found 0",
    ),
    (
        "a notice nobody got",
        [{"expect": {"notifications": {"of": "ann", "contains": {"title": "x"}}}}],
        "/steps/0/expect/notifications/contains",
        "expected {'title': 'x'}, found []",
    ),
    (
        "another outcome of what came in",
        [{"intake": {"name": "letter", "payload": {"reason": "c", "days": 1}, "outcome": "updated"}}],
        "/steps/0",
        "updated was expected of what came in by letter, and it was created",
    ),
    (
        "what came in refused",
        [{"intake": {"name": "letter", "payload": {"reason": "c", "days": "many"}}}],
        "/steps/0",
        "[api.payload]",
    ),
    ("a clock set back", [{"advance": {"until": "2026-01-01T00:00"}}], "/steps/0", "later than"),
]


@pytest.mark.parametrize(("rule", "steps", "pointer", "words"), FAILURES, ids=[each[0] for each in FAILURES])
def test_a_story_that_goes_wrong(rule: str, steps: list[dict[str, Any]], pointer: str, words: str) -> None:
    """A failure names the line of the expectation and both values; the story ends there."""
    outcome = _story(*copy.deepcopy(steps)).run()
    assert not outcome.passed
    assert [pointer] == [each.place.pointer for each in outcome.failures]
    assert {each.code for each in outcome.failures} <= {"tests.not-as-expected", "tests.refused"}
    assert words in outcome.failures[0].message
    assert outcome.failures[0].place.line is not None


def test_a_story_may_be_told_again() -> None:
    """Each telling has a world of its own: what one did is not there in the next."""
    story = _story(CREATE, {"expect": {"records": {"form": "request", "count": 1}}})
    story.check()
    story.check()


def test_a_story_on_postgresql(postgresql_url: str) -> None:
    """The same story on another database."""
    for story in stories(APP):
        story.check(postgresql_url)


def test_a_story_that_cannot_be_read() -> None:
    """Mistakes in a story are findings like any other, all at once."""
    with pytest.raises(DefinitionError) as refused:
        _story({"crate": {}}, {"as": "ann", "expect": {"record": "$a", "valus": {}}}, name="other")
    codes = [each.code for each in refused.value.report]
    assert codes == ["tests.name-unlike-file"] or "definitions.unknown-key" in codes


def test_findings_of_stories_go_to_a_report() -> None:
    """With a report, what can be read is returned."""
    report = Report()
    documents = {
        "app.json": {"name": "a"},
        "tests/a.test.json": {"name": "a", "steps": []},
        "tests/b.test.json": {"name": "b"},
    }
    assert ["a"] == [story.name for story in stories(load(documents), report)]
    assert ["definitions.missing"] == [each.code for each in report]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`lowcode test` tells every story of an app and says how each ended."""
    assert main(["test", str(APP)]) == 0
    assert "approval" in capsys.readouterr().out
    assert main(["test", str(APP), "approvel"]) == 1
    assert "Did you mean 'approval'?" in capsys.readouterr().err
