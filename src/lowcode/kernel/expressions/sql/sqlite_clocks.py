"""The clocks of a zone as SQLite is told them: since when they were set how far from UTC, the latest change first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lowcode.kernel.expressions.moment import instant_text

ZONE_NAME = "lowcode_zone"
CHANGES = 12
"""So many changes are told: six years of a zone with summer time, half a century of most others."""
AHEAD = 1
"""Years to come that are told of."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=6)
"""No clock was ever changed twice within so short a time."""
NEVER = "~"
"""Behind every instant in the order of texts."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The changes that are known, the latest first, each as an instant and what has been added to UTC since; they hold
    from the first of them until a year that is not looked at."""

    changes: tuple[tuple[str, str], ...]
    until: str

    @property
    def start(self) -> str:
        """From when on they are known."""
        return self.changes[-1][0]


def told(zone: str, today: str | None, what: str) -> str:
    """The SQL function: `from` and `until` when a zone's clocks are known, `since 3` and `offset 3` of a change."""
    if today is None:  # nothing is known of when this is asked, and nothing is told
        return NEVER if what != "until" else ""
    known = clocks(zone, int(today[:4]))
    word, _, place = what.partition(" ")
    if word in ("from", "until"):
        return known.start if word == "from" else known.until
    since, offset = known.changes[min(int(place), len(known.changes) - 1)]
    return since if word == "since" else offset


@lru_cache(maxsize=100)
def clocks(zone: str, year: int) -> Clocks:
    """The clocks of a zone as whoever asks in this year needs them."""
    end = datetime(min(max(year, 1970) + AHEAD, 9000) + 1, 1, 1, tzinfo=UTC)
    found = [(instant_text(at), _words(offset)) for at, offset in _changes(ZoneInfo(zone), end)]
    return Clocks(tuple(found), instant_text(end))


def _changes(zone: ZoneInfo, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Going back from an end: each change of the clocks and what held from then on, as many as are told."""
    later, held, count = end, _offset(zone, end), 0
    while later > EARLIEST:
        earlier = max(later - STEP, EARLIEST)
        before = _offset(zone, earlier)
        if before != held:
            yield _turn(zone, earlier, later, held), held
            count += 1
            if count == CHANGES:
                return
        later, held = earlier, before
    yield later, held


def _turn(zone: ZoneInfo, before: datetime, after: datetime, offset: timedelta) -> datetime:
    """The second at which an offset came into force."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _words(offset: timedelta) -> str:
    """An offset as SQLite's date functions take it."""
    return f"{int(offset.total_seconds()):+d} seconds"
