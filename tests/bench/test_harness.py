"""A comparison is judged by the ratio of neighbouring runs, and written down for programs."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import harness
from bench.harness import Comparison, Result


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes only when work says so: the harness is tested, not the machine."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(gc, "collect", lambda: 0)  # takes half a second of what a worker holds, each of many times
    return now


def takes(clock: list[float], seconds: float) -> Callable[[], None]:
    def work() -> None:
        clock[0] += seconds

    return work


def test_the_ratio_says_how_many_times_as_fast_ours_is(clock: list[float]) -> None:
    """Four times as fast is a ratio of four, whatever each call counts."""
    comparison = Comparison("save", takes(clock, 0.01), takes(clock, 0.04), 3.0, "saves", 10)
    result = harness.measure(comparison, repeats=3)
    assert (result.ratio, result.holds) == (4.0, True)
    assert (round(result.ours), round(result.other)) == (1000, 250)


def test_a_missed_goal_is_said(clock: list[float]) -> None:
    """A ratio below the goal does not hold, and the printed line says so."""
    comparison = Comparison("save", takes(clock, 0.04), takes(clock, 0.04), 1.5, "saves")
    result = harness.measure(comparison, repeats=3)
    assert not result.holds
    assert "MISSED" in harness.line(result)


def test_the_table_ends_with_what_is_not_well() -> None:
    """Below the rows stands what is missed, by how much, and which module broke off; above each, what it compares."""
    results = [Result("save", 2.0, 1.0, 2.0, 1.0, True), Result("list", 1.0, 2.0, 0.5, 0.667, False)]
    assert [
        "MISSED  list: 0.50, the goal is 0.67",
        "BROKEN  papers did not run to its end: OSError('no fonts')",
        "1 of 2 goals hold",
    ] == harness.verdict(results, {"papers": OSError("no fonts")})
    assert harness.about(harness.measure) == "Measures two ways of doing the same, in turn, and judges the ratio" + (
        " against its goal."
    )


def test_the_file_for_programs(tmp_path: Path) -> None:
    """build/bench.json is a list of objects with at least name, ours, other, ratio, goal and holds."""
    file = tmp_path / "build" / "bench.json"
    harness.write([Result("save", 2.0, 1.0, 2.0, 1.0, True)], file)
    [row] = json.loads(file.read_text(encoding="utf-8"))
    assert {"name", "ours", "other", "ratio", "goal", "holds"} <= set(row)
