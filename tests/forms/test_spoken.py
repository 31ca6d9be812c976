"""What a cell of a sheet means, in words people use: the corpus that the page runs as well (`spoken.test.ts`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.operations import spoken
from tests.forms.firm import firm

CORPUS = json.loads((Path(__file__).parents[1] / "conformance/forms/spoken.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(CORPUS["today"])


def told(found: Any) -> Any:
    """As the corpus says it."""
    return {"either": [found.first, found.second]} if isinstance(found, spoken.Unclear) else found


@pytest.mark.requirement("SF10")
@pytest.mark.parametrize("kind", ["numbers", "times", "answers"])
def test_a_cell_means_one_thing_or_is_refused(kind: str) -> None:
    """Whoever may mean two things is asked, not guessed at."""
    read: dict[str, Callable[[str], Any]] = {
        "numbers": spoken.number, "times": spoken.clock, "answers": spoken.answer,
    }  # fmt: skip
    assert [[text, told(read[kind](text))] for text, _ in CORPUS[kind]] == CORPUS[kind]


@pytest.mark.requirement("SF10")
def test_a_day_and_its_time_mean_one_thing_or_are_refused() -> None:
    """The weekday that is said with a day chooses among what it may be, and must fit."""
    found = [[text, spoken.moment(text, TODAY)] for text, *_ in CORPUS["days"]]
    said = [
        [text, *([None] if each is None else [told(each[0])] if each[1] is None else map(told, each))]
        for text, each in found
    ]
    assert said == CORPUS["days"]


LINES = """名称,预算,起始,致电
甲,"RMB 1,200.50",三月五日 星期四,2026年3月5日下午3点
乙,1.2万,2026年3月5日（周四）,5 Mar 2026 14:30
丙,"1,23",05/03/2026,2026-03-05 3点
"""
UNCLEAR = {
    "zh-CN": ["“1,23”可能是 1.23，也可能是 123，请明确填写其中一个",
              "“05/03/2026”可能是 2026-03-05，也可能是 2026-05-03，请明确填写其中一个",
              "“2026-03-05 3点”可能是 2026-03-05 03:00，也可能是 2026-03-05 15:00，请明确填写其中一个"],
    "en": ["'1,23' may mean 1.23 or 123: write the one that is meant",
           "'05/03/2026' may mean 2026-03-05 or 2026-05-03: write the one that is meant",
           "'2026-03-05 3点' may mean 2026-03-05 03:00 or 2026-03-05 15:00: write the one that is meant"],
}  # fmt: skip


@pytest.mark.requirement("SF10", "F21")
def test_a_file_is_read_as_people_write_and_what_is_unclear_names_both() -> None:
    """Amounts, days and times in words come in; the cell that means two things is refused until one is written."""
    with firm("sqlite://") as app:
        asked = {"form": "customer", "name": "x.csv", "content": LINES.encode()}
        for locale, said in UNCLEAR.items():
            app.ask("ann", "identity.set_locale", locale=locale)
            found = app.ask("ann", "forms.import", **asked, dry_run=True)
            assert [each["detail"] for each in found["problems"]] == said
            assert {(each["row"], each["code"]) for each in found["problems"]} == {(4, "forms.unclear")}
        fixes = {4: {"budget": "1.23", "since": "2026-05-03", "called_at": "2026-03-05 15:00"}}
        assert app.ask("ann", "forms.import", **asked, fixes=fixes)["problems"] == []
        kept = app.ask("ann", "records.list", type="customer", sort=("id",))["items"]
        assert [(str(each["budget"]), str(each["since"]), each["called_at"].isoformat()) for each in kept] == [
            ("1200.50", "2026-03-05", "2026-03-05T07:00:00+00:00"),
            ("12000.00", "2026-03-05", "2026-03-05T06:30:00+00:00"),
            ("1.23", "2026-05-03", "2026-03-05T07:00:00+00:00"),
        ]
