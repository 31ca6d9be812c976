"""What is printed on a thing as a barcode or QR code: scanned by a camera or a scanner, or typed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text

Symbology = Literal["any", "qr", "code128", "ean13", "ean8", "upc", "isbn"]
LENGTHS = {"ean13": 13, "ean8": 8, "upc": 12, "isbn": 13}
LONGEST = 2000
NOT_BARCODE = {
    "en": "'{seen}' is not a {symbology} number: {length} digits of which the last checks the others",
    "zh-CN": "“{seen}”不是 {symbology} 编码：应为 {length} 位数字且校验位正确",
}


class BarcodeDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["barcode"]
    symbology: Symbology = Key("any", description="What is accepted; `qr` also draws the value as a code to scan.")


class Barcode:
    """What is printed on a thing as a barcode or QR code."""

    name = "barcode"
    options = BarcodeDefinition

    def type(self, options: BarcodeDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: BarcodeDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: BarcodeDefinition) -> Any:
        """The value; numbers of trade and books by their check digit (GS1)."""
        text = plain_text(value)
        length = LENGTHS.get(options.symbology)
        if length is not None and text:
            text = text.replace("-", "").replace(" ", "")
            if len(text) != length or not (text.isascii() and text.isdigit()) or not _checks(text):
                raise Invalid(
                    "records.not-barcode", NOT_BARCODE, seen=value, symbology=options.symbology.upper(), length=length
                )
        if len(text) > LONGEST:
            raise Invalid("records.too-long", TOO_LONG, limit=LONGEST, length=len(text))
        return text or None

    show = as_it_is


def _checks(digits: str) -> bool:
    """Whether the last digit brings the weighted sum to a multiple of ten (before it 3, 1, 3 …, from the right)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
