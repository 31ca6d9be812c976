"""The rows themselves, with totals."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind


class TableChart(Chart):
    """The rows themselves, with totals."""

    type: Literal["table"]


KIND = ChartKind("table", TableChart, 0, 12)
