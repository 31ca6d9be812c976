"""A dot per group between two measures: does one go with the other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.dots import dots
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import Shown


class ScatterChart(Chart):
    """A dot per group between two measures; `y` names them, across first."""

    type: Literal["scatter"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: ScatterChart) -> Drawing:
    """Dots of one size."""
    measures = shown.drawn(chart.y)
    return dots(shown, measures[0], measures[-1] if len(measures) < 2 else measures[1], None, chart.series)


KIND = ChartKind("scatter", ScatterChart, draw, 1, 3, needs=Needs(numbers=2))
