"""The history of a state as rows: stays, ageing, cycles, as of a day; and what is behind a number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.identity import Actor
from tests.reports.opened import DIRECTOR, NOW, SALES, Opened, cells, counted, open_firm
from tests.support.postgresql import Server

ASSISTANT = Actor(9, "assistant", "Assistant", frozenset({"assistant"}), locale="en")
STATES = ("first", "offer", "won", "lost")
ACTORS = pytest.mark.parametrize("actor", [DIRECTOR, SALES[0]], ids=lambda actor: actor.login)


@dataclass
class Stay:
    """What somebody would note who watched a deal."""

    deal: dict[str, Any]
    state: str
    entered: datetime
    left: datetime | None = None

    def days(self, now: datetime) -> Decimal:
        """Its length with the decimals it is kept with."""
        seconds = int(((self.left or now) - self.entered).total_seconds())
        return (Decimal(seconds) / 86_400).quantize(Decimal("0.0001"), ROUND_HALF_UP)


@dataclass
class Watched:
    """A firm whose deals moved about for three months, and a note of every move."""

    opened: Opened
    stays: list[Stay] = field(default_factory=list)

    def seen(self, actor: Actor) -> list[Stay]:
        """The stays of the deals a person may read."""
        return [stay for stay in self.stays if actor is DIRECTOR or stay.deal["owner"] == actor.id]


def moved(url: str) -> Watched:
    """Deals are made and moved on and back, some twice within a day."""
    opened, chance = open_firm(url), random.Random(11)
    watched = Watched(opened)
    accounts = [opened.add("account", name=each, industry=each, owner=2) for each in ("cars", "food")]
    opened.clock.advance(timedelta(days=-90))
    while opened.clock.now() < NOW:
        deals = opened.rows.get("deal", [])
        if len(deals) < 25 and chance.random() < 0.5:
            index = len(deals)
            opened.add(
                "deal", name=f"deal {index}", amount=Decimal(index * 10), owner=chance.choice((2, 3)),
                account=accounts[index % 2], stage="first",
            )  # fmt: skip
            watched.stays.append(Stay(opened.rows["deal"][-1], "first", opened.clock.now()))
        elif deals:
            deal = chance.choice(deals)
            last = next(stay for stay in reversed(watched.stays) if stay.deal is deal)
            state = chance.choice([each for each in STATES if each != last.state])
            opened.ask(DIRECTOR, "records.update", type="deal", id=deal["id"], values={"stage": state})
            last.left = opened.clock.now()
            watched.stays.append(Stay(deal, state, opened.clock.now()))
        opened.clock.advance(timedelta(minutes=chance.randrange(10, 4000)))
    return watched


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def watched(request: pytest.FixtureRequest) -> Iterator[Watched]:
    """The firm, in each database."""
    if request.param == "sqlite":
        yield moved("sqlite://")
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        made = moved(url)
        yield made
        made.opened.host.close()


def cut(value: Any) -> Any:
    """A number with two decimals."""
    return None if value is None else Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.requirement("X25")
@pytest.mark.requirement("B20")
@ACTORS
def test_every_state_has_its_stays(watched: Watched, actor: Actor) -> None:
    """How often, how long on average and in the middle, and what stands in each state: with nothing set up for it."""
    opened, now = watched.opened, watched.opened.clock.now()
    result = opened.ask(actor, "reports.run", report="stays")
    expected = {}
    for state, stays in counted(watched.seen(actor), lambda stay: stay.state).items():  # type: ignore[arg-type, attr-defined]
        ended = [stay.days(now) for stay in stays if stay.left is not None]  # type: ignore[attr-defined]
        standing = [stay for stay in stays if stay.left is None]  # type: ignore[attr-defined]
        expected[(state,)] = {
            "count": len(stays),
            "open": len(standing),
            "days": cut(sum(stay.days(now) for stay in stays) / len(stays)),  # type: ignore[attr-defined]
            "middle": cut(median(ended)) if ended else None,
            "amount": sum((stay.deal["amount"] for stay in standing), Decimal(0)),  # type: ignore[attr-defined]
        }
    assert cells(result) == expected


@pytest.mark.requirement("X25")
@ACTORS
@pytest.mark.parametrize("day", [None, date(2026, 9, 10), date(2026, 10, 5), date(2026, 11, 20)], ids=str)
def test_things_as_they_stood_on_a_day(watched: Watched, actor: Actor, day: date | None) -> None:
    """Each deal in the state it was in at the end of that day, in the app's zone; left out, the end of last month."""
    filters = {"as_of": day.isoformat()} if day is not None else {}
    result = watched.opened.ask(actor, "reports.run", report="as_of", filters=filters)
    end = datetime.combine((day or date(2026, 10, 31)) + timedelta(days=1), datetime.min.time(), NOW.tzinfo)
    end -= timedelta(hours=8)
    standing = [stay for stay in watched.seen(actor) if stay.entered < end and (stay.left is None or stay.left >= end)]
    expected = {
        (state,): {"deals": len(stays), "amount": sum(stay.deal["amount"] for stay in stays)}  # type: ignore[attr-defined]
        for state, stays in counted(standing, lambda stay: stay.state).items()  # type: ignore[arg-type, attr-defined]
    }
    assert cells(result) == expected
    for (state,), values in cells(result).items():
        drill = watched.opened.ask(actor, "reports.drill", report="as_of", drill={"state": state}, filters=filters)
        found = watched.opened.ask(actor, "records.list", type="deal", where=drill["where"], fields=("id",))["items"]
        assert len(found) == values["deals"]


