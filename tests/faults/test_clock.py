"""Clocks that jump: forwards by days after a long sleep, backwards after a correction. Nothing fires twice, nothing is
lost, order and watermarks hold."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Timer
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.events.timers import TOGETHER, occurrences, windows
from lowcode.kernel.storage import tables as t
from tests.faults.app import HOURLY, assert_all_done, effects, every_hour, opened, rows
from tests.flows.app import MONDAY

UTC_ZONE = ZoneInfo("UTC")


def hours(host: Host) -> list[int]:
    """The hours that were counted."""
    return sorted(about for (what, about), count in effects(host).items() if what == "hour" for _ in range(count))


def watermark(host: Host) -> datetime:
    """How far the timer has run."""
    found: datetime = rows(host, sa.select(t.watermark).where(t.watermark.c.name == HOURLY.name))[0]["until"]
    return found


def expected(until: timedelta) -> list[int]:
    """Every full hour since Monday."""
    count = int(until / timedelta(hours=1))
    return [int((MONDAY + timedelta(hours=each)).timestamp()) for each in range(1, count + 1)]


def test_a_timer_over_jumps(url: str) -> None:
    """Three days forwards: every hour once, by two hosts that tick at the same time. Two days back: nothing again, and
    the watermark stays. Forwards once more: on from where it was."""
    clock = FrozenClock(MONDAY)
    with opened(url, clock, [HOURLY]) as one, opened(url, clock, [HOURLY]) as other:
        one.tick()
        clock.advance(timedelta(days=3))
        threads = [threading.Thread(target=host.tick) for host in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert expected(timedelta(days=3)) == hours(one)
        reached = watermark(one)
        clock.advance(timedelta(days=-2))
        assert 0 == one.tick() + other.tick()
        assert reached == watermark(one)
        clock.advance(timedelta(days=2, hours=5, minutes=30))
        one.tick()
        assert expected(timedelta(days=3, hours=5)) == hours(one)


def test_what_is_put_off_over_jumps(url: str) -> None:
    """A job for tomorrow: a jump of five days brings it, once; the clock set back does not bring it again."""
    clock = FrozenClock(MONDAY)
    with opened(url, clock) as host:
        with host.session() as context:
            context.later("ledger.put", at=MONDAY + timedelta(days=1), what="put", about=1)
        assert 0 == host.deliver()
        clock.advance(timedelta(days=5))
        assert 1 == host.deliver()
        clock.advance(timedelta(days=-5))
        assert 0 == host.deliver()
        clock.advance(timedelta(days=2))
        assert 0 == host.deliver()
        assert {("put", 1): 1} == effects(host)


def test_a_lease_from_the_future_is_nobodys(url: str) -> None:
    """A worker dies, then the clock is set back by days: its lease would hold for days; it is taken over at once."""
    clock = FrozenClock(MONDAY)
    with opened(url, clock) as host:
        with host.session(host.actor("li")) as context:
            context.ask("records.create", type="entry", values={"text": "a", "lines": [{"part": "a"}]})
        assert 1 == len(Delivery(host, "dies")._lease())
        assert 0 == host.deliver()
        clock.advance(timedelta(days=-3))
        assert 2 == host.deliver(), "the job of the dead worker, and what that put off"
        clock.advance(timedelta(days=3))
        assert 0 == host.deliver()
        assert_all_done(host)


def test_lists_over_jumps(url: str) -> None:
    """Records made before, during and after a clock set back: pages show each once, in the order of their instants."""
    clock = FrozenClock(MONDAY)
    with opened(url, clock) as host:
        actor = host.actor("li")
        for jump in (0, 60, -7200, 30, 0, 7200, -30):
            clock.advance(timedelta(seconds=jump))
            host.ask(actor, "records.create", type="entry", values={"text": "a", "lines": [{"part": "a"}]})
        seen: list[dict[str, Any]] = []
        after = None
        while True:
            page = host.ask(actor, "records.list", type="entry", fields=("created_at",), limit=2, after=after)
            seen += page["items"]
            after = page["next"]
            if after is None:
                break
        assert list(range(1, 8)) == sorted(each["id"] for each in seen)
        order = [(each["created_at"], each["id"]) for each in seen]
        assert sorted(order, reverse=True) == order


@pytest.mark.parametrize(("policy", "count"), [("all", TOGETHER), ("latest", 1), ("skip", 0)])
def test_a_year_asleep(policy: Any, count: int) -> None:
    """What was missed in a year follows the timer's policy, and its end is reached without walking the whole way."""
    timer = Timer("minutely", every_hour, cron="* * * * *", catch_up=policy)
    now = MONDAY + timedelta(days=365, seconds=30)
    found = windows(timer, MONDAY, now, UTC_ZONE)
    if policy == "skip":  # the one of this very minute is not missed
        assert [(MONDAY, now - timedelta(seconds=30))] == found
        assert [] == windows(Timer("daily", every_hour, cron="0 3 * * *", catch_up="skip"), MONDAY, now, UTC_ZONE)
        return
    assert count == len(found)
    assert MONDAY == found[0][0]
    if policy == "latest":
        assert now - timedelta(seconds=30) == found[0][1]


