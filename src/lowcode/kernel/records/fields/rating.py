"""A number of stars."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Plain
from lowcode.kernel.records.fields.numbers import decimal_of, plainly_number, short_number, within
from lowcode.kernel.records.fields.shown import as_whole
from lowcode.kernel.storage.types import ScaledDecimal


class RatingDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["rating"]
    stars: int = Key(5, ge=2, le=10)


class Rating:
    """A number of stars."""

    name = "rating"
    options = RatingDefinition

    def type(self, options: RatingDefinition) -> Type:
        """A number of known places."""
        return Type("number", scale=0)

    def column(self, options: RatingDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(0)

    def coerce(self, value: Any, options: RatingDefinition) -> Any:
        """An exact decimal within its limits."""
        return within(decimal_of(value, 0), 0, options.stars)

    def coercer(self, options: RatingDefinition) -> Coerce:
        """The same, by a short way."""
        return short_number(self.coerce, options, 0, 0, options.stars)

    def plain(self, options: RatingDefinition) -> Plain:
        """A whole number as it is."""
        return plainly_number(0, 0, options.stars)

    show = as_whole
