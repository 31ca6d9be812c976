"""Areas on one another: a whole over time, and its parts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.lines import lines
from lowcode.reports.charts.shown import Shown


class StackedAreaChart(Chart):
    """Areas on one another: a whole over time, and its parts."""

    type: Literal["stacked_area"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: StackedAreaChart) -> Drawing:
    """One series on another."""
    return lines(shown, chart, by=chart.series, filled=True, stacked=True)


KIND = ChartKind("stacked_area", StackedAreaChart, draw, 1, 2)
