"""A telephone number, kept as digits with an optional plus and extension, found however it was typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid, Plain
from lowcode.kernel.records.fields.numbering import in_region
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import plain_text

SEPARATORS = re.compile(r"[\s().\-–—]")
NUMBER = re.compile(r"^\+?\d{5,15}(?:[x,#转]\d{1,6})?$")
NOT_PHONE = {
    "en": "'{seen}' is not a telephone number (13800138000, +44 20 7946 0018)",
    "zh-CN": "“{seen}”不是电话号码（如 13800138000、+44 20 7946 0018）",
}


class PhoneDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["phone"]
    region: str | None = Key(None, pattern=r"^[A-Z]{2}$", description="Checked by the numbering plan of: CN.")
    mobile: bool = Key(False, description="Only a mobile number; needs `region`.")


class Phone:
    """A telephone number, kept as digits with an optional plus and extension, found however it was typed."""

    name = "phone"
    options = PhoneDefinition

    def type(self, options: PhoneDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: PhoneDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: PhoneDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if not text:
            return None
        number = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
        if not NUMBER.match(number):
            raise Invalid("records.not-phone", NOT_PHONE, seen=text)
        return in_region(number, options.region, mobile=options.mobile) if options.region else number

    def plain(self, options: PhoneDefinition) -> Plain:
        """Digits, where no numbering plan asks for more."""
        digits = "v.__class__ is str and 5 <= len(v) <= 15 and v.isascii() and v.isdecimal()"
        return Plain("False" if options.region else digits)

    show = as_it_is
