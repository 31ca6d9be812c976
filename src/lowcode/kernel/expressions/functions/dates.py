"""Functions of dates and times. A day of an instant is the day in the zone of the application."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions.functions.declaration import Blanks, Function
from lowcode.kernel.expressions.moment import Moment, WorkingTime
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.values import divide

LONGEST = 20_000
"""Days that are looked at one by one: of a longer time nobody asks how many of them were worked."""
DAY_UNITS = ("days", "weeks", "months", "quarters", "years")
UNITS = (*DAY_UNITS, "hours", "minutes", "seconds")
SPANS = {
    "weeks": ("days", 7),
    "quarters": ("months", 3),
    "years": ("months", 12),
    "minutes": ("seconds", 60),
    "hours": ("seconds", 3600),
}


def unit_name(text: str) -> str:
    """The unit in its stored form: `Month`, `months` and `m` are one."""
    short = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years", "h": "hours"}
    folded = text.strip().lower()
    return short.get(folded) or (folded if folded.endswith("s") else folded + "s")


def add_months(day: date, count: int) -> date | None:
    """The same day so many months on, or the last day of that month."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def to_day(moment: Moment, value: date) -> date:
    return value.astimezone(moment.zone).date() if isinstance(value, datetime) else value


def instant_of(moment: Moment, day: date, clock: time) -> datetime:
    """The instant of a local day and time; of two offsets the smaller counts, as PostgreSQL has it."""
    local = datetime.combine(day, clock)
    offsets = [local.replace(tzinfo=moment.zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1)]
    return (local - min(offsets)).replace(tzinfo=UTC)


def day_start(moment: Moment, day: date) -> datetime | None:
    try:
        return instant_of(moment, day, time())
    except OverflowError:  # the first day begins before any calendar, east of Greenwich
        return None


def date_add(moment: Moment, value: date, count: Any, unit: str) -> date | None:
    base, factor = SPANS.get(unit, (unit, 1))
    amount = int(count) * factor
    try:
        if base == "seconds":
            return value + timedelta(seconds=amount)
        if not isinstance(value, datetime):
            return add_months(value, amount) if base == "months" else value + timedelta(days=amount)
        local = value.astimezone(moment.zone)
        day = add_months(local.date(), amount) if base == "months" else local.date() + timedelta(days=amount)
        if day is None:
            return None
        return instant_of(moment, day, local.time())
    except OverflowError:
        return None


