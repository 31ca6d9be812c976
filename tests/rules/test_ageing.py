"""A stage in which a record may not stand for long: the reminder and the escalation at its thresholds come exactly
once, and the page says late and overdue at the same instants, whatever the clock does: leaps after a long sleep, a
correction backwards, a night of daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.rules import apps
from tests.rules.apps import rule, trial

BERLIN = ZoneInfo("Europe/Berlin")
WARN, LIMIT = 2, 4
STATES = [
    {"name": name, **({"ageing": {"warn": WARN, "limit": LIMIT}} if name == "contacted" else {})}
    for name in ("new", "contacted", "won", "lost")
]
FIELDS: Any = apps.LEAD["fields"]
LADDER = rule(
    "ages",
    {"entered": {"field": "stage", "state": "contacted"}},
    steps=[
        {"after": {"days": WARN}, "actions": [{"notify": {"to": ["owner"], "title": "late {{ company }}"}}]},
        {"after": {"days": LIMIT},
         "actions": [{"notify": {"to": [{"manager_of": "owner"}], "title": "over {{ company }}"}}]},
    ],
    when='stage = "contacted"',
)  # fmt: skip


@pytest.fixture(name="in_berlin")
def berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads whose stage ages, in a zone with daylight saving."""
    fields: list[Any] = [{**each, "states": STATES} if each["name"] == "stage" else each for each in FIELDS]
    monkeypatch.setattr(apps, "FORMS", ({**apps.LEAD, "fields": fields}, *apps.FORMS[1:]))
    monkeypatch.setattr(apps, "APP_DOCUMENT", {**apps.APP_DOCUMENT, "zone": "Europe/Berlin"})


def told(app: Any) -> tuple[list[str], list[str]]:
    """What the owner and the superior were told."""
    return app.notices("ann"), app.notices("boss")


def ages(app: Any, *leads: int) -> list[str | None]:
    """How old leads are shown to be in their stage."""
    items = app.ask(None, "records.standing", type="lead", field="stage", ids=leads)["items"]
    found = {each["id"]: each["age"] for each in items}
    return [found.get(each) for each in leads]


@pytest.mark.requirement("SF12", "R24", "X22")
@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("begins", [datetime(2026, 3, 27, 9), datetime(2026, 10, 23, 9)], ids=["spring", "autumn"])
def test_what_is_shown_and_what_is_told_agree_to_the_minute(begins: datetime, database_url: str) -> None:
    """A day is 24 hours, also around the night in which the clock of the zone is put forward or back. Who leaves the
    stage in between is left alone; who comes back begins anew."""
    begin = begins.replace(tzinfo=BERLIN).astimezone(UTC)
    with trial(database_url, LADDER) as app:
        app.clock.set(begin)
        stays, moves = app.create(company="stays"), app.create(company="moves")
        for each in (stays, moves):
            app.update(each, stage="contacted")
        app.settle()

        def at(days: int, minutes: int = 0) -> list[str | None]:
            app.clock.set(begin + timedelta(days=days, minutes=minutes))
            app.settle()
            return ages(app, stays, moves)

        assert ([None, None], ([], [])) == (at(WARN, -1), told(app))
        assert (["late", "late"], (["late stays", "late moves"], [])) == (at(WARN), told(app))
        app.update(moves, stage="won")
        app.settle()
        assert ("late", []) == (at(LIMIT, -1)[0], told(app)[1])
        assert ("overdue", ["over stays"]) == (at(LIMIT)[0], told(app)[1])
        app.update(moves, stage="contacted")
        assert ("overdue", None) == tuple(at(LIMIT + WARN, -1))
        assert ("overdue", "late") == tuple(at(LIMIT + WARN))
        assert (["late stays", "late moves", "late moves"], ["over stays"]) == told(app)


@pytest.mark.requirement("R24", "R5", "X22")
@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("seed", range(3))
def test_each_threshold_is_told_once_over_a_clock_that_jumps(seed: int, tmp_path: Path) -> None:
    """Records enter the stage while the clock leaps, goes back and stands, and whoever delivers sleeps now and then."""
    chance = Random(seed)
    with trial(f"sqlite:///{tmp_path / 'ages.sqlite3'}", LADDER) as app:
        app.clock.set(datetime(2026, 3, 26, 12, tzinfo=UTC))
        entered: dict[str, datetime] = {}
        latest = app.clock.now()
        for number in range(40):
            if number % 2 == 0:
                lead = app.create(company=f"c{number}")
                app.update(lead, stage="contacted")
                entered[f"c{number}"] = app.clock.now()
            app.clock.advance(timedelta(hours=chance.choice([-30, -3, 0, 1, 5, 13, 40, 100])))
            latest = max(latest, app.clock.now())
            app.host.tick()
            if chance.random() < 0.6:
                app.host.deliver()
        app.clock.set(latest + timedelta(minutes=1))
        app.settle()
        late, over = told(app)
        for days, said, word in ((WARN, late, "late"), (LIMIT, over, "over")):
            due = {f"{word} {name}" for name, at in entered.items() if at + timedelta(days=days) <= app.clock.now()}
            assert sorted(due) == sorted(said)
            assert len(due) > 10
        app.advance(days=30)
        assert [20, 20] == [len(set(each)) for each in told(app)] == [len(each) for each in told(app)]
