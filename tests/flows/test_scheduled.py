"""Flows that the clock begins: the times themselves, and each record's instance once for each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows.plan import Schedule
from lowcode.flows.run.schedule import GRACE, looked_at, next_time, times
from lowcode.kernel.calendar import Calendar
from tests.flows.app import Office, document

ZONES = [ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")]
CRONS = ["0 9 * * 1", "30 8 1 * *", "0 18 28-31 * *", "15 6 * * *", "0 9 1 1,4,7,10 *"]
START = datetime(2026, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 300 * 24 * 60).map(lambda found: START + timedelta(minutes=found))
schedules = st.builds(
    Schedule,
    cron=st.sampled_from(CRONS),
    working=st.sampled_from(["any", "skip", "before", "after"]),
    catch_up=st.just("all"),
) | st.builds(
    Schedule,
    first=st.integers(0, 200_000).map(lambda found: datetime(2026, 1, 1) + timedelta(minutes=found)),
    every=st.sampled_from([timedelta(days=14), timedelta(hours=30), timedelta()]),
    working=st.sampled_from(["any", "skip", "before", "after"]),
    catch_up=st.just("all"),
)


def by_hand(schedule: Schedule, since: datetime, until: datetime, zone: ZoneInfo, calendar: Calendar) -> list[datetime]:
    """Every time there is in and around a year, moved by hand, and those of the window."""
    written: list[datetime] = []
    if schedule.cron is not None:
        for each in CronSim(schedule.cron, (START - timedelta(days=90)).astimezone(zone)):
            if each > (START + timedelta(days=400)).astimezone(zone):
                break
            written.append(each)
    else:
        assert schedule.first is not None
        count = 1 if not schedule.every else int(timedelta(days=500) / schedule.every)
        written = [(schedule.first + schedule.every * number).replace(tzinfo=zone) for number in range(count)]
    found = set()
    for each in written:
        while schedule.working != "any" and not calendar.is_working_day(each.date()):
            if schedule.working == "skip":
                break
            each += timedelta(days=1 if schedule.working == "after" else -1)
        else:
            found.add(each.astimezone(UTC))
    return sorted(each for each in found if since < each <= until)


@settings(deadline=None)
@given(schedule=schedules, marks=st.lists(minutes, min_size=3, max_size=3), zone=st.sampled_from(ZONES))
def test_no_time_is_lost_and_none_comes_twice(schedule: Schedule, marks: list[datetime], zone: ZoneInfo) -> None:
    """Whatever the window and wherever it is cut: the times are those counted by hand; the latest is the last of them;
    the clock is looked at whenever there is one; and the next is the first after."""
    since, middle, until = sorted(marks)
    calendar = Calendar(zone, country="CN")
    every = times(schedule, since, until, until, zone, calendar)
    assert every == by_hand(schedule, since, until, zone, calendar)
    halves = [times(schedule, *half, until, zone, calendar) for half in ((since, middle), (middle, until))]
    assert every == [*halves[0], *halves[1]]
    latest = Schedule(schedule.cron, schedule.first, schedule.every, schedule.working, "latest")
    assert times(latest, since, until, until, zone, calendar) == every[-1:]
    fresh = Schedule(schedule.cron, schedule.first, schedule.every, schedule.working, "skip")
    assert times(fresh, since, until, until, zone, calendar) == [each for each in every if each > until - GRACE]
    for each in every[:3]:
        before = (each - timedelta(minutes=1)).astimezone(zone)
        assert next(CronSim(looked_at(schedule), before)).astimezone(UTC) == each
    coming = next_time(schedule, since, zone, calendar)
    assert coming == next(iter(every), coming) and (coming is None or coming > since)


NODES = [
    {"id": "start", "type": "start", "to": "look"},
    {"id": "look", "type": "task", "assignees": [{"role": "finance"}], "to": "end"},
    {"id": "end", "type": "end"},
]
COUNTING = [
    {"id": "start", "type": "start", "to": "count"},
    {"id": "count", "type": "set", "values": {"note": 'COALESCE(note, "") & "I"'}, "to": "end"},
    {"id": "end", "type": "end"},
]


def weekly(nodes: Any = NODES, when: str | None = "total > 100", **keys: Any) -> dict[str, Any]:
    """Mondays at nine, for quotes over a hundred."""
    start = {"on": "schedule", "schedule": {"cron": "0 9 * * 1", **keys}, **({"when": when} if when else {})}
    return document("weekly", nodes=nodes, start=start, withdraw={})


@pytest.mark.requirement("SW12", "SW16", "X22")
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_each_record_that_fits_once_for_each_time(database: str, request: pytest.FixtureRequest) -> None:
    """Monday at nine comes: quotes that fit have the flow, also when nobody looked for three weeks; one that runs is
    left alone, and what changed since it was found is not begun."""
    url = "sqlite://" if database == "sqlite" else request.getfixturevalue("postgresql_url")
    office = Office(weekly(), database=url)
    big, small = office.quote(500), office.quote(50)
    office.host.settle()
    assert office.waiting() == {}
    office.clock.advance(timedelta(days=22))
    office.host.settle()
    assert office.waiting() == {"fang": 1, "feng": 1}
    assert [len(office.history(each)) for each in (big, small)] == [1, 0]
    office.clock.advance(timedelta(days=7))
    office.host.settle()
    assert len(office.history(big)) == 1
    office.decide("fang", "complete")
    office.clock.advance(timedelta(days=7))
    office.host.tick()
    office.host.settle()
    assert len(office.history(big)) == 2
    shown = office.ask("root", "flows.list")["items"][0]
    assert (shown["on"], shown["next"], shown["running"]) == ("schedule", datetime(2026, 4, 13, 1, tzinfo=UTC), 1)
    office.host.close()


@pytest.mark.parametrize(("catch_up", "begun"), [("latest", 1), ("all", 4), ("skip", 0)])
def test_what_was_missed(catch_up: str, begun: int) -> None:
    """Nothing ran for four Mondays: the latest, each of them, or none is begun then; and none of them again."""
    office = Office(weekly(COUNTING, catch_up=catch_up))
    quote = office.quote(500)
    office.host.settle()
    office.clock.advance(timedelta(days=29, hours=5))
    for _ in range(2):
        office.host.settle()
        assert len(office.history(quote)) == begun
    assert office.ask("boss", "records.get", type="quote", id=quote)["note"] == ("I" * begun or None)


def test_many_records_come_page_by_page() -> None:
    """More records than a page: each has its own."""
    office = Office(weekly(COUNTING, when=None))
    with office.host.session(office.host.actor("li")) as context:
        for number in range(230):
            context.ask("records.create", type="quote", values={"number": str(number), "total": 1})
    office.host.settle()
    office.clock.advance(timedelta(days=7))
    office.host.settle()
    found = office.ask("boss", "records.list", type="quote", where='note = "I"', limit=1, count=True)
    assert found["count"]["value"] == 230
