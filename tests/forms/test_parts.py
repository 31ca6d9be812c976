"""The cells of a file come back from where they are kept as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import orjson
from hypothesis import given
from hypothesis import strategies as st

from lowcode.forms.operations.parts import packed, unpacked
from lowcode.kernel.storage.types import day_json, instant_json, instant_text, json_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["'", "2026-01-05", "09:30:00"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53) | st.booleans()
MOMENTS = st.datetimes() | st.dates() | st.times()
COLUMNS = st.sampled_from([
    TEXTS | st.none(), NUMBERS | TEXTS, MOMENTS, MOMENTS | TEXTS | st.none(), MOMENTS | NUMBERS,
    st.timedeltas(timedelta(-100), timedelta(100)) | TEXTS,
])  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    """Rows of a file, of which some end early."""
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=4))
    lines = draw(st.lists(st.tuples(*columns).map(list), min_size=1, max_size=6))
    return [line[: draw(st.integers(1, len(line)))] if draw(st.booleans()) else line for line in lines]


@given(tables())
def test_what_is_kept_comes_back(lines: list[list[object]]) -> None:
    """Each value in its place and of its kind, and no row longer than it was."""
    back = [list(each) for each in unpacked(orjson.loads(json_text(packed(lines))))]
    assert [[(type(each), each) for each in line] for line in lines] == [
        [(type(each), each) for each in line] for line in back
    ]


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC) | ZONES), st.dates())
def test_instants_and_days_are_written_as_ever(instant: datetime, day: date) -> None:
    """UTC, six or three places of a second, none left out; a subclass of a program's own is written like its kind."""

    class Own(datetime):
        """As some libraries have it."""

    own = Own.fromtimestamp(0, UTC).combine(instant.date(), instant.timetz())
    utc = instant.astimezone(UTC)
    assert utc.strftime("%Y").zfill(4) + utc.strftime("-%m-%dT%H:%M:%S.%fZ") == instant_text(instant)
    assert instant_text(instant)[:23] + "Z" == instant_json(instant)
    assert (instant_text(instant), instant_json(instant)) == (instant_text(own), instant_json(own))
    assert day_json(day) == day.isoformat()
