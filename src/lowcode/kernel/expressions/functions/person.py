"""Functions of the person asking and of decision tables."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.expressions.functions.declaration import Blanks, Determinism, Function
from lowcode.kernel.expressions.moment import Moment
from lowcode.kernel.expressions.types import Type


def look_up(moment: Moment, name: str, *values: Any) -> Any:
    table = moment.tables.get(name)
    return table(*values) if table is not None else None


ANYTHING = "number|text|boolean|date|datetime|choice|record|user"
FUNCTIONS = (
    Function(
        "HASROLE",
        "role:text",
        "boolean",
        lambda m, role: role in m.roles,
        "Whether the person has a role.",
        Blanks.NEVER,
        Determinism.VOLATILE,
        uses_moment=True,
    ),
    Function(
        "LOOKUPTABLE",
        f"table:text, output:{ANYTHING}, value:{ANYTHING}?...",
        lambda types, values: Type("any"),
        look_up,
        "What a decision table answers for these values, in their order: the output of that name.",
        Blanks.OPEN,
        uses_moment=True,
        javascript=False,
        cost=20,
    ),
)
