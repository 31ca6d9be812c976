"""Deadlines count by the calendar of whoever is asked: their department's, the one above, their role's, the app's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lowcode.kernel.calendar import Calendar, Calendars, TeamCalendar
from lowcode.kernel.diagnostics import DefinitionError
from tests.flows.app import APPLICATION, Office, approval, document

SHIFTS = {day: ["14:00-22:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")}
CALENDARS = [
    {"name": "trade", "title": "Trade", "departments": ["trade"], "hours": {**SHIFTS, "sunday": ["10:00-12:00"]}},
    {"name": "money", "departments": ["money"], "zone": "Europe/Berlin", "country": "DE"},
    {"name": "late_shift", "roles": ["director"], "hours": SHIFTS},
]


def office(*approvers: Any, deadline: dict[str, Any], mode: str = "all", calendars: Any = CALENDARS) -> Office:
    """An office whose departments work at different times."""
    flow = document(nodes=approval(*approvers, mode=mode, deadline=deadline), start={"on": "manual"})
    return Office(flow, more={"app.json": {**APPLICATION, "calendars": calendars}})


def due(found: Office, login: str) -> datetime:
    """When the task of somebody is due."""
    at = found.tasks(login)[0]["due_at"]
    assert isinstance(at, datetime)
    return at


@pytest.mark.requirement("W23", "X7", "W22")
def test_each_by_their_own_calendar() -> None:
    """On a Friday afternoon one working day is given: the trade department works on Saturday, finance sits in another
    country, the boss by role until ten, and who has no calendar of their own by that of the app. What follows when it
    is late comes when the last of them is."""
    people = [{"user": login} for login in ("head", "fang", "boss", "root")]
    found = office(*people, deadline={"days": 1, "working": True, "then": "remind"})
    found.clock.advance(timedelta(days=4, hours=6))
    found.ask("li", "flows.start", flow="approval", id=found.quote())
    assert found.clock.now() == datetime(2026, 3, 6, 7, tzinfo=UTC)
    assert due(found, "head") == datetime(2026, 3, 7, 7, tzinfo=UTC)
    assert due(found, "fang") == datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert due(found, "boss") == datetime(2026, 3, 7, 7, tzinfo=UTC)
    assert due(found, "root") == datetime(2026, 3, 9, 7, tzinfo=UTC)
    asked = found.history(1)[0]["steps"][1]["why"]
    assert asked["calendars"] == {str(found.id(login)): name for login, name in (
        ("head", "trade"), ("fang", "money"), ("boss", "late_shift"))}  # fmt: skip

    def told(login: str) -> list[str]:
        notices = found.ask(login, "notifications.list")["items"]
        return [each["title"] for each in notices if each["title"] == "This is due: please decide"]

    found.clock.advance(timedelta(days=2, hours=23))
    found.host.settle()
    assert told("head") == []
    found.clock.advance(timedelta(hours=3))
    found.host.settle()
    assert told("head") == told("fang") == ["This is due: please decide"]


def test_hours_of_a_shift() -> None:
    """Four working hours from Saturday noon: the trade department begins at two, the app's people on Monday."""
    found = office({"user": "head"}, deadline={"hours": 4, "working": True, "then": "remind"})
    found.clock.advance(timedelta(days=5, hours=3))
    found.ask("li", "flows.start", flow="approval", id=found.quote())
    assert due(found, "head") == datetime(2026, 3, 7, 10, tzinfo=UTC)
    plain = office({"user": "head"}, deadline={"hours": 4, "working": True, "then": "remind"}, calendars=[])
    plain.clock.advance(timedelta(days=5, hours=3))
    plain.ask("li", "flows.start", flow="approval", id=plain.quote())
    assert due(plain, "head") == datetime(2026, 3, 9, 5, tzinfo=UTC)


def test_the_nearest_department_counts() -> None:
    """A department's own calendar goes before that of the one above, and both before that of a role."""
    usual = Calendar(ZoneInfo("UTC"))
    teams = tuple(TeamCalendar(name, frozenset({name}), frozenset({f"r_{name}"}), usual) for name in ("top", "trade"))
    calendars = Calendars(usual, teams)
    assert [getattr(calendars.of(chain, roles), "name", None) for chain, roles in (
        (["trade", "top"], set()), (["other", "top"], {"r_trade"}), ([], {"r_trade"}), (["other"], set()),
    )] == ["trade", "top", "trade", None]  # fmt: skip


def test_a_calendar_has_people_and_days() -> None:
    """A calendar of nobody, a zone and a role that are none, and hours that end before they begin are findings."""
    wrong = [
        {"name": "nobody"},
        {"name": "a", "roles": ["sles"]},
        {"name": "b", "departments": ["x"], "zone": "Asia/Nowhere"},
        {"name": "c", "departments": ["x"], "hours": {"monday": ["18:00-09:00"]}},
    ]
    with pytest.raises(DefinitionError) as refused:
        _ = Office(more={"app.json": {**APPLICATION, "calendars": wrong}})
    found = [(each.code, each.place.pointer) for each in refused.value.report.errors]
    assert found == [
        ("app.calendar-of-nobody", "/calendars/0"),
        ("names.unknown", "/calendars/1/roles/0"),
        ("app.unknown-zone", "/calendars/2/zone"),
        ("app.calendar", "/calendars/3"),
    ]


@pytest.mark.requirement("X7", "W22", "W23")
def test_a_ladder_over_the_national_holiday() -> None:
    """Each rung a working day after the one before, begun two days before 1 October 2026: nothing comes in the holiday,
    the Saturday that is worked instead counts, the Sunday does not; it comes to its end, and each rung once."""
    day: dict[str, Any] = {"days": 1, "working": True}
    ladder = [
        {"after": day, "do": "tell_manager"}, {"after": day, "do": "hand_to_manager"},
        {"after": day, "do": "hand_to", "people": [{"user": "boss"}]}, {"after": day, "do": "reject"},
    ]  # fmt: skip
    flow = document(nodes=approval({"user": "zhao"}, deadline={**day, "ladder": ladder}))
    found = Office(flow, more={"app.json": {**APPLICATION, "calendar": {"country": "CN"}}})
    zone = ZoneInfo("Asia/Shanghai")
    begun = datetime(2026, 9, 29, 15, tzinfo=zone)
    found.clock.advance(begun - found.clock.now())
    quote = found.submitted()
    happened: dict[str, list[str]] = {}
    told = dict.fromkeys(("zhao", "head", "boss"), 0)
    while found.history(quote)[0]["state"] == "running" and found.clock.now() < begun + timedelta(days=20):
        found.host.settle()
        for login, known in told.items():
            titles = [each["title"] for each in found.ask(login, "notifications.list")["items"]]
            new, told[login] = len(titles) - known, len(titles)
            if new:
                at = f"{found.clock.now().astimezone(zone):%a %d %H}"
                happened.setdefault(at, []).extend(f"{login}: {title}" for title in titles[:new])
        found.clock.advance(timedelta(hours=12))
    due, late = "This is due: please decide", "Somebody who reports to you is late"
    gone, asked = "Time was up: your task went on without you", "Check the price"
    assert happened == {
        "Tue 29 15": [f"zhao: {asked}"],
        "Wed 30 15": [f"zhao: {due}"],
        "Thu 08 15": [f"zhao: {due}", f"head: {late}"],
        "Fri 09 15": [f"zhao: {gone}", f"head: {asked}"],
        "Sat 10 15": [f"head: {gone}", f"boss: {asked}"],
        "Mon 12 15": [f"boss: {gone}"],
    }
    assert "rejected" == found.stage(quote)
    found.host.close()
