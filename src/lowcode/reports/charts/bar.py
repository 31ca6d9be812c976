"""Bars, grouped or stacked by a second dimension."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind


class BarChart(Chart):
    """Bars, grouped or stacked by a second dimension."""

    type: Literal["bar"]
    series: Name | None = Field(None, description="The dimension that colours.")
    stacked: bool = False
    horizontal: bool = False


KIND = ChartKind("bar", BarChart, 1, 2)
