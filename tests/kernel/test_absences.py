"""Being away is said, seen and taken back, by whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.flows.app import MONDAY, Office


@pytest.mark.requirement("W13")
def test_an_absence_is_seen_and_ended() -> None:
    """One that has begun ends now, one to come is dropped; somebody else's is nobody's business but an
    administrator's."""
    office = Office()
    week = timedelta(days=7)
    now = {"since": MONDAY - timedelta(hours=1), "until": MONDAY + week, "agent": office.id("fang"), "reason": "leave"}
    office.ask("head", "identity.away", **now)
    office.ask("head", "identity.away", since=MONDAY + week * 2, until=MONDAY + week * 3)
    office.ask("head", "identity.away", since=MONDAY - week * 2, until=MONDAY - week)
    first, second = office.ask("head", "identity.absences")["items"]
    assert {**now, "id": first["id"], "agent": {"id": office.id("fang"), "label": "Fang"}} == first
    assert (None, None) == (second["agent"], second["reason"])
    assert [] == office.ask("li", "identity.absences")["items"]
    with pytest.raises(Forbidden):
        office.ask("li", "identity.absences", user="head")
    for login, number in (("li", first["id"]), ("head", 10_000)):
        with pytest.raises(NotFound):
            office.ask(login, "identity.end_absence", id=number)
    office.ask("head", "identity.end_absence", id=first["id"])
    assert office.host.directory().absence_of(office.id("head"), MONDAY) is None
    office.ask("root", "identity.end_absence", id=second["id"])
    assert [] == office.ask("root", "identity.absences", user="head")["items"]
    with pytest.raises(NotFound):
        office.ask("head", "identity.end_absence", id=first["id"])


def test_nobody_stands_in_for_themselves() -> None:
    """An agent is somebody else, who is there."""
    office = Office()
    span = {"since": MONDAY, "until": MONDAY + timedelta(days=1)}
    with pytest.raises(Rejected, match=r"identity\.agent-is-oneself"):
        office.ask("head", "identity.away", **span, agent=office.id("head"))
    with pytest.raises(Rejected, match=r"identity\.unknown"):
        office.ask("head", "identity.away", **span, agent=10_000)
    with pytest.raises(Rejected, match=r"identity\.backwards"):
        office.ask("head", "identity.away", since=MONDAY, until=MONDAY, agent="fang")
