"""Measures two ways of doing the same, in turn, and judges the ratio against its goal."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SHORTEST = 0.15
"""Seconds one measurement takes at least: below that, the clock and the scheduler are what is measured."""


@dataclass(frozen=True)
class Size:
    """How large the data are: whole, or a part of it to see that a comparison runs."""

    part: float = 1.0
    databases: tuple[str, ...] = ("sqlite", "postgresql")

    def of(self, whole: int) -> int:
        """So many of so many; at least one."""
        return max(1, round(whole * self.part))


@dataclass(frozen=True)
class Comparison:
    """`ours` and `other` each do `count` units of the same work; `goal` is the least ratio that is good enough."""

    name: str
    ours: Callable[[], object]
    other: Callable[[], object]
    goal: float
    unit: str
    count: int = 1
    gauge: bool = False
    """Both give a number that should be small, and are not timed."""
    before: Callable[[], object] | None = None
    """Clears away, untimed, what the last run left: each is run once at a time."""


@dataclass(frozen=True)
class Result:
    """Units a second, the medians of the repeats; `ratio` is the median of the ratios of neighbouring runs."""

    name: str
    ours: float
    other: float
    ratio: float
    goal: float
    holds: bool
    unit: str = ""
    lowest: float = 0.0
    highest: float = 0.0


def measure(comparison: Comparison, repeats: int = 7) -> Result:
    """Run both in turn, swapping who goes first, so that a change of the machine's mood meets both alike."""
    if comparison.gauge:
        return _gauged(comparison)
    before = comparison.before
    loops = [1 if before else _calibrate(work) for work in (comparison.ours, comparison.other)]
    if before:  # once untimed, to warm up
        for work in (comparison.ours, comparison.other):
            before()
            work()
    rates: tuple[list[float], list[float]] = ([], [])
    works = (comparison.ours, comparison.other)
    for turn in range(repeats):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            if before:
                before()
            rates[which].append(comparison.count * loops[which] / _time(works[which], loops[which]))
    ratios = [ours / other for ours, other in zip(*rates, strict=True)]
    ratio = statistics.median(ratios)
    return Result(
        comparison.name,
        statistics.median(rates[0]),
        statistics.median(rates[1]),
        round(ratio, 3),
        comparison.goal,
        ratio >= comparison.goal,
        comparison.unit,
        round(min(ratios), 3),
        round(max(ratios), 3),
    )


def _gauged(comparison: Comparison) -> Result:
    """Once each: what is gauged does not waver as time does. The numbers stand where others have rates."""
    ours, other = float(str(comparison.ours())), float(str(comparison.other()))
    ratio = other / ours
    found = (comparison.name, ours, other, round(ratio, 3), comparison.goal, ratio >= comparison.goal)
    return Result(*found, comparison.unit, round(ratio, 3), round(ratio, 3))


def _calibrate(work: Callable[[], object]) -> int:
    """How many calls fill one measurement. The calls made to find out also warm it up."""
    loops = 1
    while True:
        took = _time(work, loops)
        if took >= SHORTEST:
            return loops
        loops = max(loops + 1, int(loops * min(10, 1.2 * SHORTEST / max(took, 1e-9))))


def _time(work: Callable[[], object], loops: int) -> float:
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.perf_counter()
        for _ in range(loops):
            work()
        return time.perf_counter() - began
    finally:
        if collecting:
            gc.enable()


def line(result: Result) -> str:
    """One row of the table."""
    verdict = "holds" if result.holds else "MISSED"
    span = f"{result.lowest:.2f}-{result.highest:.2f}"
    return (
        f"{result.name:<{WIDTH}} {shown(result.ours):>10} {shown(result.other):>10}  {result.unit:<14}"
        f" {result.ratio:>8.2f} {span:>15} {result.goal:>7.2f}  {verdict}"
    )


WIDTH = 58
HEAD = f"{'comparison':<{WIDTH}} {'ours':>10} {'other':>10}  {'a second':<14} {'ratio':>8} {'span':>15} {'goal':>7}"


def about(comparisons: Callable[..., object]) -> str:
    """What a module compares with what: the first words of its docstring."""
    said = sys.modules[comparisons.__module__].__doc__ or ""
    return " ".join(said.partition("\n\n")[0].split())


def verdict(results: Sequence[Result], broken: Mapping[str, Exception]) -> list[str]:
    """The end of the table: how many goals hold, which are missed and by how much, which modules broke off."""
    missed = [each for each in results if not each.holds]
    return [
        *(f"MISSED  {each.name}: {each.ratio:.2f}, the goal is {each.goal:.2f}" for each in missed),
        *(f"BROKEN  {module} did not run to its end: {error!r}" for module, error in broken.items()),
        f"{len(results) - len(missed)} of {len(results)} goals hold",
    ]


def shown(rate: float) -> str:
    """A rate as people say it: 1.25 M, 830 k, 12.5."""
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if rate >= size:
            return f"{rate / size:.2f}{letter}"
    return f"{rate:.1f}"


def write(results: Iterable[Result], path: Path) -> None:
    """The results for programs: a list of objects with name, ours, other, ratio, goal and holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(result) for result in results], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
