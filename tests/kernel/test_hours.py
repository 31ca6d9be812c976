"""When the one who asks works, as the calendar of the page draws it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP

APP_DOCUMENT = {
    "name": "office",
    "zone": "Asia/Shanghai",
    "roles": [{"name": "tokyo"}, {"name": "night"}],
    "calendar": {"hours": {"monday": ["09:00-12:00", "13:30-18:00"]}, "holidays": ["2026-11-30"]},
    "calendars": [
        {"name": "tokyo", "zone": "Asia/Tokyo", "roles": ["tokyo"], "hours": {"monday": ["09:00-17:00"]}},
        {"name": "night", "zone": "America/New_York", "roles": ["night"], "hours": {"sunday": ["09:00-17:00"]}},
    ],
}


@pytest.fixture(scope="module")
def host() -> Any:
    host = Host({"app.json": APP_DOCUMENT}, "sqlite://")
    host.publish()
    with host.session(APP) as context:
        for login, roles in (("li", []), ("sato", ["tokyo"]), ("kim", ["night"])):
            context.ask("identity.save_person", login=login, name=login, roles=roles)
    yield host
    host.close()


@pytest.mark.requirement("SF25")
@pytest.mark.parametrize(
    ("login", "first", "last", "expected"),
    [
        ("li", "2026-11-23", "2026-11-24", ["23T09:00-23T12:00", "23T13:30-23T18:00"]),
        ("li", "2026-11-30", "2026-11-30", []),
        ("sato", "2026-11-23", "2026-11-23", ["23T08:00-23T16:00"]),
        ("kim", "2026-11-23", "2026-11-23", ["22T22:00-23T06:00"]),
        ("kim", "2026-11-22", "2026-11-22", ["22T22:00-23T06:00"]),
    ],
)
def test_hours_are_those_of_the_one_who_asks(host: Any, login: str, first: str, last: str, expected: list[str]) -> None:
    """By the calendar of their team, read off the clocks of the app: also what begins the day before."""
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    found = host.ask(host.actor(login), "identity.hours", **days)
    assert expected == [f"{each['since'][8:]}-{each['until'][8:]}" for each in found["items"]]


@pytest.mark.parametrize("last", ["2026-11-22", "2027-03-01"])
def test_days_are_few_and_in_their_order(host: Any, last: str) -> None:
    """Nobody lets a year be counted."""
    with pytest.raises(Rejected, match=r"identity\.too-many-days"):
        host.ask(host.actor("li"), "identity.hours", first=date(2026, 11, 23), last=date.fromisoformat(last))


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")])
def test_days_on_which_the_calendar_ends_are_refused_for_that(host: Any, first: str, last: str) -> None:
    """The refusal names the day and what was possible, not the database."""
    with pytest.raises(Rejected, match=r"(1000-01-01|9998-12-31)") as refused:
        host.ask(host.actor("li"), "identity.hours", first=first, last=last)
    assert {"/first", "/last"} >= {problem.pointer for problem in refused.value.problems}
    for edge in ("1000-01-01", "9998-12-31"):
        assert host.ask(host.actor("kim"), "identity.hours", first=edge, last=edge)["items"] is not None
