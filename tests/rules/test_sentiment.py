"""How notes sound: what the lexicon tells, how often it is right on notes it was not made of, and what rules keep."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.rules.analysers.lexicon import LEXICON
from tests.rules.apps import rule, trial

NOTES: dict[str, dict[str, list[list[str]]]] = json.loads(
    (Path(__file__).parent / "sentiment_notes.json").read_text("utf-8")
)
"""By hand: `worked with` are plain notes that the words were chosen beside; `never looked at` came after the words, in
turns of speech."""


@pytest.mark.requirement("SB25")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_lexicon_is_right_often_enough(language: str) -> None:
    """Of plain notes nine in ten are told right. Of turns of speech that none of its words stand in it tells a third,
    and says nothing of the others: what it does say is right, and bad is never taken for good."""
    told = {
        sort: Counter((label, LEXICON.analyse(text).word) for text, label in notes[language])
        for sort, notes in NOTES.items()
    }
    plain, idioms = told["worked with"], told["never looked at"]
    assert _right(plain) >= 0.9, plain
    assert _right(idioms) >= 0.3, idioms
    for found in (plain, idioms):
        said = sum(count for (_, word), count in found.items() if word != "neutral")
        assert found["positive", "negative"] + found["negative", "positive"] == 0, found
        assert found["positive", "positive"] + found["negative", "negative"] >= 0.9 * said, found


def _right(told: Counter[Any]) -> float:
    return sum(count for (label, word), count in told.items() if label == word) / sum(told.values())


@pytest.mark.requirement("SB25")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("客户不满意", "negative"), ("客户没有不满", "positive"), ("虽然价格太高，但客户很满意", "positive"),
        ("前期很满意，但是最后否决了", "negative"), ("They are not happy", "negative"),
        ("no problem at all", "positive"),
        ("I was unhappy at first, but now they are very happy", "positive"), ("", "neutral"), ("3 月 12 日", "neutral"),
    ],
)  # fmt: skip
def test_negations_and_turns(text: str, word: str) -> None:
    """A negation turns a word round, and what stands after "but" decides."""
    assert LEXICON.analyse(text).word == word


@given(st.text(max_size=200))
def test_any_text_has_a_mood(text: str) -> None:
    """Between -1 and 1, the same twice, and with the words it was told by."""
    mood = LEXICON.analyse(text)
    assert -1 <= mood.score <= 1
    assert mood == LEXICON.analyse(text)
    assert bool(mood.told_by) or mood.score == 0


@pytest.mark.requirement("SB25")
def test_a_rule_keeps_the_mood_of_a_text(database_url: str) -> None:
    """Inside the save, anew when the text changes and not otherwise; the simulation says by which words it is told."""
    told = rule("told", {"created": True, "updated": True, "fields": ["note"]},
                {"analyse": {"text": "note", "field": "budget", "word_field": "company"}}, phase="before")  # fmt: skip
    later = rule("later", {"button": {"title": "T"}}, {"analyse": {"text": "note", "word_field": "company"}})
    with trial(database_url, told, later) as app:
        lead = app.create(note="客户对方案非常满意")
        found = app.get(lead)
        assert (found["company"], found["budget"] > 0) == ("positive", True)
        app.update(lead, note="The customer is angry")
        found = app.get(lead)
        assert (found["company"], found["budget"] < 0) == ("negative", True)
        app.update(lead, company="x", grade="A")
        assert app.get(lead)["company"] == "x"
        pressed = app.ask("ann", "rules.press", rule="later", id=lead)
        assert pressed["actions"] == [{"analyse": {"company": "negative"}, "told_by": {"angry": "-2.5"}}]
        app.update(lead, note=None)
        assert app.get(lead)["company"] is None
