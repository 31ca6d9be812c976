"""Bars that lie, where names are long."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.bars import bars
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown


class HorizontalBarChart(Chart):
    """Bars that lie, where names are long."""

    type: Literal["horizontal_bar"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: HorizontalBarChart) -> Drawing:
    """The first group on top."""
    return bars(shown, chart, by=chart.series, lying=True)


KIND = ChartKind("horizontal_bar", HorizontalBarChart, draw, 1, 2)
