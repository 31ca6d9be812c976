"""A Chinese identity card number: eighteen characters whose last one checks the others (GB 11643)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

SHAPE = re.compile(r"(\d{2})\d{4}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
PROVINCES = frozenset(_PROVINCES.split())
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
NOT_ID_CARD = {
    "shape": {
        "en": "'{seen}' is not an identity card number: it has 17 digits and a digit or X",
        "zh-CN": "“{seen}”不是有效的身份证号：应为 17 位数字加 1 位数字或 X",
    },
    "province": {
        "en": "'{seen}' is not an identity card number: no province has its first two digits",
        "zh-CN": "“{seen}”不是有效的身份证号：前两位不是省级代码",
    },
    "birthday": {
        "en": "'{seen}' is not an identity card number: digits 7 to 14 are no day",
        "zh-CN": "“{seen}”不是有效的身份证号：第 7 至 14 位不是有效日期",
    },
    "check": {
        "en": "'{seen}' is not an identity card number: its last character does not fit the others",
        "zh-CN": "“{seen}”不是有效的身份证号：校验位不符",
    },
}


class IdCardDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["id_card"]


class IdCard:
    """A Chinese identity card number."""

    name = "id_card"
    options = IdCardDefinition

    def type(self, options: IdCardDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: IdCardDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: IdCardDefinition) -> Any:
        """The number with a large X, if its parts and its check fit."""
        text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", str(value))).upper()
        reason = wrong(text)
        if reason is not None:
            raise Invalid("records.not-id-card", NOT_ID_CARD[reason], seen=value)
        return text

    show = as_it_is


def wrong(text: str) -> str | None:
    """Why a number cannot be one; None when it can."""
    found = SHAPE.fullmatch(text)
    if found is None:
        return "shape"
    if found[1] not in PROVINCES:
        return "province"
    try:
        date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return "birthday"
    total = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False))
    return None if CHECKS[total % 11] == text[17] else "check"
