"""What may be written in `reports/<name>.json`: a report, a dataset, a funnel or a dashboard, told apart by `type`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self, Union

from pydantic import Field, StringConstraints, create_model, model_validator

from lowcode.kernel.definitions import Document, Expression, Name, Part, Text
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.registry import Registry, made_once
from lowcode.reports.charts.kind import ChartKind

Grain = Literal["day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"]
Period = Literal[
    "today", "this_week", "this_month", "this_quarter", "this_year", "this_fiscal_quarter", "this_fiscal_year",
    "last_7_days", "last_30_days", "last_90_days", "last_365_days", "last_month", "last_quarter", "last_year",
    "last_fiscal_quarter", "last_fiscal_year", "all",
]  # fmt: skip
AsOf = Literal[
    "today", "last_week", "last_month", "last_quarter", "last_year", "last_fiscal_quarter", "last_fiscal_year"
]
Table = Literal[
    "share", "running", "running_share", "rank", "moving_average", "previous", "difference", "change", "last_year",
    "change_last_year",
]  # fmt: skip
Number = Literal["number", "money", "percent"]
FormName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
"""A form, the lines of one such as `quote.items`, or the history of a state of one such as `quote.stage`."""


class BandDefinition(Part):
    """A range of numbers: from where the band before it ends up to `below`; the last one has no end."""

    below: Decimal | None = Field(None, description="The first number that is no longer part of it.")
    title: Text | None = Field(None, description="Left out, the numbers themselves.")


class LevelDefinition(Part):
    """What groups are made of. With a grain, the period a date or instant falls into, in the app's zone."""

    name: Name
    title: Text | None = None
    expression: Expression
    grain: Grain | None = Field(None, description="Fiscal periods begin in the month the app says.")
    bands: list[BandDefinition] = Field(default_factory=list, description="Groups of numbers, in ascending order.")


class DimensionDefinition(LevelDefinition):
    """What groups are made of. With a grain, the period a date or instant falls into, in the app's zone.

    With levels it is a hierarchy: from one of its values the report goes on to those of the next level.
    """

    levels: list[LevelDefinition] = Field(default_factory=list, max_length=4)


class MeasureDefinition(Part):
    """A number of each group: an aggregate or a calculation with aggregates, or something made of other measures.

    A measure of another form names it, and says by which of its own expressions it meets each dimension.
    """

    name: Name
    title: Text | None = None
    expression: Expression | None = None
    format: Number | None = None
    form: FormName | None = None
    where: Expression | None = Field(None, description="Which records it counts, beside the condition of the report.")
    date: Expression | None = Field(None, description="The date of its own form that a period speaks of.")
    dimensions: dict[Name, Expression] = Field(default_factory=dict)
    across: list[Name] = Field(
        default_factory=list,
        description="Dimensions that do not split it: along them every row has the same number, such as the size of a "
        "cohort.",
    )
    formula: Expression | None = Field(
        None, description="Calculated from other measures by their names, such as `won / offers`."
    )
    of: Name | None = Field(None, description="The measure this one is made of.")
    calculation: Table | None = None
    along: Name | None = Field(
        None, description="The dimension a calculation follows; left out, the first with a grain, else the rows."
    )
    within: list[Name] | None = Field(
        None,
        description="The dimensions whose every value begins anew; left out, none for shares and ranks, and for the "
        "others all that are not followed.",
    )
    rows: int = Field(3, ge=2, le=366, description="How many rows a moving average covers.")


class BorrowedMeasure(Part):
    """A measure of another dataset, which meets the dimensions of the report where it has them by their names."""

    dataset: Name
    measure: Name
    name: Name | None = Field(None, description="What it is called here; left out, as there.")
    title: Text | None = None


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
    as_of: AsOf | None = Field(
        None,
        description="The day at whose end things stood so, for a report about the history of a state; a filter `as_of` "
        "gives another one.",
    )


