"""Shares of a whole as a ring."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.rounds import round_
from lowcode.reports.charts.shown import Shown


class DonutChart(Chart):
    """Shares of a whole as a ring."""

    type: Literal["donut"]


def draw(shown: Shown, chart: DonutChart) -> Drawing:
    """Slices of a ring."""
    return round_(shown, chart, inner="48%")


KIND = ChartKind("donut", DonutChart, draw, 1, 1)
