"""Shares of a whole by how far each slice reaches: sizes that differ little are told apart."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.rounds import round_
from lowcode.reports.charts.shown import Shown


class RoseChart(Chart):
    """Shares of a whole by how far each slice reaches: sizes that differ little are told apart."""

    type: Literal["rose"]


def draw(shown: Shown, chart: RoseChart) -> Drawing:
    """Slices of one angle and different reach."""
    return round_(shown, chart, inner="16%", rose=True)


KIND = ChartKind("rose", RoseChart, draw, 1, 1)