@given(
    cron=st.sampled_from(("*/7 * * * *", "30 2 * * *", "0 3 29 2 *", "15 1,2 * * 0", "0 0 1 * *")),
    since=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    span=st.timedeltas(timedelta(0), timedelta(days=3)) | st.timedeltas(timedelta(0), timedelta(days=900)),
    zone=st.sampled_from(("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")),
)
@settings(max_examples=60, deadline=None)
def test_times_are_the_same_from_both_ends(cron: str, since: datetime, span: timedelta, zone: str) -> None:
    """Also where a clock is put forward or back: the latest ones are those that come last."""
    begin = since.replace(tzinfo=UTC_ZONE)
    forwards = list(islice(occurrences(cron, begin, begin + span, ZoneInfo(zone)), 2000))
    if len(forwards) < 2000:
        backwards = list(occurrences(cron, begin, begin + span, ZoneInfo(zone), latest_first=True))
        assert forwards == backwards[::-1]


def test_very_many_that_were_missed(url: str) -> None:
    """More than one transaction takes: each is run once all the same, and the spans of a timer one after the other."""
    seen: list[tuple[datetime, datetime]] = []
    span = timedelta(minutes=1)
    every = Timer("spans", lambda _, since, until: seen.append((since, until)), every=span, catch_up="all", apart=True)
    clock = FrozenClock(MONDAY)
    with opened(url, clock, [every]) as host:
        host.tick()
        clock.advance(span * (2 * TOGETHER + 7) + timedelta(seconds=3))
        host.tick()
        assert [(MONDAY + span * n, MONDAY + span * (n + 1)) for n in range(2 * TOGETHER + 7)] == seen
        clock.advance(span - timedelta(seconds=3))
        host.tick()
        assert 2 * TOGETHER + 8 == len(seen)


def test_one_failing_timer_stops_no_other(url: str) -> None:
    """A timer that always fails is reported, and the others run."""

    def fails(*_: Any) -> None:
        raise ZeroDivisionError("always")

    clock = FrozenClock(MONDAY)
    bad = Timer("ledger.bad", fails, every=timedelta(minutes=1))
    with opened(url, clock, [bad, HOURLY]) as host:
        host.tick()
        clock.advance(timedelta(hours=2))
        with pytest.raises(ZeroDivisionError):
            host.tick()
        assert expected(timedelta(hours=2)) == hours(host)


def test_what_was_done_long_ago_is_taken_away(url: str) -> None:
    """The table of jobs is a queue: a month after it was done a job goes; what is dead stays until somebody looks."""
    clock = FrozenClock(MONDAY)

    def put(host: Host, about: int) -> None:
        with host.session() as context:
            context.later("ledger.put", what="put", about=about)
        assert 1 == host.deliver()

    with opened(url, clock) as host:
        put(host, 1)
        with host.session() as context:
            context.later("ledger.put", at=MONDAY, what="put", about="no number")
        host.deliver()
        clock.advance(timedelta(days=29))
        put(host, 2)
        assert 3 == len(rows(host, sa.select(t.job)))
        clock.advance(timedelta(days=2))
        put(host, 3)
        left = rows(host, sa.select(t.job).order_by(t.job.c.id))
        assert [("dead", "no number"), ("done", 2), ("done", 3)] == [
            (each["state"], each["body"]["about"]) for each in left
        ]


@pytest.mark.requirement("X22")
def test_what_was_given_up_is_seen_and_done_once_more(url: str) -> None:
    """An administrator sees why, and nothing of what; after the cause is gone it is done, once."""
    clock = FrozenClock(MONDAY)
    with opened(url, clock) as host:
        with host.session() as context:
            context.later("ledger.put", what="secret", about="no number")
        host.deliver()
        (job,) = host.ask(host.app_actor, "jobs.dead")["items"]
        assert "ledger.put" == job["name"] and "body" not in job and job["error"]
        with pytest.raises(Forbidden):
            host.ask(host.actor("li"), "jobs.replay", ids=(job["id"],))
        host.database.write(lambda unit: unit.run(sa.update(t.job).values(body={"what": "put", "about": 7})))
        assert {"count": 1} == host.ask(host.app_actor, "jobs.replay", ids=(job["id"], 999))
        assert {"count": 0} == host.ask(host.app_actor, "jobs.replay", ids=(job["id"],)), "it is waiting already"
        assert (1, 0) == (host.deliver(), host.deliver())
        assert {("put", 7): 1} == effects(host)
        assert {"items": []} == host.ask(host.app_actor, "jobs.dead")
