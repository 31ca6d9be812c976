"""A number given to each record, by a pattern such as `Q{yyyy}{mm}-{0000}`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.computed import COMPUTED
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is


class SerialDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["serial"]
    pattern: str = Key("{00000}", description="{yyyy} {yy} {mm} {dd}, {per} and one counter of zeros.")
    reset: Literal["never", "year", "month", "day"] | None = Key(
        None, description="When the counter begins anew; left out: whenever the dates of the pattern change."
    )
    per: str | None = Key(None, description="A field, each value of which is counted for itself: {per} in the pattern.")
    start: int = Key(1, ge=0, description="The first number.")
    gapless: bool = Key(
        True,
        description="No number is left out: on PostgreSQL, saves of this form wait for one another. false: they do "
        "not, numbers of several processes come in blocks, and a save that fails leaves a gap.",
    )


class Serial:
    """A number given to each record, by a pattern such as `Q{yyyy}{mm}-{0000}`."""

    name = "serial"
    options = SerialDefinition

    def type(self, options: SerialDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: SerialDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: SerialDefinition) -> Any:
        """The value that was meant."""
        raise Invalid("records.computed", COMPUTED)

    show = as_it_is
