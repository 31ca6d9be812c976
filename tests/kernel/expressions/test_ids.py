"""A record is named by its id where a page or a report asks for the rows of one record."""

from __future__ import annotations

import pytest

from lowcode.kernel.expressions import ExpressionError, FieldShape, RecordShape, Shapes, Type, compile_expression

ACCOUNT = Type("record", record="account")
SHAPES = Shapes(
    {
        "quote": RecordShape(
            "quote",
            {
                "id": FieldShape("id", "id", Type("record", record="quote")),
                "account": FieldShape("account", "account", ACCOUNT),
            },
        ),
        "account": RecordShape("account", {"id": FieldShape("id", "id", ACCOUNT)}),
    }
)


@pytest.mark.parametrize("text", ["id = 7", "7 = id", "account.id = 7", "account.id in (6, 7)", "account.id <> 8"])
def test_a_number_beside_an_id_is_that_record(text: str) -> None:
    """`account.id = 7` is what the list of one account's quotes asks."""
    expression = compile_expression(text, SHAPES, "quote")
    assert expression.test({"id": 7, "account": 7, "account.id": 7}, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["account = 7", "id = 7.5", 'account.id = "7"'])
def test_a_number_is_no_record_elsewhere(text: str) -> None:
    """Definitions do not name records by number: a link beside a number is a mistake."""
    with pytest.raises(ExpressionError):
        compile_expression(text, SHAPES, "quote")
