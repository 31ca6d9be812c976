"""References of formulas when rows are repeated or left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.printing.outputs.references import Moves, Span, column_of, letters, moved, shifted

MOVES = {"S": Moves([Span(5, 5, 3), Span(8, 8, 0), Span(10, 11, 2)]), "其他 表": Moves([Span(2, 2, 4)])}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(D5:D5)", "SUM(D5:D7)"),
        ("D4+D5+D6", "D4+D5+D8"),
        ("SUM($D$5:$D$5)*A9", "SUM($D$5:$D$7)*A10"),
        ("SUM(D5:D9)", "SUM(D5:D10)"),
        ("A8", "#REF!"),
        ("SUM(A8:A8)", "SUM(#REF!)"),
        ("SUM(A7:A8)", "SUM(A9:A9)"),
        ("B11+B12", "B12+B15"),
        ('IF(D5="A5 ""D6""",LOG10(D6),"D6")', 'IF(D5="A5 ""D6""",LOG10(D8),"D6")'),
        ("'其他 表'!B2:B3+其他!B2", "'其他 表'!B2:B6+其他!B2"),
        ("SUM(5:5)+SUM(A:A)", "SUM(5:7)+SUM(A:A)"),
        ("Table1[Col12]+Umsatz2024x+A1:INDEX(D:D,6)", "Table1[Col12]+Umsatz2024x+A1:INDEX(D:D,6)"),
    ],
)  # fmt: skip
def test_a_formula_moves_along(formula: str, expected: str) -> None:
    """A range over a repeated row is stretched; words, functions, columns and other names stay."""
    assert moved(formula, "S", MOVES.get) == expected


@pytest.mark.parametrize(
    ("formula", "number", "expected"),
    [
        ("C5*D5", 0, "C5*D5"),
        ("C5*D5", 2, "C7*D7"),
        ("SUM(D$5:D5)", 2, "SUM(D$5:D7)"),
        ("D5/D$6", 1, "D6/D$8"),
        ("D5/$D$5", 1, "D6/$D$5"),
    ],
)
def test_a_copy_speaks_of_itself(formula: str, number: int, expected: str) -> None:
    """Within a copy its own row is that copy's; `$` holds the first, so running totals run."""
    assert moved(formula, "S", MOVES.get, MOVES["S"].spans[0], number) == expected


def test_areas() -> None:
    """Merged cells of a line come with each copy; an area over it is stretched; what is gone leaves nothing."""
    moves = MOVES["S"]
    assert list(moves.copies("A5:C5")) == ["A5:C5", "A6:C6", "A7:C7"]
    assert list(moves.copies("A10:B11")) == ["A11:B12", "A13:B14"]
    assert list(moves.copies("A4:C6")) == ["A4:C8"]
    assert (moves.area("A5"), moves.area("A8"), moves.areas("B5 C8 D9")) == ("A5:A7", None, "B5:B7 D10")


def test_a_shared_formula_in_its_cells() -> None:
    """As Excel copies it: what has no `$` moves."""
    assert shifted('C5*$D5+E$1&"C5"', 2, 1) == 'D7*$D7+F$1&"C5"'


@given(st.integers(1, 16384))
def test_letters_of_columns(number: int) -> None:
    """Back and forth."""
    assert column_of(letters(number)) == number


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 4)), max_size=6), st.integers(1, 40))
def test_no_two_rows_meet(parts: list[tuple[int, int, int]], rows: int) -> None:
    """Whatever is repeated or left out, every copy of every row has a place of its own, in order, without holes."""
    spans, at = [], 1
    for height, gap, copies in parts:
        spans.append(Span(at + gap, at + gap + height - 1, copies))
        at += gap + height
    moves = Moves(spans)
    last = max(rows, at)
    places = []
    done: set[int] = set()
    for row in range(1, last + 1):
        span = moves.span_of(row)
        if span is None:
            places.append(moves.copy(row, 0))
        elif span.first not in done:
            done.add(span.first)
            places += [moves.copy(each, n) for n in range(span.copies) for each in range(span.first, span.last + 1)]
    assert places == list(range(1, len(places) + 1))
    assert moves.top(1) <= moves.bottom(last) + 1
