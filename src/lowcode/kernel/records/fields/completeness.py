"""How much of a record is filled in, as a share: a formula that is written for the author."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.computed import COMPUTED
from lowcode.kernel.records.fields.formula import FormulaDefinition
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

PLACES = 4


class CompletenessDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["completeness"]
    of: list[str] | dict[str, Decimal] = Key(
        min_length=1, description="The fields that should have a value; with weights, the ones that matter more."
    )


class Completeness:
    """How much of a record is filled in. The forms engine puts a formula in its place (`as_formula`)."""

    name = "completeness"
    options = CompletenessDefinition

    def type(self, options: CompletenessDefinition) -> Type:
        """A share with four places."""
        return Type("number", scale=PLACES)

    def column(self, options: CompletenessDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return None

    def coerce(self, value: Any, options: CompletenessDefinition) -> Any:
        """The value that was meant."""
        raise Invalid("records.computed", COMPUTED)

    show = as_it_is


def as_formula(options: CompletenessDefinition, rows: frozenset[str]) -> FormulaDefinition:
    """The formula that says it; `rows` names the fields that hold rows or links to several records."""
    weights = options.of if isinstance(options.of, dict) else dict.fromkeys(options.of, Decimal(1))
    parts = []
    for name, weight in weights.items():
        blank = f"COUNT({name}) = 0" if name in rows else f"{name} is blank"
        parts.append(f"IF({blank}, 0, {weight:f})")
    total = sum(weights.values(), Decimal(0))
    common = options.model_dump(exclude={"type", "of"}, exclude_unset=True)
    return FormulaDefinition(
        **common, type="formula", expression=f"ROUND(({' + '.join(parts)}) / {total:f}, {PLACES})", scale=PLACES,
        format="percent",
    )  # fmt: skip
