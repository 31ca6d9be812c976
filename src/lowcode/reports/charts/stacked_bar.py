"""Bars made of parts: how much it is, and of what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.bars import bars
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown


class StackedBarChart(Chart):
    """Bars made of parts: how much it is, and of what."""

    type: Literal["stacked_bar"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: StackedBarChart) -> Drawing:
    """One series on another."""
    return bars(shown, chart, by=chart.series, stacked=True)


KIND = ChartKind("stacked_bar", StackedBarChart, draw, 1, 2)
