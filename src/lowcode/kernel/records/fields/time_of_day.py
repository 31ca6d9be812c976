"""A time of day."""

from __future__ import annotations

from datetime import time
from typing import Any, Literal

from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.storage.types import TimeOfDay

NOT_TIME = {"en": "'{seen}' is not a time of day (HH:MM)", "zh-CN": "“{seen}”不是时刻（HH:MM）"}


class TimeDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["time"]


class Time:
    """A time of day."""

    name = "time"
    options = TimeDefinition

    def type(self, options: TimeDefinition) -> Type:
        """The type of its values."""
        return Type("time")

    def column(self, options: TimeDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return TimeOfDay()

    def coerce(self, value: Any, options: TimeDefinition) -> Any:
        """The value that was meant, to the second; a time of day has no zone."""
        found = value
        if not isinstance(found, time):
            try:
                found = time.fromisoformat(str(value).strip())
            except ValueError:
                raise Invalid("records.not-time", NOT_TIME, seen=value) from None
        if found.tzinfo is not None:
            raise Invalid("records.not-time", NOT_TIME, seen=value)
        return found.replace(microsecond=0)

    def show(self, value: Any, options: TimeDefinition) -> Any:
        """The value as JSON."""
        return value.isoformat(timespec="seconds")
