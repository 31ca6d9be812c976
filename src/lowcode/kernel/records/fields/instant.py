"""An instant, shown in the app's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_instant
from lowcode.kernel.storage.types import Instant

NOT_INSTANT = {
    "en": "'{seen}' is not a date and time (2026-03-02T09:00:00Z)",
    "zh-CN": "“{seen}”不是日期时间（如 2026-03-02T09:00:00Z）",
}
NO_ZONE = {
    "en": "'{seen}' does not say in which time zone; end it with Z or +08:00",
    "zh-CN": "“{seen}”没有时区，请以 Z 或 +08:00 结尾",
}
FAR = {
    "en": "'{seen}' is too far away: an instant lies between 0001-01-02 and 9999-12-30, so that every zone can show "
    "it; leave it blank where there is none",
    "zh-CN": "“{seen}”超出范围：时间须在 0001-01-02 与 9999-12-30 之间，任何时区才都能显示；没有时间请留空",
}
FIRST, BEYOND = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
"""What lies outside has no day in some zone: one such value, and no list of it could be grouped by month or written to
a file."""


class DateTimeDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["datetime"]
    until: str | None = Key(None, description="The datetime field this one ends at: the page shows both as one range.")


class DateTime:
    """An instant, shown in the app's zone."""

    name = "datetime"
    options = DateTimeDefinition

    def type(self, options: DateTimeDefinition) -> Type:
        """The type of its values."""
        return Type("datetime")

    def column(self, options: DateTimeDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Instant()

    def coerce(self, value: Any, options: DateTimeDefinition) -> Any:
        """The value that was meant."""
        instant = value
        if not isinstance(instant, datetime):
            try:
                instant = datetime.fromisoformat(str(value).strip())
            except ValueError:
                raise Invalid("records.not-instant", NOT_INSTANT, seen=value) from None
        if instant.tzinfo is None:
            raise Invalid("records.no-zone", NO_ZONE, seen=value)
        try:
            instant = instant.astimezone(UTC)
        except OverflowError:
            raise Invalid("records.far-instant", FAR, seen=value) from None
        if not FIRST <= instant < BEYOND:
            raise Invalid("records.far-instant", FAR, seen=value)
        return instant

    def coercer(self, options: DateTimeDefinition) -> Coerce:
        """The same, by a short way for an instant as JSON has it."""
        coerce, from_text = self.coerce, datetime.fromisoformat

        def made(value: Any) -> Any:
            if value.__class__ is str:
                try:
                    instant = from_text(value)
                except ValueError:
                    return coerce(value, options)
                if instant.tzinfo is UTC and FIRST <= instant < BEYOND:
                    return instant
            return coerce(value, options)

        return made

    show = as_instant
