"""A line over time or an order, one per value of a second dimension."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind


class LineChart(Chart):
    """A line over time or an order, one per value of a second dimension."""

    type: Literal["line"]
    series: Name | None = Field(None, description="The dimension that colours.")
    stacked: bool = False


KIND = ChartKind("line", LineChart, 1, 2)
