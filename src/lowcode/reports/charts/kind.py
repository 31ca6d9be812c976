"""The contract of a kind of chart: the word in `type`, what may be written, what it can show, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from lowcode.kernel.definitions import Name, Part
from lowcode.reports.charts.shown import Shown

Drawing = Mapping[str, Any]
"""`{"option": …}` is drawn by ECharts, in the browser and on the server; a kind with a component of its own in the
browser says there what its component needs."""


class Chart(Part):
    """What most charts say: which dimension runs along, which measures are drawn, which dimension colours."""

    x: Name | None = Field(None, description="The dimension along the axis; left out, the first.")
    y: list[Name] = Field(default_factory=list, description="The measures drawn; left out, all.")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a chart needs to say something, beside a number of dimensions: how many `numbers` and `dates` among the
    measures, and what its first dimension is: periods of one of these `grains`, or values of one of these `kinds`."""

    numbers: int = 1
    dates: int = 0
    grains: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart. `least` and `most` bound the number of dimensions; `draw` understands a result; `picture`
    writes it as SVG where ECharts is not what draws it; by its `needs` the designer offers it."""

    name: str
    model: type[Chart]
    draw: Callable[[Shown, Any], Drawing]
    least: int = 0
    most: int = 12
    picture: Callable[[Shown, Any, int, int], str] | None = None
    needs: Needs = Needs()
