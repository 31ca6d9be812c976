"""The room a computed number has, which is the same in both databases, and the refusal of one that has none.

Python says so itself. Where PostgreSQL computes the number in the statement that writes it, nobody reads it before: the
statement names the field in the error it ends in, and whoever gets that makes the same refusal of it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Problem, Rejected

DIGITS = 18
"""What fits into the 64 bits of SQLite, places included."""
WIDEST = 1000
"""Digits that PostgreSQL lets a number have on its way."""
OUT_OF_RANGE = {
    "en": "the result of '{field}' is too large: at most {limit}; look at the numbers it is made of",
    "zh-CN": "“{field}”的计算结果过大，最多为 {limit}，请检查相关数值",
}
_NAMED = re.compile(r"[\"“”„«»「]\s?no room for (\w+) with (\d{1,2}) decimals\s?[\"“”«»」]")
"""What the server quotes, in whichever language it speaks: all of it, as what people wrote is quoted as well."""
INVALID_TEXT = "22P02"


class NoRoom(Rejected):
    """A computed number has no room in any column."""


def no_room(field: str, scale: int) -> NoRoom:
    """The refusal: which field, how much it takes at most, and the cure."""
    limit = f"{Decimal(10**DIGITS - 1).scaleb(-scale):,f}"
    return NoRoom(Problem("records.out-of-range", dict(OUT_OF_RANGE), f"/{field}", {"field": field, "limit": limit}))


def fits(number: Decimal, scale: int) -> bool:
    """Whether there is room for a number."""
    return not number or number.adjusted() + scale < DIGITS


def in_its_room(value: sa.ColumnElement[Any], field: str, scale: int, row: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A number, computed by PostgreSQL; the error of one without room names the field. `row`: any column of what is
    written: an error of constants alone would come while the statement is planned."""
    text = sa.literal_column(f"'no room for {field} with {scale} decimals'", sa.Text)
    named = sa.cast(text + sa.func.left(sa.cast(row, sa.Text), sa.literal_column("0")), sa.Numeric)
    most = sa.literal_column(f"1e{DIGITS - scale}", sa.Numeric)
    return sa.case((sa.func.abs(value) >= most, named), else_=value)


def refusal(error: BaseException) -> NoRoom | None:
    """The refusal that an error of `in_its_room` means."""
    if getattr(error, "sqlstate", None) != INVALID_TEXT:
        return None
    found = _NAMED.search(str(error))
    return no_room(found[1], int(found[2])) if found else None
