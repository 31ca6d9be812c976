"""A line over time or an order, one per value of a second dimension."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.lines import lines
from lowcode.reports.charts.shown import Shown


class LineChart(Chart):
    """A line over time or an order, one per value of a second dimension."""

    type: Literal["line"]
    series: Name | None = Field(None, description="The dimension that colours.")
    stacked: bool = False


def draw(shown: Shown, chart: LineChart) -> Drawing:
    """Lines from group to group."""
    return lines(shown, chart, by=chart.series, stacked=chart.stacked)


KIND = ChartKind("line", LineChart, draw, 1, 2)
