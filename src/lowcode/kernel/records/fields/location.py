"""A place on earth (WGS 84), kept as `latitude,longitude` and, after a blank, the words for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.numbers import decimal_of
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import plain_text

WRITTEN = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,，]\s*(-?\d{1,3}(?:\.\d+)?)(?:\s+(.*))?", re.DOTALL)
PLACES = 6
"""Six decimal places of a degree are about ten centimetres."""
NOT_LOCATION = {
    "en": "'{seen}' is not a place (30.274150,120.155150)",
    "zh-CN": "“{seen}”不是位置（纬度,经度，如 30.274150,120.155150）",
}


class LocationDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["location"]
    device_only: bool = Key(False, description="The page takes the place from the device and lets nobody type it.")


class Location:
    """A place on earth."""

    name = "location"
    options = LocationDefinition

    def type(self, options: LocationDefinition) -> Type:
        """Text, written one way."""
        return Type("text")

    def column(self, options: LocationDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: LocationDefinition) -> Any:
        """Six places of each, from text or from an object with `latitude`, `longitude` and perhaps `address`."""
        if isinstance(value, Mapping):
            parts: tuple[Any, ...] = (value.get("latitude"), value.get("longitude"), value.get("address"))
        else:
            found = WRITTEN.fullmatch(str(value).strip())
            if found is None:
                raise Invalid("records.not-location", NOT_LOCATION, seen=value)
            parts = found.groups()
        degrees = [_degrees(each, limit, value) for each, limit in zip(parts[:2], (90, 180), strict=True)]
        words = " ".join(plain_text(parts[2] or "").split())[:300]
        return f"{degrees[0]:f},{degrees[1]:f} {words}".strip()

    show = as_it_is


def _degrees(raw: Any, limit: int, seen: Any) -> Decimal:
    try:
        number = round(Decimal(str(raw)), PLACES) if isinstance(raw, (str, float)) else decimal_of(raw, PLACES)
        if abs(number) <= limit:
            return number.quantize(Decimal(1).scaleb(-PLACES))
    except (ArithmeticError, Invalid):
        pass
    raise Invalid("records.not-location", NOT_LOCATION, seen=seen)
