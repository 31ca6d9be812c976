"""A smoothed line, for a trend rather than its points."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.lines import lines
from lowcode.reports.charts.shown import Shown


class SmoothLineChart(Chart):
    """A smoothed line, for a trend rather than its points."""

    type: Literal["smooth_line"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: SmoothLineChart) -> Drawing:
    """Curves that never swing beyond their points."""
    return lines(shown, chart, by=chart.series, smooth=True)


KIND = ChartKind("smooth_line", SmoothLineChart, draw, 1, 2)
