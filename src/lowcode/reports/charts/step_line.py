"""A line in steps: a level that holds until it changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.lines import lines
from lowcode.reports.charts.shown import Shown


class StepLineChart(Chart):
    """A line in steps: a level that holds until it changes."""

    type: Literal["step_line"]
    series: Name | None = Field(None, description="The dimension that colours.")


def draw(shown: Shown, chart: StepLineChart) -> Drawing:
    """Level from group to group."""
    return lines(shown, chart, by=chart.series, step=True)


KIND = ChartKind("step_line", StepLineChart, draw, 1, 2)