class ForecastDefinition(Part):
    """Periods to come, from those that are complete, with the interval they will lie in and the error of trying it."""

    measure: Name | None = Field(None, description="What is forecast; left out, the first measure.")
    periods: int = Field(3, ge=1, le=36)
    confidence: float = Field(0.8, ge=0.5, le=0.99, description="How likely a period is to lie in its interval.")


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
    measures: list[MeasureDefinition | BorrowedMeasure | Name] = Field(min_length=1)
    sort: list[str] = Field(default_factory=list)
    limit: int | None = Field(None, ge=1, le=10_000)
    period: Period = "all"
    compare: Literal["previous", "last_year"] | None = Field(
        None, description="The period the totals are held against."
    )
    against: Literal["so_far", "whole"] = Field(
        "so_far",
        description="What a period that goes on is held against: as much of the earlier one as has passed of it, or "
        "all of that, for what lies ahead such as orders expected this month.",
    )
    totals: bool = True
    forecast: ForecastDefinition | None = Field(
        None, description="Carry a report by periods of time on into those to come."
    )
    chart: Any = Field(None, description="How it is drawn.")


class SqlField(Part):
    """A column of a question in SQL, as reports ask about it."""

    name: Name
    type: Literal["number", "text", "boolean", "date", "datetime", "user"] = "text"
    scale: int = Field(2, ge=0, le=6, description="The decimals of a number.")
    title: Text = ""


class SqlDefinition(Document):
    """Facts an administrator asks for in SQL: reports ask about them as the form `sql.<name>`.

    Tables are forms by their names and lines as `form.lines`; of each stands only what the person asking may read.
    """

    type: Literal["sql"]
    help: Text = ""
    form: Name = Field(description="Whoever may not read this form may not ask.")
    sql: str = Field(
        max_length=20_000, description="One SELECT, in the SQL of PostgreSQL; other databases are translated to."
    )
    fields: list[SqlField] = Field(min_length=1, max_length=100)
    roles: list[Name] = Field(
        default_factory=list, description="Who may ask; left out, everyone who may read the form."
    )


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


class TilePart(Part):
    """What stands on the grid of twelve columns: a report, a heading over what lies below it, or a text."""

    report: Name | None = None
    heading: Text | None = None
    text: Text | None = Field(None, description="Words in Markdown; HTML in it is shown as it is written.")
    title: Text | None = Field(None, description="What the report is called here; left out, its own title.")
    filters: dict[Name, Name | Literal[False]] = Field(
        default_factory=dict,
        description="Which filter of the report, or which field of its form, a filter of the dashboard stands for; "
        "`false`: the report does not follow it. Left out, the one of its name.",
        json_schema_extra={"additionalProperties": False},
    )
    x: int = Field(ge=0, le=11)
    y: int = Field(ge=0, le=1000)
    w: int = Field(ge=1, le=12)
    h: int = Field(ge=1, le=40)

    @property
    def said(self) -> list[str]:
        """Which of the three it is; more than one or none where it is wrong."""
        return [name for name in ("report", "heading", "text") if getattr(self, name) is not None]


class TileDefinition(TilePart):
    """What stands on the grid of twelve columns: a report, a heading over what lies below it, or a text."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.said) != 1:
            raise Unfit(
                "a tile is a 'report', a 'heading' or a 'text'; this one says " + (" and ".join(self.said) or "none"),
                "卡片只能是报表 report、标题 heading、文字 text 之一，此处写了 " + ("、".join(self.said) or "0 个"),
            )
        return self


class DashboardDefinition(Document):
    """Reports on a grid, under common filters."""

    type: Literal["dashboard"]
    roles: list[Name] = Field(default_factory=list)
    filters: list[FilterDefinition] = Field(default_factory=list)
    tiles: list[TileDefinition] = Field(default_factory=list)


@made_once
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
        DatasetDefinition | report | FunnelDefinition | DashboardDefinition | SqlDefinition,
        Field(discriminator="type"),
    ]
