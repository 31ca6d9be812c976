"""The unified social credit code (统一社会信用代码, GB 32100-2015) as a field type, and the function that reads it.

Eighteen characters: department and category, six digits of the region, nine of the organisation, one that checks the
others. The check character makes the weighted sum of all a multiple of 31.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Text, func
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Function, Type
from lowcode.kernel.expressions.functions import Blanks
from lowcode.kernel.records.fields import FieldDefinition, FieldKind, Invalid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18
WORDS = {
    "form": {"en": "a credit code has 18 digits and letters", "zh-CN": "统一社会信用代码为 18 位数字和字母"},
    "check": {"en": "'{value}' is mistyped: its last character has to be {wanted}",
              "zh-CN": "“{value}”有误：最后一位应为 {wanted}"},
    "region": {"en": "only firms of region {wanted} are taken here", "zh-CN": "此处只接受 {wanted} 地区的企业"},
}  # fmt: skip


def check_character(code: str) -> str:
    """The character that checks the first seventeen."""
    total = sum(ALPHABET.index(each) * weight for each, weight in zip(code, WEIGHTS, strict=False))
    return ALPHABET[-total % len(ALPHABET)]


class CreditCodeDefinition(FieldDefinition):
    """The credit code of a firm."""

    type: Literal["credit_code"]
    region: str | None = Field(None, pattern=r"^\d{2}$", description="Only firms of this province, such as 11 (北京).")


class CreditCode:
    """A credit code in capitals, its check character verified."""

    name = "credit_code"
    options: type[FieldDefinition] = CreditCodeDefinition

    def type(self, options: Any) -> Type:
        """A text in expressions."""
        return Type("text")

    def column(self, options: Any) -> TypeEngine[Any]:
        """A column of text."""
        return Text()

    def coerce(self, value: Any, options: Any) -> Any:
        """The code in capitals, spaces left out. Raises Invalid."""
        code = "".join(str(value).split()).upper()
        if len(code) != LENGTH or any(each not in ALPHABET for each in code):
            raise Invalid("china.credit-code", WORDS["form"])
        wanted = check_character(code)
        if code[-1] != wanted:
            raise Invalid("china.credit-code-check", WORDS["check"], value=code, wanted=wanted)
        if options.region is not None and code[2:4] != options.region:
            raise Invalid("china.credit-code-region", WORDS["region"], wanted=options.region)
        return code

    def show(self, value: Any, options: Any) -> Any:
        """As it is kept."""
        return value


CREDIT_CODE: FieldKind = CreditCode()

CREDITREGION = Function(
    "CREDITREGION",
    "code:text",
    "text",
    lambda code: code[2:4] or None,
    "The two digits of the province in a credit code, such as 11 of Beijing; blank of a text that is too short.",
    Blanks.PARTIAL,
    postgresql=lambda lowering, types, code: func.nullif(func.substr(code, 3, 2), ""),
    javascript="(f, code) => code === null ? null : [...code].slice(2, 4).join('') || null",
)
