"""What the designer of working calendars asks: the calendars as they would be, a year by one, and when working time is
over."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.calendar.public import countries
from lowcode.kernel.definitions.application import TeamCalendarDefinition
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.rules.apps import APP_DOCUMENT, Trial, trial

HALVES = ["09:00-12:00", "13:00-18:00"]
APP: dict[str, Any] = {
    **APP_DOCUMENT,
    "calendar": {
        "country": "CN",
        "hours": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), HALVES),
        "holidays": ["2026-03-06"],
    },
    "calendars": [
        {"name": "late", "title": "Late", "roles": ["supervisor"], "hours": {"saturday": ["22:00-23:00"]},
         "zone": "UTC", "workdays": ["2026-03-04"]},
    ],
}  # fmt: skip


@pytest.fixture
def app() -> Iterator[Trial]:
    """An app with somebody who designs; no database says anything of a calendar."""
    with trial("sqlite://") as made:
        made.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        made.host.forget_directory()
        yield made


@pytest.mark.requirement("W23", "X7")
def test_calendars_are_looked_at_as_they_would_be(app: Trial) -> None:
    """What is wrong is said at its place: hours that end before they begin, a country nobody knows, a calendar of
    nobody. A role that the same draft begins is one. Everything a calendar may say has words and a place on the
    desk."""
    assert app.ask("root", "app.check_document", document=APP)["findings"] == []
    shift = {"name": "shift", "roles": ["guard"], "hours": {"sunday": HALVES}}
    begun = {**APP, "roles": [*APP["roles"], {"name": "guard"}], "calendars": [shift]}
    assert app.ask("root", "app.calendar_year", document=begun, year=2026, calendar="shift")["working_days"] == 52
    wrong = deepcopy(APP)
    wrong["calendar"]["hours"]["monday"] = ["18:00-09:00"]
    wrong["calendars"] = [{"name": "late", "country": "XX"}, {"name": "other", "roles": ["salse"]}]
    found = app.ask("root", "app.check_document", document=wrong)["findings"]
    assert [each["pointer"] for each in found] == ["/calendar", "/calendars/0", "/calendars/0", "/calendars/1/roles/0"]
    for asked in ({"year": 2026}, {"year": 2026, "calendar": "late"}):
        with pytest.raises(Rejected):
            app.ask("root", "app.calendar_year", document=wrong, **asked)
    palette = app.ask("root", "app.calendar_palette")
    assert palette["countries"] == countries() and palette["countries"]["CN"] == []
    desk = Path(__file__).parent.parent.parent / "web" / "packages" / "designer" / "src" / "calendars"
    page = "".join(each.read_text("utf-8") for each in sorted(desk.glob("*.tsx")))
    for name in TeamCalendarDefinition.model_fields:
        assert name in palette["words"]["options"] and f'"{name}"' in page, name


@pytest.mark.requirement("W23", "X7")
def test_a_year_by_a_calendar(app: Trial) -> None:
    """Each day says whether it is worked and why: a public holiday, a day that is swapped, what the app says itself;
    with the days and hours of the year, and who has the calendar. A year that is not arranged yet says so."""
    year = app.ask("root", "app.calendar_year", document=APP, year=2026)
    told = {f"{each['day']}": (each["worked"], each["why"]) for each in year["days"]}
    assert len(told) == 365 and year["settled"] and year["people"] == 4
    assert told["2026-01-01"] == (False, "public") and told["2026-01-04"] == (True, "swapped")
    assert told["2026-03-06"] == (False, "holiday") and told["2026-03-07"] == (False, "usual")
    assert told["2026-03-09"] == (True, "usual")
    assert year["working_days"] == sum(worked for worked, _ in told.values())
    assert year["hours"] == year["working_days"] * 8
    assert not app.ask("root", "app.calendar_year", document=APP, year=2099)["settled"]
    team = app.ask("root", "app.calendar_year", document=APP, year=2026, calendar="late")
    assert (team["people"], team["working_days"]) == (1, 53)
    assert team["days"][62] == {"day": date(2026, 3, 4), "worked": True, "why": "workday"}


@pytest.mark.requirement("W23", "X7")
def test_when_working_time_is_over(app: Trial) -> None:
    """Eight hours from Thursday noon go over a free Friday and a weekend; the stretches they are counted in are told,
    in the zone of the calendar where the instant says none."""
    asked = {"document": APP, "since": "2026-03-05T12:00:00", "hours": 8}
    found = app.ask("root", "app.calendar_when", **asked)
    zone = app.host.app.zone
    assert found["at"].astimezone(zone) == datetime(2026, 3, 9, 12, tzinfo=zone)
    assert [each["hours"] for each in found["spans"]] == [5, 3] and found["zone"] == "Asia/Shanghai"
    late = app.ask("root", "app.calendar_when", **{**asked, "calendar": "late", "hours": 1})
    assert f"{late['at']:%Y-%m-%d %H:%M}" == "2026-03-07 23:00"
    with pytest.raises(NotFound, match="late"):
        app.ask("root", "app.calendar_when", **{**asked, "calendar": "lates"})
    sparse = {**APP, "calendar": {"hours": {"monday": ["09:00-09:01"]}}}
    with pytest.raises(Rejected, match="2000 working hours are over only after more than 20 years"):
        app.ask("root", "app.calendar_when", document=sparse, since=asked["since"], hours=2000)
    for since in ("9999-12-31T23:00Z", "1989-12-31T23:59:59"):
        with pytest.raises(Rejected) as refused:
            app.ask("root", "app.calendar_when", **{**asked, "since": since})
        assert [each.pointer for each in refused.value.problems] == ["/since"]


def test_only_administrators_design(app: Trial) -> None:
    """Who works when, and how many they are, is theirs."""
    for operation, asked in (
        ("app.calendar_palette", {}),
        ("app.calendar_year", {"document": APP, "year": 2026}),
        ("app.calendar_when", {"document": APP, "since": "2026-03-05T12:00:00", "hours": 8}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            app.ask("boss", operation, **asked)
