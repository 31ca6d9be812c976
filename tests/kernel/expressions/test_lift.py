"""Conditions apart from their values: what is the same but for these has one tree, and nothing else has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lowcode.kernel.expressions import compile_expression, lifted
from tests.conformance.expressions.support import shapes_of

FIELDS = {
    "amount": "number:2", "count": "number:0", "any": "number", "name": "text", "stage": "choice:new|won|lost",
    "day": "date", "at": "datetime", "done": "boolean", "who": "user", "items": "rows:item", "items.amount": "number:2",
}  # fmt: skip
SHAPES = shapes_of(FIELDS)


def values_of(text: str) -> list[Any]:
    return list(lifted(compile_expression(text, SHAPES, "subject")).values.values())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("who = 17", [17]),
        ("count = 5 and amount > 12.5", [Decimal(5), Decimal("12.5")]),
        ("5 < count", [Decimal(5)]),
        ("amount > 12.345", [Decimal("12.34")]),
        ('not (name = "a") or stage = "won"', ["a", "won"]),
        ('day >= "2026-01-05"', [date(2026, 1, 5)]),
        ("who in (3, 4, 5)", [3, 4, 5, 5]),
        ('stage in ("new", "won")', ["new", "won"]),
        ("count in (1, 2, 3, 4, 5)", [Decimal(each) for each in (1, 2, 3, 4, 5, 5, 5, 5)]),
        # What decides how the condition is carried out stays in it.
        ("amount = 12.345", []),
        ("count = 1.5", []),
        ("count = 9999999999999999999", []),
        ("any = 5", []),
        ("done = TRUE", []),
        ("name = BLANK", []),
        ("count in (1, BLANK)", []),
        ("LEN(name) > 3", []),
        ("SUM(items.amount, amount > 5) > 10", []),
    ],
)
def test_what_is_lifted(text: str, values: list[Any]) -> None:
    """Values that stand bare beside a field, as the field has them."""
    assert values == values_of(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("who = 1", "who   =  12345", True),
        ('amount > 1 and stage = "won"', 'amount > 99.5 and stage = "lost"', True),
        ("who in (1, 2, 3)", "who in (7, 8, 9, 10)", True),
        ("who in (1, 2)", "who in (7, 8, 9)", False),
        ("count = 1", "count = 1.5", False),
        ("count > 1", "count >= 1", False),
        ('name = "1"', "count = 1", False),
        ("LEN(name) > 3", "LEN(name) > 4", False),
        ("YEAR(day) = 2026", "YEAR(day) = 2025", False),
    ],
)
def test_which_are_the_same(one: str, other: str, same: bool) -> None:
    """Spaces and the length of a value do not matter; whatever changes the question does."""
    trees = [lifted(compile_expression(text, SHAPES, "subject")).tree for text in (one, other)]
    assert same == (trees[0] == trees[1]) == (hash(trees[0]) == hash(trees[1]))
