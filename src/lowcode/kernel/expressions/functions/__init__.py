"""The function table: one declaration for each function, with its form on every back end.

`catalogue()` gives the functions by name. `FORMS` names those the checker turns into branches, comparisons or values
of the moment, so that no back end needs to know them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from lowcode.kernel.expressions.functions import (
    aggregate,
    conversion,
    dates,
    dates_postgresql,
    logic,
    number,
    number_postgresql,
    others_postgresql,
    person,
    text,
    text_postgresql,
)
from lowcode.kernel.expressions.functions.aggregate import NAMES as AGGREGATES
from lowcode.kernel.expressions.functions.aggregate import REDUCERS
from lowcode.kernel.expressions.functions.declaration import Blanks, Determinism, Function, Parameter
from lowcode.kernel.expressions.functions.logic import FORMS, SHORT


@cache
def catalogue() -> Mapping[str, Function]:
    """Every function by name."""
    rooms = (logic, number, aggregate, text, conversion, dates, person)
    natives = (number_postgresql, text_postgresql, dates_postgresql, others_postgresql)
    lowered = {name: made for native in natives for name, made in native.LOWERINGS.items()}
    return MappingProxyType(
        {one.name: replace(one, postgresql=lowered.get(one.name)) for room in rooms for one in room.FUNCTIONS}
    )


__all__ = ["AGGREGATES", "FORMS", "REDUCERS", "SHORT", "Blanks", "Determinism", "Function", "Parameter", "catalogue"]
