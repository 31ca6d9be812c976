"""A calendar day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_day
from lowcode.kernel.storage.types import Day

NOT_DATE = {"en": "'{seen}' is not a date (YYYY-MM-DD)", "zh-CN": "“{seen}”不是日期（YYYY-MM-DD）"}


class DateDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["date"]


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
            raise Invalid("records.not-date", NOT_DATE, seen=value)
        if isinstance(value, date):
            return value
        text = value.strip().replace("/", "-") if isinstance(value, str) else ""
        if len(text) != 10:  # a number is no date, and neither is a week or a day without signs
            raise Invalid("records.not-date", NOT_DATE, seen=value)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Invalid("records.not-date", NOT_DATE, seen=value) from None

    show = as_day
