"""Computed numbers as their columns keep them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.kernel.records.plan import Field
from lowcode.kernel.storage.room import DIGITS, fits, no_room

PLACES = 6
"""Decimals of a number of which nobody said how many it has."""
ONES = tuple(Decimal(1).scaleb(-scale) for scale in range(9))
"""By how many decimals it has."""


def rounded(each: Field, value: Any) -> Any:
    """A computed number with the places its column has. Raises NoRoom for one that has no room in any column."""
    if value is not None and each.type.kind == "number":
        scale = each.type.scale if each.type.scale is not None else PLACES
        number = Decimal(value)
        near = number.adjusted() + scale >= DIGITS - 1  # what is just below the limit may be rounded up to it
        if near and not fits(number, scale):
            raise no_room(each.name, scale)
        found = number.quantize(ONES[scale] if scale < len(ONES) else Decimal(1).scaleb(-scale), ROUND_HALF_UP)
        if near and not fits(found, scale):
            raise no_room(each.name, scale)
        return found
    return value


def places_of(each: Field) -> int:
    """How many decimals a number has in its column."""
    return each.type.scale if each.type.scale is not None else PLACES
