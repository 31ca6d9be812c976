"""Bars of equal height: the shares of each group."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.bars import bars
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown


class PercentBarChart(Chart):
    """Bars of equal height: the shares of each group."""

    type: Literal["percent_bar"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: PercentBarChart) -> Drawing:
    """Each value as the share of its group."""
    return bars(shown, chart, by=chart.series, stacked=True, shares=True)


KIND = ChartKind("percent_bar", PercentBarChart, draw, 1, 2)
