"""Hours in which nobody is disturbed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of day until another, perhaps over midnight; without them, whenever people do not work."""

    begins: time | None = None
    ends: time | None = None

    def over(self, moment: Moment) -> datetime | None:
        """When it is over; None when it is not quiet now."""
        if self.begins is None or self.ends is None:
            return _at_work(moment)
        local = moment.now.astimezone(moment.zone)
        hour, over_midnight = local.time(), self.begins > self.ends
        quiet = (hour >= self.begins or hour < self.ends) if over_midnight else self.begins <= hour < self.ends
        if not quiet:
            return None
        day = local.date() + (timedelta(days=1) if over_midnight and hour >= self.begins else timedelta())
        return datetime.combine(day, self.ends, moment.zone).astimezone(UTC)


def _at_work(moment: Moment) -> datetime | None:
    """When people work next; None when they work now, or nobody says when."""
    calendar: Any = moment.calendar
    if calendar is None or not hasattr(calendar, "spans"):
        return None
    begin, _ = next(calendar.spans(moment.now), (moment.now, None))
    found: datetime = begin
    return found if found > moment.now else None
