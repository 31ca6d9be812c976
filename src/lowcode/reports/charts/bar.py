"""Bars, grouped or stacked by a second dimension."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.bars import bars
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown


class BarChart(Chart):
    """Bars, grouped or stacked by a second dimension."""

    type: Literal["bar"]
    series: Name | None = Field(None, description="The dimension that colours.")
    stacked: bool = False
    horizontal: bool = False


def draw(shown: Shown, chart: BarChart) -> Drawing:
    """Bars side by side, or one on another."""
    return bars(shown, chart, by=chart.series, stacked=chart.stacked, lying=chart.horizontal)


KIND = ChartKind("bar", BarChart, draw, 1, 2)
