"""A dot per group between two measures, as large as a third."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.dots import dots
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import Shown


class BubbleChart(Chart):
    """A dot per group between two measures, its area a third; `y` names them: across, up, size."""

    type: Literal["bubble"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: BubbleChart) -> Drawing:
    """Dots by their size."""
    measures = shown.drawn(chart.y)
    across, up, size = (measures[min(place, len(measures) - 1)] for place in range(3))
    return dots(shown, across, up, size, chart.series)


KIND = ChartKind("bubble", BubbleChart, draw, 1, 3, needs=Needs(numbers=3))
