"""What may be written in `reports/<name>.json`: a report, a dataset, a funnel or a dashboard, told apart by `type`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import Field, StringConstraints, create_model

from lowcode.kernel.definitions import Document, Expression, Name, Part, Text
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.kind import ChartKind

Grain = Literal["day", "week", "month", "quarter", "year"]
Period = Literal[
    "today", "this_week", "this_month", "this_quarter", "this_year", "last_7_days", "last_30_days", "last_month",
    "last_quarter", "last_year", "all",
]  # fmt: skip
Number = Literal["number", "money", "percent"]
FormName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
"""A form, or the lines of one such as `quote.items`."""


class DimensionDefinition(Part):
    """What groups are made of. With a grain, the period a date or instant falls into, in the app's zone."""

    name: Name
    title: Text | None = None
    expression: Expression
    grain: Grain | None = None


class MeasureDefinition(Part):
    """A number of each group: an aggregate or a calculation with aggregates, or something made of another measure.

    A measure of another form names it, and says by which of its own expressions it meets each dimension.
    """

    name: Name
    title: Text | None = None
    expression: Expression | None = None
    format: Number | None = None
    form: FormName | None = None
    where: Expression | None = None
    dimensions: dict[Name, Expression] = Field(default_factory=dict)
    of: Name | None = Field(None, description="The measure this one is made of.")
    calculation: Literal["share", "running", "rank", "change"] | None = None


class DrillDefinition(Part):
    """What is seen of the records behind a cell."""

    columns: list[str] = Field(default_factory=list)


class Question(Document):
    """What datasets, reports and funnels share."""

    form: FormName | None = None
    where: Expression | None = None
    date: Expression | None = Field(None, description="The date a period filter speaks of.")
    filters: dict[Name, Expression] = Field(
        default_factory=dict,
        description="What each filter of a dashboard is compared with; left out, the field of its name.",
    )
    roles: list[Name] = Field(
        default_factory=list, description="Who may see it; left out, everyone who may read the form."
    )
    drill: DrillDefinition = DrillDefinition()


class DatasetDefinition(Question):
    """Dimensions and measures, defined once for many reports."""

    type: Literal["dataset"]
    dimensions: list[DimensionDefinition] = Field(default_factory=list)
    measures: list[MeasureDefinition] = Field(default_factory=list)


class ReportDefinition(Question):
    """One question. Dimensions and measures of its dataset are used by their names."""

    type: Literal["report"]
    dataset: Name | None = None
    dimensions: list[DimensionDefinition | Name] = Field(default_factory=list)
    measures: list[MeasureDefinition | Name] = Field(min_length=1)
    sort: list[str] = Field(default_factory=list)
    limit: int | None = Field(None, ge=1, le=10_000)
    period: Period = "all"
    compare: Literal["previous", "last_year"] | None = Field(
        None, description="The period the totals are held against."
    )
    totals: bool = True
    chart: Any = Field(None, description="How it is drawn.")


class FunnelDefinition(Question):
    """How far records came in the life of a state, from its kept history."""

    type: Literal["funnel"]
    field: Name
    states: list[str] = Field(
        default_factory=list, description="The states in order; left out, those that are no loss."
    )
    value: Expression | None = Field(None, description="What is summed of the records, such as amount.")
    period: Period = "all"
    chart: Literal["loss_funnel", "funnel", "table"] = Field("loss_funnel", description="How it is drawn.")


class FilterDefinition(Part):
    """A filter of a dashboard."""

    name: Name
    title: Text = ""
    type: Literal["period", "select", "member", "department"]
    options: list[dict[str, Any]] = Field(default_factory=list)
    default: Any = None


class TileDefinition(Part):
    """A report on the grid of twelve columns."""

    report: Name
    title: Text | None = None
    x: int = Field(ge=0, le=11)
    y: int = Field(ge=0)
    w: int = Field(ge=1, le=12)
    h: int = Field(ge=1, le=40)


class DashboardDefinition(Document):
    """Reports on a grid, under common filters."""

    type: Literal["dashboard"]
    roles: list[Name] = Field(default_factory=list)
    filters: list[FilterDefinition] = Field(default_factory=list)
    tiles: list[TileDefinition] = Field(default_factory=list)


def report_model(kinds: Registry[ChartKind]) -> type[ReportDefinition]:
    """The model of a report over the charts a host knows."""
    chart: Any = Annotated[Union[tuple(kind.model for kind in kinds)], Field(discriminator="type")]  # noqa: UP007
    return create_model(
        "ReportDefinition",
        __base__=ReportDefinition,
        __doc__=ReportDefinition.__doc__,
        chart=(chart | None, Field(None, description="How it is drawn.")),
    )


def document_model(report: type[ReportDefinition]) -> Any:
    """Any document of the folder, told apart by `type`."""
    return Annotated[
        DatasetDefinition | report | FunnelDefinition | DashboardDefinition,
        Field(discriminator="type"),
    ]