@pytest.mark.requirement("SB20")
def test_what_is_stuck_shows_by_age(watched: Watched) -> None:
    """Open deals by the time they have been where they are."""
    now = watched.opened.clock.now()
    result = watched.opened.ask(DIRECTOR, "reports.run", report="ageing")
    standing = [stay for stay in watched.stays if stay.left is None and stay.state in ("first", "offer")]
    expected = counted(
        standing,  # type: ignore[arg-type]
        lambda stay: (
            stay.state,  # type: ignore[attr-defined]
            "b0" if stay.days(now) < 7 else "b1" if stay.days(now) < 30 else "b2",  # type: ignore[attr-defined]
        ),
    )
    assert {key: values["count"] for key, values in cells(result).items()} == {
        key: len(stays) for key, stays in expected.items()
    }


@pytest.mark.requirement("SB09", "SB28")
def test_a_cycle_by_segment(watched: Watched) -> None:
    """Days from the making of a deal to each time it was won, by the industry of its account."""
    result = watched.opened.ask(DIRECTOR, "reports.run", report="cycle")
    made = {stay.deal["id"]: stay.entered for stay in reversed(watched.stays)}
    won = [stay for stay in watched.stays if stay.state == "won"]
    local = timedelta(hours=8)
    lengths: dict[str, list[int]] = {}
    for stay in won:
        industry = "cars" if stay.deal["account"] == watched.opened.rows["account"][0]["id"] else "food"
        days = ((stay.entered + local).date() - (made[stay.deal["id"]] + local).date()).days
        lengths.setdefault(industry, []).append(days)
    assert cells(result) == {
        (industry,): {"days": cut(Decimal(sum(days)) / len(days)), "won": len(days)}
        for industry, days in lengths.items()
    }


def test_working_time_is_that_of_the_calendar(watched: Watched) -> None:
    """The hours of a stay that people worked: those of the app's calendar, here Monday to Friday, nine to six."""
    calendar = watched.opened.host.app.calendar
    result = watched.opened.ask(DIRECTOR, "reports.run", report="office")
    expected: dict[Any, Decimal] = {}
    for stay in watched.stays:
        worked = calendar.working_time(stay.entered, stay.left) if stay.left is not None else timedelta()
        hours = Decimal(int(worked.total_seconds())) / 3600
        expected[(stay.state,)] = expected.get((stay.state,), Decimal(0)) + hours
    assert {key: values["hours"] for key, values in cells(result).items()} == {
        key: cut(value) for key, value in expected.items()
    }


def test_what_goes_record_by_record_has_an_end(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number of part of the records would be wrong: there is none."""
    monkeypatch.setattr("lowcode.reports.operations.query.ROW_LIMIT", len(watched.stays) - 1)
    with pytest.raises(Rejected) as refused:
        watched.opened.ask(DIRECTOR, "reports.run", report="office")
    assert refused.value.problems[0].code == "reports.too-many-records"


@pytest.mark.requirement("B18")
def test_the_history_of_a_hidden_state_is_hidden(watched: Watched) -> None:
    """Whoever may not see a state, or lines, sees no report of its history, or of the lines."""
    for report in ("stays", "as_of", "item_count"):
        with pytest.raises(Forbidden):
            watched.opened.ask(ASSISTANT, "reports.run", report=report)


@pytest.mark.requirement("X10")
@ACTORS
def test_a_number_is_explained(watched: Watched, actor: Actor) -> None:
    """Formula, parts, conditions and how many rows: and the rows are as many as it says."""
    opened = watched.opened
    for report, measure in (("stays", "days"), ("as_of", "amount"), ("cycle", "days"), ("ageing", "count")):
        result = opened.ask(actor, "reports.run", report=report)
        names = [column["name"] for column in result["columns"] if column["role"] == "dimension"]
        for key, values in cells(result).items():
            why = opened.ask(
                actor, "reports.explain", report=report, measure=measure, cell=dict(zip(names, key, strict=True))
            )
            assert why["value"] == values[measure]
            assert why["rows"] == values.get("count", values.get("deals", values.get("won")))
            assert why["restricted"] is (actor is not DIRECTOR)
            assert [each["reason"] for each in why["conditions"]][-len(names) :] == names
    with pytest.raises(Rejected):
        opened.ask(actor, "reports.explain", report="path", measure="reached")
    with pytest.raises(Rejected):
        opened.ask(actor, "reports.explain", report="stays", measure="nothing")


@pytest.mark.requirement("X10")
def test_what_is_made_of_others_is_explained_by_them(watched: Watched) -> None:
    """A formula leads to its measures, each with its own form and conditions."""
    result = watched.opened.ask(DIRECTOR, "reports.run", report="together")
    names = [column["name"] for column in result["columns"]]
    why = watched.opened.ask(DIRECTOR, "reports.explain", report="together", measure="won_share")
    assert (why["formula"], why["value"]) == ("won / offers", result["totals"][names.index("won_share")])
    assert [(each["measure"], each["form"]) for each in why["made_of"]] == [("won", "deal"), ("offers", "deal")]
    assert why["made_of"][1]["conditions"] == [{"reason": "report", "text": 'stage <> "first"'}]
    assert why["made_of"][0]["formula"] == 'COUNT(stage = "won")'
