"""What the designer of decision tables asks: the table as it would be is looked at, tried, and written to a file."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.rules.decisions.cells import Cell, Interval, Ranges, Values, read_cell
from lowcode.rules.decisions.index import RangeColumn, boundaries_of, column_of
from tests.rules.apps import Trial, rule, trial
from tests.rules.test_table_writing import TABLE

LOOKING = rule("looked_up", {"created": True}, {"set": {"grade": 'LOOKUPTABLE("grading", "grade", budget, province)'}})
USER = rule("grade", {"created": True}, {"decide": {"table": "grading", "into": {"grade": "grade"}}})

GAPS = [["(..100)"], ["100, (100..1000)", "zhejiang, beijing, blank"]]


@pytest.fixture(scope="module")
def app() -> Iterator[Trial]:
    """An app with a table that a rule names."""
    with trial("sqlite://", TABLE, USER, LOOKING) as made:
        made.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        made.host.forget_directory()
        yield made


def changed(**values: Any) -> dict[str, Any]:
    """The table with something else in it."""
    return {**copy.deepcopy(TABLE), **values}


@pytest.mark.requirement("X21")
def test_a_table_is_looked_at_as_it_would_be(app: Trial) -> None:
    """Its own case is open, which is known of it; another form or column may be missed elsewhere; nothing is kept."""
    found = app.ask("root", "rules.check_table", document=TABLE)
    assert {each["severity"] for each in found["findings"]} == {"information"}
    assert (found["gaps"], found["gap_count"]) == (GAPS, len(GAPS))
    assert found["complete"] and found["exact"] and not found["elsewhere"]
    assert [(each["name"], each["kind"], each["options"]) for each in found["inputs"]] == [
        ("budget", "number", []), ("province", "choice", ["shanghai", "zhejiang", "beijing"]),
    ]  # fmt: skip
    rows = [*TABLE["rules"], {"when": {"budget": ">= 2000"}, "then": {"grade": '"C"'}}]
    found = app.ask("root", "rules.check_table", document=changed(rules=rows))
    assert (found["unreached"], found["overlaps"][:1]) == ([4], [[1, 2]])
    assert app.ask("root", "rules.check_table", document=changed(outputs=TABLE["outputs"][:1]))["elsewhere"]
    assert not app.ask("root", "rules.check_table", document=changed(name="other"))["elsewhere"]
    (told,) = app.ask("root", "rules.tables")["items"]
    assert told["table"] == "grading"
    assert [(each["kind"], each["name"]) for each in told["used_by"]] == [("rules", "grade"), ("rules", "looked_up")]


def test_what_is_wrong_is_said_at_its_cell(app: Trial) -> None:
    """Each finding names its place; a table that cannot be understood has no cases to tell."""
    rows = [{"when": {"budget": ">> 5", "provinz": "-"}, "then": {"grade": '"A"', "score": '"many"'}}]
    found = app.ask("root", "rules.check_table", document=changed(rules=rows, hit="FRIST"))
    assert [each["pointer"] for each in found["findings"]] == ["/hit"]
    found = app.ask("root", "rules.check_table", document=changed(rules=rows))
    assert {each["pointer"] for each in found["findings"]} == {
        "/rules/0/when/provinz", "/rules/0/when/budget", "/rules/0/then/score",
    }  # fmt: skip
    assert (found["inputs"], found["gaps"], found["complete"]) == ([], [], False)
    with pytest.raises(Rejected) as refused:
        app.ask("root", "rules.try_table", document=changed(rules=rows), values={})
    assert "/document/rules/0/then/score" in {each.pointer for each in refused.value.problems}


@pytest.mark.requirement("R21")
def test_a_table_is_tried_before_it_is_published(app: Trial) -> None:
    """With values, and for a record; the answer is that of the table as it would be, and each row says why."""
    table = changed(rules=[{"when": {"budget": ">= 10"}, "then": {"grade": '"C"'}}, *TABLE["rules"]])
    found = app.ask("root", "rules.try_table", document=table, values={"budget": "1500"})
    assert (found["rows"], found["outputs"]) == ([1], {"grade": "C"})
    lead = app.create(budget=5000)
    assert app.ask("root", "rules.try_table", document=table, record=lead)["outputs"] == {"grade": "C"}
    assert app.ask("root", "rules.decide", table="grading", record=lead)["outputs"]["grade"] == "A"
    cells = {each["row"]: each for each in app.ask("root", "rules.try_table", document=table, values={})["explanation"]}
    assert not cells[1]["hit"] and cells[1]["cells"][0]["met"] is False


def test_people_are_offered_by_name(app: Trial) -> None:
    """An answer that is a person holds a login; who designs reads names."""
    people = app.ask("root", "rules.table_palette")["people"]
    assert {"name": "ann", "title": "Ann"} in people


def test_a_table_is_written_as_it_would_be(app: Trial) -> None:
    """And comes back as it was written; what is no table is refused."""
    table = changed(title="Other", rules=TABLE["rules"][:1])
    for format_ in ("xlsx", "dmn"):
        file = app.ask("root", "rules.write_table", table="grading", document=table, format=format_)
        back = app.ask("root", "rules.read_table", content=file["content"], format=format_)
        assert back["rules"][0]["then"]["grade"] == '"A"' and len(back["rules"]) == 1
        assert base64.b64decode(file["content"])
    with pytest.raises(Rejected):
        app.ask("root", "rules.write_table", table="grading", document={"name": "x", "rules": 5})


def test_only_administrators_design(app: Trial) -> None:
    """A draft may name every field of a form."""
    for operation, asked in (
        ("rules.check_table", {"document": TABLE}), ("rules.try_table", {"document": TABLE, "values": {}}),
        ("rules.tables", {}), ("rules.table_palette", {}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            app.ask("ann", operation, **asked)


NUMBERS = st.integers(0, 6).map(Decimal)
INTERVALS = st.builds(
    Interval, st.none() | NUMBERS, st.none() | NUMBERS, st.booleans(), st.booleans()
)  # fmt: skip
ORDERED = st.one_of(
    st.builds(Ranges, st.lists(INTERVALS, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(Values, st.frozensets(st.none() | NUMBERS, min_size=1, max_size=3), st.booleans()),
    st.just(read_cell("-", "number").cell),
)
PLAIN = st.one_of(
    st.builds(Values, st.frozensets(st.none() | st.sampled_from("abc"), min_size=1, max_size=3), st.booleans()),
    st.just(read_cell("-", "text").cell),
)


def met(cell: Cell, value: Any) -> bool:
    """Whether a value meets a cell, by what the cell says."""
    if isinstance(cell, Values):
        return (value in cell.values) is not cell.negated
    if isinstance(cell, Ranges):
        return cell.blank if value is None else any(each.holds(value) for each in cell.intervals)
    return True


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(ORDERED, min_size=1, max_size=5), st.lists(PLAIN, min_size=1, max_size=5)))
def test_the_index_of_a_column_is_what_its_cells_say(column: list[Cell]) -> None:
    """For every value a cell names, between them, beyond them, others and blank."""
    found = column_of(column)
    tried: list[Any] = [None, "a", "b", "z"]
    if isinstance(found, RangeColumn):
        tried = [None, *(Decimal(each) / 2 for each in range(-1, 14))]
        assert list(found.boundaries) == boundaries_of(column)
    for value in tried:
        if isinstance(found, RangeColumn) or all(not isinstance(each, Ranges) for each in column):
            expected = sum(1 << row for row, cell in enumerate(column) if met(cell, value))
            assert found.mask(value) == expected, value
