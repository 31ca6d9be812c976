"""What says an option by its former name, where the option is a text like any other: `formerly.json`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.expressions import ExpressionError, Moment, Shapes, Type, compile_expression
from lowcode.kernel.expressions.shapes import FieldShape, RecordShape

CASES = json.loads((Path(__file__).parent / "formerly.json").read_text(encoding="utf-8"))["cases"]
OPTIONS = ("first", "b", "colder")
GRADE = Type("choice", options=OPTIONS, former=(("old", "first"),))
TYPES = {"name": Type("text"), "grade": GRADE, "tags": Type("multi", options=OPTIONS, former=GRADE.former)}
FIELDS = {name: FieldShape(name, name, type_) for name, type_ in TYPES.items()}
SHAPES = Shapes({"lead": RecordShape("lead", FIELDS)})


@pytest.mark.requirement("X15")
@pytest.mark.parametrize("case", CASES, ids=[each["expression"] for each in CASES])
def test_the_former_name_of_an_option(case: dict[str, Any]) -> None:
    """Where only the former name made a condition true, it is refused and the new one named; in a version that goes on,
    it is true of what is called otherwise now."""
    if case["refused"] is None:
        compile_expression(case["expression"], SHAPES, "lead")
    else:
        with pytest.raises(ExpressionError) as refused:
            compile_expression(case["expression"], SHAPES, "lead")
        [problem] = refused.value.problems
        assert (problem.code, problem.hint) == ("expressions.unknown-option", f"Did you mean {case['refused']}?")
        assert case["expression"][problem.column - 1] == '"'
        assert "选项" in problem.told("zh-CN")[0]
    went_on = compile_expression(case["expression"], SHAPES, "lead", former=True)
    moment = Moment(datetime(2026, 3, 2, tzinfo=UTC))
    records = {each: {"name": "x", "grade": each, "tags": [each] if each else None} for each in (*OPTIONS, None)}
    found = [each for each, record in records.items() if went_on.test(record, moment)]
    assert found == case["true_of"]
