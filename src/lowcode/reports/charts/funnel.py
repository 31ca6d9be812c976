"""Stages, each with what is left of the one before."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts.kind import Chart, ChartKind


class FunnelChart(Chart):
    """Stages, each with what is left of the one before."""

    type: Literal["funnel"]


KIND = ChartKind("funnel", FunnelChart, 1, 1)
