"""A province, city and district of China, kept with slashes: `浙江省/杭州市/西湖区`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields import regions
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text

LONGEST = 200


class RegionDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["region"]
    levels: int = Key(3, ge=0, le=3, description="How far down: 1 province, 2 city, 3 district; 0 takes any names.")


class Region:
    """A province, city and district of China."""

    name = "region"
    options = RegionDefinition

    def type(self, options: RegionDefinition) -> Type:
        """Text: the way, so that STARTSWITH finds everything in a province."""
        return Type("text")

    def column(self, options: RegionDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: RegionDefinition) -> Any:
        """The full names on the way, from full or shortened ones or from a code of GB/T 2260."""
        steps = value if isinstance(value, (list, tuple)) else plain_text(value).split("/")
        names = [name for name in (plain_text(each) for each in steps) if name]
        way = names if options.levels == 0 else regions.in_full(names, options.levels)
        text = "/".join(way)
        if len(text) > LONGEST:
            raise Invalid("records.too-long", TOO_LONG, limit=LONGEST, length=len(text))
        return text or None

    show = as_it_is
