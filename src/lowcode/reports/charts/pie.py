"""Shares of a whole."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.rounds import round_
from lowcode.reports.charts.shown import Shown


class PieChart(Chart):
    """Shares of a whole."""

    type: Literal["pie"]


def draw(shown: Shown, chart: PieChart) -> Drawing:
    """Slices of a full round."""
    return round_(shown, chart, inner="0%")


KIND = ChartKind("pie", PieChart, draw, 1, 1)
