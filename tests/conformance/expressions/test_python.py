"""The corpus, evaluated in Python."""

from __future__ import annotations

import pytest

from lowcode.kernel.expressions import ExpressionError, compile_expression, text_from_json
from tests.conformance.expressions.support import Case, cases, expected, written

ALL = list(cases())


@pytest.mark.parametrize("case", [one for one in ALL if "result" in one.wanted], ids=str)
def test_python_gives_the_result_of_the_case(case: Case) -> None:
    """What a case says is what generated Python gives."""
    expression = case.compile()
    value = expression.evaluate(case.python_record(), case.python_moment())
    assert expected(case, expression.type) == written(value, expression.type), expression.source
    if expression.type.kind == "boolean":
        assert (case.wanted["result"] is True) == expression.test(case.python_record(), case.python_moment())


@pytest.mark.parametrize("case", [one for one in ALL if "result" in one.wanted], ids=str)
def test_the_stored_form_reads_back(case: Case) -> None:
    """Canonical text and JSON with ids both give the same expression again."""
    expression = case.compile()
    again = compile_expression(
        text_from_json(expression.as_json(), case.shapes), case.shapes, "subject", place=expression.place
    )
    assert (
        expression.text
        == again.text
        == compile_expression(expression.text, case.shapes, "subject", place=expression.place).text
    )


@pytest.mark.parametrize("case", [one for one in ALL if "error" in one.wanted], ids=str)
def test_a_mistake_is_refused_and_told(case: Case) -> None:
    """A case with an error is refused before anything runs, and told in both languages."""
    with pytest.raises(ExpressionError) as raised:
        case.compile()
    assert case.wanted["error"] in [one.code.removeprefix("expressions.") for one in raised.value.problems]
    assert case.wanted["told"] == [one.both for one in raised.value.problems]
