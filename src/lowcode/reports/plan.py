"""What was understood of reports: which facts to read at which grain, and how they become rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result, as the page is told of it."""

    name: str
    title: Text
    role: str
    kind: str
    scale: int | None = None
    format: str | None = None
    grain: str | None = None
    record: str | None = None
    options: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What the protocol says of a column; nothing that is not said."""
        said = {"scale": self.scale, "format": self.format, "grain": self.grain, "options": list(self.options) or None}
        known = {name: value for name, value in said.items() if value is not None}
        return {"name": self.name, "title": self.title, "role": self.role, "kind": self.kind, **known}


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: `text` is its expression as written (before its grain), from which a drill is made."""

    column: Column
    text: str
    levels: tuple[str, ...] = ()
    """The names of its levels, its own first; nothing when it is no hierarchy."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A measure made of others, when all rows are known: a formula, or the values of one measure row by row.

    `along` is the place of the dimension that is followed, `within` are the places of those that begin anew.
    """

    name: str
    of: str
    kind: str
    needs: tuple[str, ...] = ()
    expression: Expression | None = None
    along: int | None = None
    within: tuple[int, ...] = ()
    rows: int = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """Measures of one form at its own grain: the one unit that is queried."""

    record: str
    where: Expression | None
    dimensions: tuple[Expression, ...]
    measures: tuple[tuple[str, Expression], ...]
    period: Expression | None
    filters: Mapping[str, Expression]
    """A condition per filter name, with the variable `filter_<name>`."""
    texts: tuple[str, ...] = ()
    """Each dimension as this form has it, before its grain."""
    places: tuple[int, ...] = ()
    """Which dimensions of the report these are; along the others every row has the same numbers."""
    date: str | None = None
    filter_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that decides which records count and into which group they go."""
        optional = (self.where, self.period, *self.filters.values())
        return (*(each for each in optional if each is not None), *self.dimensions)


ADDED = ("forecast", "forecast_low", "forecast_high", "unusual")
"""The columns a forecast adds."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """That a report is carried on: which measure, how many periods, and how sure the interval is."""

    measure: str
    periods: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """One report, understood."""

    name: str
    title: Text
    form: str
    roles: frozenset[str]
    where: str | None
    date: str | None
    dimensions: tuple[Dimension, ...]
    measures: tuple[Column, ...]
    calculations: tuple[Calculation, ...]
    facts: tuple[Facts, ...]
    filter_texts: Mapping[str, str]
    sort: tuple[str, ...]
    limit: int | None
    period: str
    compare: str | None
    totals: bool
    chart: Mapping[str, Any] | None
    drill: tuple[str, ...]
    silent: frozenset[str] = frozenset()
    """Measures that are only there because another one is made of them."""
    as_of: str | None = None
    foresight: Foresight | None = None
    fiscal: int = 1
    """The month in which the business year begins."""
    against: str = "so_far"
    """Whether a period that goes on is held against the `whole` of an earlier one."""
    deeper: Mapping[tuple[int, ...], ReportPlan] = field(default_factory=dict)
    """The same report further down its hierarchies, by the level of each dimension."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Dimensions, then measures."""
        return (*(dimension.column for dimension in self.dimensions), *self.measures)


@dataclass(frozen=True, slots=True)
class FunnelPlan:
    """One funnel, understood: `states` in order, `facts` to choose the records."""

    name: str
    title: Text
    form: str
    roles: frozenset[str]
    where: str | None
    date: str | None
    field: str
    states: tuple[str, ...]
    facts: Facts
    value: Expression | None
    columns: tuple[Column, ...]
    filter_texts: Mapping[str, str]
    period: str
    drill: tuple[str, ...]
    chart: str = "loss_funnel"


@dataclass(frozen=True, slots=True)
class Tile:
    """What stands on the grid: a `report`, a `heading` or a `text`."""

    report: str | None
    title: Text | None
    place: Mapping[str, int]
    heading: Text | None = None
    text: Text | None = None
    filters: Mapping[str, str | Literal[False]] = field(default_factory=dict)
    """By filter of the board, the filter of the report that it stands for, or that the report does not follow it."""

    def followed(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        """The filters of a board as they are those of the report."""
        found: dict[str, Any] = {}
        for name, value in filters.items():
            meant = self.filters.get(name, name)
            if meant is not False and found.get(meant) in (None, ""):
                found[meant] = value
        return found


@dataclass(frozen=True, slots=True)
class DashboardPlan:
    """One dashboard, understood."""

    name: str
    title: Text
    roles: frozenset[str]
    filters: tuple[Mapping[str, Any], ...]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ReportsPlan:
    """Every report and dashboard of an app, by name."""

    reports: Mapping[str, ReportPlan | FunnelPlan] = field(default_factory=dict)
    dashboards: Mapping[str, DashboardPlan] = field(default_factory=dict)
    datasets: Mapping[str, ReportPlan] = field(default_factory=dict)
    """Each dataset as a report of all that it names, to be combined freely."""
