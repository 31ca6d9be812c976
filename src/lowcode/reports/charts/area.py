"""A line with the ground below it filled."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.lines import lines
from lowcode.reports.charts.shown import Shown


class AreaChart(Chart):
    """A line with the ground below it filled."""

    type: Literal["area"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: AreaChart) -> Drawing:
    """Lines over pale ground."""
    return lines(shown, chart, by=chart.series, filled=True)


KIND = ChartKind("area", AreaChart, draw, 1, 2)
