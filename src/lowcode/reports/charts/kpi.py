"""One number, with a target and the period before."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.reports.charts.kind import Chart, ChartKind


class KpiChart(Chart):
    """One number, with a target and the period before."""

    type: Literal["kpi"]
    target: float | None = Field(None, description="What the first measure should reach.")


KIND = ChartKind("kpi", KpiChart, 0, 0)
