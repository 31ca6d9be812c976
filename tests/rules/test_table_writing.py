"""A decision table's answers written to a set of records: at once, or one by one, with the same result."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Conflict, Forbidden, Rejected
from tests.rules.apps import Trial, rule, trial

WORD = "it's 50% big: 大"
TABLE: dict[str, Any] = {
    "name": "grading", "type": "table", "form": "lead", "hit": "FIRST",
    "inputs": [{"name": "budget", "expression": "budget"}, {"name": "province", "expression": "province"}],
    "outputs": [{"name": "grade", "type": "choice"}, {"name": "score", "type": "number"},
                {"name": "end", "type": "date"}, {"name": "word"}],
    "rules": [
        {"when": {"budget": ">= 1000"}, "then": {"grade": '"A"', "score": "90", "end": 'DATE("2027-01-31")',
                                                 "word": f'"{WORD}"'}},
        {"when": {"budget": ">= 100", "province": '"shanghai"'}, "then": {"grade": '"B"', "score": "-5"}},
        {"when": {"budget": "blank"}, "then": {"word": '"unknown"'}},
    ],
}  # fmt: skip
INTO = {"grade": "grade", "score": "score", "contract_end": "end", "note": "word"}
NIGHTLY = {"name": "nightly", "on": {"button": {"title": "Grade"}}, "form": "lead",
           "actions": [{"decide": {"table": "grading", "into": INTO, "where": 'stage = "new"'}}]}  # fmt: skip
LOUD = rule("loud", {"updated": True}, {"create": {"form": "task", "values": {"title": "grade", "lead": "id"}}})
KEPT = ("grade", "score", "contract_end", "note", "version")


def found(app: Trial, lead: int) -> tuple[Any, ...]:
    """What a lead holds of what the table answers, and what its history tells of the last change."""
    record = app.get(lead)
    last = app.ask(None, "records.history", type="lead", id=lead)[0]
    return tuple(record[name] for name in KEPT), last["kind"], last["version"], last["changes"]


@pytest.mark.requirement("R21", "X21")
def test_a_table_is_applied_to_a_set(database_url: str) -> None:
    """One statement changes every record that has another answer, with its history; who has it already, no row
    answers for, or does not meet the condition is left alone. A second time nothing changes."""
    with trial(database_url, TABLE, NIGHTLY) as app:
        app.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        app.host.forget_directory()
        big = app.create(budget="1500.50", note="old")
        near = app.create(budget=100, province="shanghai", contract_end=date(2026, 5, 5))
        none, blank = app.create(budget=5, grade="C"), app.create()
        moved = app.create(budget=5000)
        app.update(moved, stage="lost")
        asked = {"table": "grading", "into": INTO, "where": 'stage = "new"'}
        assert app.ask("root", "rules.apply_table", **asked) == {
            "table": "grading", "records": 3, "one_by_one": None
        }  # fmt: skip
        assert found(app, big) == (
            ("A", 90, date(2027, 1, 31), WORD, 2), "updated", 2,
            {"grade": [None, "A"], "score": [None, "90"], "contract_end": [None, "2027-01-31"],
             "note": ["old", WORD]},
        )  # fmt: skip
        assert found(app, near)[3] == {
            "grade": [None, "B"], "score": [None, "-5"], "contract_end": ["2026-05-05", None]
        }  # fmt: skip
        assert app.get(blank)["note"] == "unknown"
        assert [app.get(each)["version"] for each in (none, moved)] == [1, 2]
        assert app.ask("root", "rules.apply_table", **asked)["records"] == 0
        app.update(big, budget=1)
        app.update(big, budget=2000, note="x")
        pressed = app.ask("ann", "rules.press", rule="nightly", id=big)
        assert pressed["actions"] == [{"decide": "grading", "into": INTO, "records": 1}]
        assert app.get(big)["note"] == WORD
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.apply_table", **asked)
        with pytest.raises(Rejected) as refused:
            app.ask("root", "rules.apply_table", table="grading", into={"stage": "scor"})
        assert [(each.code, each.pointer) for each in refused.value.problems] == [
            ("rules.unknown-output", "/into/stage")
        ]


def test_of_what_has_no_history_is_kept_that_it_was_written(database_url: str) -> None:
    """Whoever had the record open meanwhile does not overwrite it unseen, and the history does not tell it."""
    with trial(database_url, TABLE) as app:
        lead = app.create(budget=2000, memo="old")
        app.ask(None, "rules.apply_table", table="grading", into={"memo": "word", "grade": "grade"})
        assert (app.get(lead)["memo"], found(app, lead)[3]) == (WORD, {"grade": [None, "A"]})
        with pytest.raises(Conflict) as refused:
            app.ask("ann", "records.update", type="lead", id=lead, values={"memo": "mine"}, version=1)
        assert [each.pointer for each in refused.value.problems] == ["/memo"]


@pytest.mark.requirement("R21")
def test_what_follows_a_change_follows_this_one(database_url: str) -> None:
    """Where a rule waits for the change, each record is saved by itself, and the rule fires for each."""
    with trial(database_url, TABLE, LOUD) as app:
        leads = [app.create(budget=number * 1000) for number in range(4)]
        asked = {"table": "grading", "into": {"grade": "grade"}}
        said = app.ask(None, "rules.apply_table", **asked)
        assert said == {"table": "grading", "records": 3, "one_by_one": "the rule loud"}
        app.settle()
        assert [app.get(each)["grade"] for each in leads] == [None, "A", "A", "A"]
        assert len(app.all()) == 3


@given(
    st.lists(
        st.tuples(st.sampled_from([None, 0, 99, 100, 1000]), st.sampled_from([None, "shanghai", "beijing"]),
                  st.sampled_from([None, "A", "B"]), st.sampled_from([None, 90, -5])),
        min_size=1, max_size=6,
    )
)  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_at_once_is_one_by_one(rows: list[tuple[Any, ...]]) -> None:
    """For any records, the statement leaves what saving each of them would have left, history and all."""
    results = []
    for extra in ((), (LOUD,)):
        with trial("sqlite://", TABLE, *extra) as app:
            leads = [app.create(budget=b, province=p, grade=g, score=s) for b, p, g, s in rows]
            said = app.ask(None, "rules.apply_table", table="grading", into=INTO)
            app.settle()
            results.append((said["records"], [found(app, each) for each in leads]))
    assert results[0] == results[1]
