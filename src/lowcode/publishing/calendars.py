"""What the designer of working calendars asks: what may be written of them, how a year looks by a calendar, and when a
span of working time is over.

The calendars stand in `app.json`, whose other parts have a desk of their own (`publishing/settings.py`): both desks
have one draft of it, held against the app by `app.check_document`, looked at and published by `app.plan` and
`app.publish`, as any other document.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.app import calendars_of
from lowcode.kernel.answers import has
from lowcode.kernel.calendar import Calendar, Calendars, public_year
from lowcode.kernel.calendar.public import countries
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.application import AppDefinition, CalendarDefinition, TeamCalendarDefinition
from lowcode.kernel.definitions.designing import palette, spoken
from lowcode.kernel.definitions.load import APP
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report, nearest
from lowcode.kernel.identity import org

LEAST, MOST = 1990, 2100
SPANS = 12
"""So many stretches of working time are told of a span."""
OPTIONS = spoken({
    "calendar": "通用日历 | The usual calendar",
    "calendars": "部门或角色的日历 | Calendars of teams",
    "country": "国家（法定节假日） | Country whose public holidays count",
    "departments": "使用此日历的部门（含下级） | Departments, with those below them",
    "holidays": "另外放假的日子 | Further days that are free",
    "hours": "工作时间 | Working hours",
    "name": "标识 | Name",
    "region": "地区 | Part of the country",
    "roles": "使用此日历的角色 | Roles, where no department says otherwise",
    "title": "名称 | Title",
    "workdays": "另外上班的日子（调休） | Days that are worked all the same",
    "zone": "时区（留空与应用相同） | Time zone (that of the app when left empty)",
})  # fmt: skip
NO_CALENDAR = {"zh-CN": "没有名为 {name} 的日历{near}", "en": "There is no calendar '{name}'{near}"}
YEARS = 20
FAR = timedelta(days=YEARS * 366)
"""Later than this after it begins, nobody asks when a span is over."""
HOUR = timedelta(hours=1)
TOO_FAR = {
    "zh-CN": "按此日历，{hours} 个工作小时要 {years} 年以上才结束：请减少小时数，或为日历增加工作时间",
    "en": "By this calendar, {hours} working hours are over only after more than {years} years: ask for fewer, or give "
    "the calendar more working hours",
}


class OfCalendar(Parameters):
    """One of the calendars of the document of the app as it would be; None: the usual one."""

    document: dict[str, Any]
    calendar: str | None = None


class OfYear(OfCalendar):
    """A year by it."""

    year: int = Key(ge=LEAST, le=MOST)


class WhenOver(OfCalendar):
    """A span of working time that begins at an instant of the years that calendars are looked at for."""

    since: datetime = Key(ge=datetime(LEAST, 1, 1, tzinfo=UTC), lt=datetime(MOST + 1, 1, 1, tzinfo=UTC))
    hours: float = Key(gt=0, le=2000)


def calendar_palette(context: Context, _: Nothing) -> Annotated[dict[str, Any], has(schema=dict, words=dict)]:
    """What may be written of a calendar, and of one of a team, the words for it, and what either may name: countries
    whose holidays are here, with their parts, the departments and roles there are."""
    people = org.directory(context)
    return {
        "schema": _schema(CalendarDefinition),
        "team": _schema(TeamCalendarDefinition),
        "words": {"groups": {}, "options": OPTIONS, "choices": {}},
        "countries": countries(),
        "departments": sorted({each.name for each in people.departments.values()}),
        "zone": str(context.app.zone),
        "today": context.moment().today,
        **palette(context),
    }


@lru_cache(maxsize=2)
def _schema(model: Any) -> dict[str, Any]:
    return schema_of(model)


def calendar_year(
    context: Context, params: OfYear
) -> Annotated[dict[str, Any], has(year=int, settled=bool, days=list[dict], working_days=int, hours=float, people=int)]:
    """A year by a calendar: of each day whether it is `worked` and `why` (as usual, a public holiday, a swapped day,
    or what the app says itself), the days and hours that are worked in all, whether the country has settled the year,
    and how many people have the calendar."""
    calendar = _calendar(params)
    first = date(params.year, 1, 1)
    days = [first + timedelta(days=ahead) for ahead in range((date(params.year + 1, 1, 1) - first).days)]
    worked = [day for day in days if calendar.is_working_day(day)]
    return {
        "year": params.year,
        "settled": calendar.is_settled(first),
        "days": [{"day": day, "worked": calendar.is_working_day(day), "why": _why(calendar, day)} for day in days],
        "working_days": len(worked),
        "hours": round(sum(_length(calendar, day) for day in worked) / 3600, 2),
        "people": _people(context, params),
    }


def _why(calendar: Calendar, day: date) -> str:
    if day in calendar.workdays:
        return "workday"
    if day in calendar.holidays:
        return "holiday"
    if calendar.country is not None:
        year = public_year(calendar.country, calendar.region, day.year)
        if day in year.worked:
            return "swapped"
        if day in year.free:
            return "public"
    return "usual"


def _length(calendar: Calendar, day: date) -> float:
    spans = ((datetime.combine(day, end) - datetime.combine(day, begin)) for begin, end in calendar.hours_of(day))
    return sum(each.total_seconds() for each in spans)


def _people(context: Context, params: OfCalendar) -> int:
    """How many people would have the calendar."""
    everybody, calendars = org.directory(context), _examined(params)
    found = (calendars.of(everybody.departments_of(each), everybody.users[each].roles) for each in everybody.active)
    return sum(1 for team in found if (team.name if team is not None else None) == params.calendar)


def calendar_when(context: Context, params: WhenOver) -> Annotated[dict[str, Any], has(at=str, zone=str, spans=list)]:
    """When a span of working time is over (`at`), and the first stretches that it is counted in (`spans`)."""
    calendar = _calendar(params)
    since = params.since if params.since.tzinfo is not None else params.since.replace(tzinfo=calendar.zone)
    at = _over(calendar, since, timedelta(hours=params.hours))
    return {"at": at, "zone": str(calendar.zone), "spans": list(islice(_counted(calendar, since, at), SPANS))}


def _over(calendar: Calendar, since: datetime, span: timedelta) -> datetime:
    """When a span is over. Raises Rejected for one that few hours a week draw out over decades, as soon as that is
    clear."""
    left = span
    for begin, end in calendar.spans(since):
        if begin - since > FAR:
            raise Rejected(Problem("app.too-far", TOO_FAR, "/hours", {"hours": f"{span / HOUR:g}", "years": YEARS}))
        left -= end - begin
        if left <= timedelta(0):
            break
    return calendar.add_working_time(since, span)


def _counted(calendar: Calendar, since: datetime, at: datetime) -> Iterator[dict[str, Any]]:
    for begin, end in calendar.spans(since):
        if begin >= at:
            return
        until = min(end, at)
        yield {"since": begin, "until": until, "hours": round((until - begin).total_seconds() / 3600, 2)}


def _examined(params: OfCalendar) -> Calendars:
    """The calendars of a document. Raises Rejected with what is wrong with them."""
    report = Report()
    source = SourceDocument("", Source(APP, None, params.document))
    written: AppDefinition | None = parse(AppDefinition, source, report)
    found = None if written is None else calendars_of(written, source, report)
    if found is None or report.errors:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    return found


def _calendar(params: OfCalendar) -> Calendar:
    found = _examined(params)
    if params.calendar is None:
        return found.usual
    teams = {each.name: each.calendar for each in found.teams}
    if params.calendar not in teams:
        near = nearest(params.calendar, teams) or ""
        raise NotFound(Problem("app.no-calendar", NO_CALENDAR, "/calendar", {"name": params.calendar, "near": near}))
    return teams[params.calendar]


OPERATIONS = (
    Operation(
        "app.calendar_palette", calendar_palette, Nothing, "administrator", False,
        {"en": "What a working calendar may say", "zh-CN": "工作日历设计器选项"},
    ),
    Operation(
        "app.calendar_year", calendar_year, OfYear, "administrator", False,
        {"en": "A year by a calendar", "zh-CN": "工作日历的一年"},
    ),
    Operation(
        "app.calendar_when", calendar_when, WhenOver, "administrator", False,
        {"en": "When a span of working time is over", "zh-CN": "推算工作时间"},
    ),
)  # fmt: skip
