"""A number and what it should reach: what the kinds `gauge` and `progress` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.kind import Chart
from lowcode.reports.charts.shown import Column, Shown


class GoalChart(Chart):
    """A number and what it should reach."""

    target: float | None = Field(None, description="What the first measure should reach.")
    target_measure: Name | None = Field(None, description="The measure that says what the first should reach.")


@dataclass(frozen=True, slots=True)
class Goal:
    """What there is, and what there should be."""

    measure: Column
    value: float
    target: float | None
    row: int | None

    @property
    def share(self) -> float | None:
        """How much of the target is reached."""
        return self.value / self.target if self.target else None


def goal_of(shown: Shown, chart: GoalChart) -> Goal:
    """The numbers of the whole report: its only row, or its totals."""
    measures = [each for each in shown.drawn(chart.y) if each["name"] != chart.target_measure] or shown.measures
    row: Sequence[Any] = shown.rows[0] if len(shown.rows) == 1 else (shown.totals or [None] * len(shown.columns))
    wanted = shown.measure(chart.target_measure) if chart.target_measure is not None else None
    target = shown.number(row, wanted) if wanted is not None else chart.target
    only = 0 if shown.rows and not shown.dimensions else None
    return Goal(measures[0], shown.number(row, measures[0]) or 0.0, target, only)
