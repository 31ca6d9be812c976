"""A province, city and district, written with slashes: `浙江省/杭州市/西湖区`."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.text import TOO_LONG
from lowcode.kernel.records.fields.words import plain_text


class RegionDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["region"]


class Region:
    """A province, city and district, written with slashes: `浙江省/杭州市/西湖区`."""

    name = "region"
    options = RegionDefinition

    def type(self, options: RegionDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: RegionDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: RegionDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        parts = value if isinstance(value, (list, tuple)) else plain_text(value).split("/")
        text = "/".join(part for part in (plain_text(each) for each in parts) if part)
        if len(text) > 200:
            raise Invalid("records.too-long", TOO_LONG, limit=200, length=len(text))
        return text or None

    show = as_it_is
