"""A calendar day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Invalid, Plain
from lowcode.kernel.records.fields.shown import as_day
from lowcode.kernel.storage.types import Day

NOT_DATE = {
    "day": {"en": "'{seen}' is not a date (YYYY-MM-DD)", "zh-CN": "“{seen}”不是日期（YYYY-MM-DD）"},
    "month": {"en": "'{seen}' is not a month (YYYY-MM)", "zh-CN": "“{seen}”不是月份（YYYY-MM）"},
    "year": {"en": "'{seen}' is not a year (YYYY)", "zh-CN": "“{seen}”不是年份（YYYY）"},
}
"""By how much of a day is asked for."""


class DateDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["date"]
    precision: Literal["day", "month", "year"] = Key("day", description="month, year: kept as their first day.")
    until: str | None = Key(None, description="The date field this one ends at: the page shows both as one range.")


class Date:
    """A calendar day."""

    name = "date"
    options = DateDefinition

    def type(self, options: DateDefinition) -> Type:
        """The type of its values."""
        return Type("date")

    def column(self, options: DateDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Day()

    def coerce(self, value: Any, options: DateDefinition) -> Any:
        """The value that was meant."""
        if isinstance(value, datetime):
            raise Invalid("records.not-date", NOT_DATE[options.precision], seen=value)
        if isinstance(value, date):
            return _first(value, options.precision)
        text = value.strip().replace("/", "-") if isinstance(value, str) else ""
        if options.precision != "day":
            text = _from_first(text, options.precision)
        if len(text) != 10:  # a number is no date, and neither is a week or a day without signs
            raise Invalid("records.not-date", NOT_DATE[options.precision], seen=value)
        try:
            return _first(date.fromisoformat(text), options.precision)
        except ValueError:
            raise Invalid("records.not-date", NOT_DATE[options.precision], seen=value) from None

    def coercer(self, options: DateDefinition) -> Coerce:
        """The same, by a short way for a day as JSON has it."""
        coerce, from_text = self.coerce, date.fromisoformat

        def made(value: Any) -> Any:
            if value.__class__ is str and len(value) == 10:
                try:
                    return from_text(value)
                except ValueError:
                    pass
            return coerce(value, options)

        return made if options.precision == "day" else lambda value: coerce(value, options)

    def plain(self, options: DateDefinition) -> Plain:
        """A day, where every day counts."""
        every = options.precision == "day"
        return Plain("v.__class__ is {date}" if every else "False", names={"date": date} if every else {})

    show = as_day


def _first(day: date, precision: str) -> date:
    return day if precision == "day" else day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)


def _from_first(text: str, precision: str) -> str:
    """A month or a year (2026-03, 2026年3月, 2026) as its first day."""
    parts = text.replace("年", "-").replace("月", "").rstrip("-").split("-")
    if all(part.isdigit() for part in parts) and len(parts) == (2 if precision == "month" else 1):
        return "-".join([*(part.zfill(2) for part in parts), "01", "01"][:3])
    return text
