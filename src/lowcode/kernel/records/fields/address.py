"""A postal address: the region, a blank, and the street: `浙江省/杭州市/西湖区 文三路 1 号`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.regions import in_full
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text

LONGEST = 400


class AddressDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["address"]
    abroad: bool = False
    """Addresses outside China are taken as they are written."""


class Address:
    """A postal address."""

    name = "address"
    options = AddressDefinition

    def type(self, options: AddressDefinition) -> Type:
        """Text, the greatest part first."""
        return Type("text")

    def column(self, options: AddressDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: AddressDefinition) -> Any:
        """One line, from a text or from an object with `region` and `street`; the region by its names or code."""
        if isinstance(value, Mapping):
            region, street = value.get("region") or "", plain_text(value.get("street") or "")
            region = "/".join(map(str, region)) if isinstance(region, (list, tuple)) else plain_text(region)
            coded = region.isascii() and region.isdigit()
        else:
            region, _, street = plain_text(value).partition(" ")
            coded = False  # a street may begin with a number
        if not options.abroad and ("/" in region or coded):
            region = "/".join(in_full([each for each in region.split("/") if each], 3))
        text = " ".join(f"{region} {street}".split())
        if len(text) > LONGEST:
            raise Invalid("records.too-long", TOO_LONG, limit=LONGEST, length=len(text))
        return text or None

    show = as_it_is
