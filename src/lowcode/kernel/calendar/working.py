"""When people work: hours by weekday, holidays, and days worked instead of others (调休).

A day is worked when it is named in `workdays`, or when it is not a holiday and its weekday has hours; what an app says
of a day goes before what its country says. Time between two
instants is counted in working hours by `working_time`, and `add_working_time` finds when a span of it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lowcode.kernel.calendar.public import check, public_year
from lowcode.kernel.reasons import Reasoned, both

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE_HOURS = ((time(9), time(18)),)
"""The hours of a week that states none, Monday to Friday; also those of a day worked instead."""

LONGEST_CLOSURE = 400
"""Days looked at before a calendar without working days is taken as it is."""

Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Calendar:
    """One app's calendar, in its zone."""

    zone: ZoneInfo
    hours: Mapping[int, Hours] = field(default_factory=lambda: dict.fromkeys(range(5), OFFICE_HOURS))
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    country: str | None = None
    region: str | None = None

    @classmethod
    def of(
        cls,
        zone: ZoneInfo,
        hours: Mapping[str, Sequence[str]],
        holidays: Iterable[str],
        workdays: Iterable[str],
        country: str | None = None,
        region: str | None = None,
    ) -> Calendar:
        """The calendar a definition describes. Raises Reasoned for a day, an hour or a country that is none."""
        if country is not None:
            check(country, region)
        week = {WEEKDAYS.index(day): tuple(_span(text) for text in spans) for day, spans in hours.items() if spans}
        return cls(
            zone,
            week or dict.fromkeys(range(5), OFFICE_HOURS),
            frozenset(_day(each) for each in holidays),
            frozenset(_day(each) for each in workdays),
            country,
            region,
        )

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        if self.country is not None:
            year = public_year(self.country, self.region, day.year)
            if day in year.worked:
                return True
            if day in year.free:
                return False
        return day.weekday() in self.hours

    def is_settled(self, day: date) -> bool:
        """Whether the year of a day was arranged already, where its country arranges years."""
        return self.country is None or public_year(self.country, self.region, day.year).settled

    def hours_of(self, day: date) -> Hours:
        """The working hours of a day; a day worked instead of another has those of a usual weekday."""
        if not self.is_working_day(day):
            return ()
        return self.hours.get(day.weekday()) or next(iter(self.hours.values()), OFFICE_HOURS)

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of working time after an instant, in UTC, one after the other."""
        day = since.astimezone(self.zone).date()
        idle = 0
        while idle < LONGEST_CLOSURE:
            hours = self.hours_of(day)
            idle = 0 if hours else idle + 1
            for begin, end in hours:
                first = datetime.combine(day, begin, self.zone).astimezone(UTC)
                last = datetime.combine(day, end, self.zone).astimezone(UTC)
                if last > since:
                    yield max(first, since), last
            if day == date.max:
                return
            day += timedelta(days=1)

    def add_working_time(self, since: datetime, span: timedelta) -> datetime:
        """When a span of working time that begins at an instant is over."""
        left = span
        for begin, end in self.spans(since):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return since + span

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """How much working time lies between two instants."""
        total = timedelta()
        if until <= since:
            return total
        for begin, end in self.spans(since):
            if begin >= until:
                break
            total += min(end, until) - begin
        return total


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Reasoned(both(str(error), f"“{text}”不是日期")) from None


def _span(text: str) -> tuple[time, time]:
    begin, _, end = text.partition("-")
    try:
        found = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError as error:
        raise Reasoned(both(str(error), f"“{text}”不是时间段")) from None
    if found[0] >= found[1]:
        raise Reasoned(both(f"the hours '{text}' end before they begin", f"时间段“{text}”的结束不晚于开始"))
    return found
