"""The function table: one declaration for each function, with its form on every back end.

`catalogue()` gives the functions the library brings, by name; `setup` puts them among the kinds of a host, to which
plug-ins add theirs; `table` is what expressions of that host are checked against. `FORMS` names those the checker turns
into branches, comparisons or values of the moment, so that no back end needs to know them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import get_args

from lowcode.kernel.diagnostics import suggestion
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
from lowcode.kernel.expressions.functions.declaration import RESULTS, Blanks, Determinism, Function, Parameter
from lowcode.kernel.expressions.functions.logic import FORMS, SHORT
from lowcode.kernel.expressions.types import Kind
from lowcode.kernel.registry import Kinds

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
PARAMETER_KINDS = frozenset(get_args(Kind)) | {"integer", "unit", "pattern"}
"""What a signature may name: every type, and three narrower ones."""


@cache
def catalogue() -> Mapping[str, Function]:
    """Every function by name."""
    rooms = (logic, number, aggregate, text, conversion, dates, person)
    natives = (number_postgresql, text_postgresql, dates_postgresql, others_postgresql)
    lowered = {name: made for native in natives for name, made in native.LOWERINGS.items()}
    return MappingProxyType(
        {one.name: replace(one, postgresql=lowered.get(one.name)) for room in rooms for one in room.FUNCTIONS}
    )


def setup(kinds: Kinds) -> None:
    """Open the extension point `function` and add the functions the library brings."""
    kinds.open("function", "function", ("signature", "result", "python", "summary"), _refusal)
    kinds.add("function", *catalogue().values())


def table(kinds: Kinds) -> Mapping[str, Function]:
    """The functions of a host by name."""
    return {one.name: one for one in kinds["function"]}


def _refusal(function: Function) -> str | None:
    if not NAME.fullmatch(function.name):
        return "its name is not written in capitals, digits and _, as expressions write functions"
    if function.name in FORMS:
        return f"{function.name} is a word of the language"
    wrong = {kind for one in function.parameters for kind in one.kinds} - PARAMETER_KINDS
    if wrong:
        return f"its signature speaks of {', '.join(sorted(wrong))}; there are {', '.join(sorted(PARAMETER_KINDS))}"
    if isinstance(function.result, str) and function.result not in RESULTS:
        return f"its result is '{function.result}'. {suggestion(function.result, RESULTS)}"
    return None


__all__ = [
    "AGGREGATES",
    "FORMS",
    "REDUCERS",
    "SHORT",
    "Blanks",
    "Determinism",
    "Function",
    "Parameter",
    "catalogue",
    "setup",
    "table",
]
