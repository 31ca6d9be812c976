"""Computed numbers as their columns keep them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.plan import Field

DIGITS = 18
"""What fits into the 64 bits of SQLite, places included."""


def rounded(each: Field, value: Any) -> Any:
    """A computed number with the places its column has. Raises Rejected for one that has no room in any column."""
    if value is not None and each.type.kind == "number":
        scale = each.type.scale if each.type.scale is not None else 6
        number = Decimal(value)
        if number and number.adjusted() + scale >= DIGITS:
            raise Rejected(words.problem("out-of-range", f"/{each.name}", field=each.name))
        return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return value
