"""How long something takes: a number in the unit the author names, typed as people write it (`1:30`, `2h 15m`)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.numbers import decimal_of, within
from lowcode.kernel.records.fields.shown import as_decimal
from lowcode.kernel.storage.types import ScaledDecimal

Unit = Literal["seconds", "minutes", "hours", "days"]
SECONDS: dict[str, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
PART = re.compile(
    r"(\d+(?:\.\d+)?)\s*(days?|d|天|日|hours?|h|小时|时|minutes?|min|m|分钟|分|seconds?|s|秒)", re.IGNORECASE
)
CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?")
LETTERS = {"d": 86400, "天": 86400, "日": 86400, "h": 3600, "小": 3600, "时": 3600, "m": 60, "分": 60, "s": 1, "秒": 1}
NOT_DURATION = {
    "en": "'{seen}' is not a length of time (90, 1:30, 1h 30m)",
    "zh-CN": "“{seen}”不是时长（如 90、1:30、1小时30分）",
}


class DurationDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["duration"]
    unit: Unit = Key("minutes", description="What one is: in expressions, reports and the API the value counts these.")
    scale: int = Key(2, ge=0, le=6)
    min: Decimal | None = Decimal(0)
    max: Decimal | None = None


class Duration:
    """How long something takes."""

    name = "duration"
    options = DurationDefinition

    def type(self, options: DurationDefinition) -> Type:
        """A number of known places, so that it adds up and multiplies."""
        return Type("number", scale=options.scale)

    def column(self, options: DurationDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(options.scale)

    def coerce(self, value: Any, options: DurationDefinition) -> Any:
        """A count of the unit; a clock (h:mm, h:mm:ss) and parts with units are added up."""
        seconds = _seconds(value) if isinstance(value, str) else None
        number = value if seconds is None else round(seconds / SECONDS[options.unit], options.scale)
        try:
            return within(decimal_of(number, options.scale), options.min, options.max)
        except Invalid as invalid:
            if invalid.code != "records.not-number":
                raise
            raise Invalid("records.not-duration", NOT_DURATION, seen=value) from None

    show = as_decimal


def _seconds(text: str) -> Decimal | None:
    """What a clock or a list of parts comes to; None when the text is neither."""
    clock = CLOCK.fullmatch(text.strip())
    if clock:
        hours, minutes, seconds = (int(each or 0) for each in clock.groups())
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    parts = PART.findall(text)
    if not parts or PART.sub("", text).strip(" ,，和"):
        return None
    return sum((Decimal(count) * LETTERS[word[0].lower()] for count, word in parts), Decimal(0))
