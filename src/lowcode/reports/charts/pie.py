"""Shares of a whole."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind


class PieChart(Chart):
    """Shares of a whole."""

    type: Literal["pie"]


KIND = ChartKind("pie", PieChart, 1, 1)