def months_between(start: date, end: date) -> int:
    if end < start:
        return -months_between(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def date_difference(moment: Moment, start: date, end: date, unit: str) -> int:
    base, factor = SPANS.get(unit, (unit, 1))
    if base == "seconds":
        seconds = (end - start) // timedelta(seconds=1) if end >= start else -((start - end) // timedelta(seconds=1))
        return seconds // factor if seconds >= 0 else -(-seconds // factor)
    first, last = to_day(moment, start), to_day(moment, end)
    count = months_between(first, last) if base == "months" else (last - first).days
    return count // factor if count >= 0 else -(-count // factor)


def start_of(moment: Moment, value: date, unit: str) -> date:
    day = to_day(moment, value)
    if unit == "weeks":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if unit == "months":
        return day.replace(day=1)
    if unit == "quarters":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if unit == "years" else day


def end_of(moment: Moment, value: date, unit: str) -> date | None:
    first = start_of(moment, value, unit)
    following = date_add(moment, first, 1, unit)
    return following - timedelta(days=1) if following is not None else date.max


def end_of_month(day: date, months: Any = 0) -> date | None:
    moved = add_months(day.replace(day=1), int(months))
    return moved.replace(day=monthrange(moved.year, moved.month)[1]) if moved is not None else None


def make_date(year: Any, month: Any, day: Any) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def make_time(hour: Any, minute: Any, second: Any = 0) -> time | None:
    try:
        return time(int(hour), int(minute), int(second))
    except (ValueError, OverflowError):
        return None


def weekday(moment: Moment, value: date, kind: Any = 1) -> int | None:
    number = to_day(moment, value).isoweekday()
    return number % 7 + 1 if kind == 1 else number if kind == 2 else number - 1 if kind == 3 else None


def next_anniversary(day: date, today: date) -> date | None:
    this_year = add_months(day, (today.year - day.year) * 12)
    if this_year is not None and this_year >= today:
        return this_year
    return add_months(day, (today.year + 1 - day.year) * 12)


def works(moment: Moment, day: date) -> bool:
    return moment.calendar.is_working_day(day) if moment.calendar is not None else day.weekday() < 5


def workday(moment: Moment, start: date, count: Any) -> date | None:
    left, day = abs(int(count)), to_day(moment, start)
    step = timedelta(days=1 if count >= 0 else -1)
    if left > 10_000:
        return None
    try:
        while left:
            day += step
            left -= works(moment, day)
    except OverflowError:  # the calendar ends
        return None
    return day


def working_hours(moment: Moment, start: datetime, end: datetime) -> Decimal | None:
    if not isinstance(moment.calendar, WorkingTime) or (end - start).days > LONGEST:
        return None
    return divide(int(moment.calendar.working_time(start, end).total_seconds()), 3600)


def network_days(moment: Moment, start: date, end: date) -> int | None:
    first, last = to_day(moment, start), to_day(moment, end)
    if last < first:
        turned = network_days(moment, last, first)
        return -turned if turned is not None else None
    if (last - first).days > LONGEST:
        return None
    return sum(works(moment, first + timedelta(days=n)) for n in range((last - first).days + 1))


def local_time(moment: Moment, value: Any) -> Any:
    return value.astimezone(moment.zone) if isinstance(value, datetime) else value


def parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def first_argument(types: Sequence[Type], values: Sequence[Any]) -> Type:
    return Type(types[0].kind)


PARTIAL = Blanks.PARTIAL
FUNCTIONS = (
    Function("DATE", "year:integer, month:integer, day:integer", "date", make_date, "A date of its parts.", PARTIAL),
    Function(
        "TIME", "hour:integer, minute:integer, second:integer?", "time", make_time, "A time of its parts.", PARTIAL
    ),
    Function(
        "YEAR", "value:date|datetime", "integer", lambda m, value: to_day(m, value).year, "The year.", uses_moment=True
    ),
    Function(
        "MONTH",
        "value:date|datetime",
        "integer",
        lambda m, value: to_day(m, value).month,
        "The month, 1 to 12.",
        uses_moment=True,
    ),
    Function(
        "DAY",
        "value:date|datetime",
        "integer",
        lambda m, value: to_day(m, value).day,
        "The day of the month.",
        uses_moment=True,
    ),
    Function(
        "HOUR",
        "value:datetime|time",
        "integer",
        lambda m, value: local_time(m, value).hour,
        "The hour.",
        uses_moment=True,
    ),
    Function(
        "MINUTE",
        "value:datetime|time",
        "integer",
        lambda m, value: local_time(m, value).minute,
        "The minute.",
        uses_moment=True,
    ),
    Function(
        "SECOND",
        "value:datetime|time",
        "integer",
        lambda m, value: local_time(m, value).second,
        "The second.",
        uses_moment=True,
    ),
    Function("TODATE", "value:date|datetime", "date", to_day, "The day of an instant.", uses_moment=True),
    Function(
        "WEEKDAY",
        "value:date|datetime, kind:integer?",
        "integer",
        weekday,
        "The day of the week: from Sunday 1, or with 2 from Monday 1.",
        PARTIAL,
        uses_moment=True,
    ),
    Function(
        "ISOWEEK",
        "value:date|datetime",
        "integer",
        lambda m, value: to_day(m, value).isocalendar()[1],
        "The number of the week after ISO 8601.",
        uses_moment=True,
    ),
    Function(
        "QUARTER",
        "value:date|datetime",
        "integer",
        lambda m, value: (to_day(m, value).month + 2) // 3,
        "The quarter, 1 to 4.",
        uses_moment=True,
    ),
    Function(
        "DATEADD",
        "value:date|datetime, count:integer, unit:unit",
        first_argument,
        date_add,
        "So many units later; the end of a month stays within it.",
        PARTIAL,
        uses_moment=True,
        units=UNITS,
    ),
    Function("EOMONTH", "value:date, months:integer?", "date", end_of_month, "The last day of a month.", PARTIAL),
    Function(
        "STARTOF",
        "value:date|datetime, unit:unit",
        "date",
        start_of,
        "The first day of the period.",
        uses_moment=True,
        units=DAY_UNITS,
    ),
    Function(
        "ENDOF",
        "value:date|datetime, unit:unit",
        "date",
        end_of,
        "The last day of the period.",
        uses_moment=True,
        units=DAY_UNITS,
    ),
    Function(
        "DATEDIF",
        "start:date|datetime, end:date|datetime, unit:unit",
        "integer",
        date_difference,
        "Whole units from start to end.",
        uses_moment=True,
        units=UNITS,
    ),
    Function(
        "DAYS",
        "end:date|datetime, start:date|datetime",
        "integer",
        lambda m, end, start: (to_day(m, end) - to_day(m, start)).days,
        "Days from start to end.",
        uses_moment=True,
    ),
    Function(
        "NEXTANNIVERSARY",
        "day:date, today:date?",
        "date",
        next_anniversary,
        "The next return of a day, 29 February on 28 February.",
        PARTIAL,
    ),
    Function(
        "WORKDAY",
        "start:date|datetime, count:integer",
        "date",
        workday,
        "So many working days later.",
        PARTIAL,
        uses_moment=True,
        javascript=False,
        cost=20,
    ),
    Function(
        "NETWORKDAYS",
        "start:date|datetime, end:date|datetime",
        "integer",
        network_days,
        "Working days from start to end, both counted.",
        PARTIAL,
        uses_moment=True,
        javascript=False,
        cost=20,
    ),
    Function(
        "WORKINGHOURS",
        "start:datetime, end:datetime",
        "decimal",
        working_hours,
        "Hours of working time from start to end, by the calendar of the app.",
        PARTIAL,
        uses_moment=True,
        javascript=False,
        cost=20,
    ),
    Function(
        "DAYSTART",
        "day:date",
        "datetime",
        day_start,
        "The instant at which a day begins.",
        uses_moment=True,
    ),
    Function("DATEVALUE", "text:text", "date", parse_date, "The date written in a text as 2024-02-29.", PARTIAL),
)
