"""What an author writes of a score card."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Text
from lowcode.kernel.definitions.wording import Unfit

Points = Annotated[int | float, Field(description="A number of points.")]


class PointsDocument(Part):
    """A case and its points: the first case that holds counts."""

    when: Expression
    points: Points
    note: Text = ""


class FadeDocument(Part):
    """How points of an event lose weight with the days since it: halved every so many days, evenly down to nothing
    over so many days, or whole for so many days and then gone."""

    half_life: int | None = Field(None, ge=1, description="Days after which half of the points are left.")
    over: int | None = Field(None, ge=1, description="Days over which the points go evenly down to nothing.")
    within: int | None = Field(None, ge=1, description="Days for which the points count whole.")

    @model_validator(mode="after")
    def _one(self) -> FadeDocument:
        if [self.half_life, self.over, self.within].count(None) != 2:
            raise Unfit(
                "points fade in one way: 'half_life', 'over' or 'within' a number of days",
                "分数只能以一种方式衰减：half_life、over 或 within",
            )
        return self


class BoundedDocument(Part):
    """What both sorts of parts have: a name, bounds, and a weight (for cards that average)."""

    name: Name
    title: Text = ""
    cap: Points | None = None
    floor: Points | None = None
    weight: Points = 1


class AttributeDocument(BoundedDocument):
    """Points for what the record is: cases, or an expression that gives the points."""

    cases: list[PointsDocument] = Field(default_factory=list)
    otherwise: Points = 0
    points: Expression | None = None

    @model_validator(mode="after")
    def _one(self) -> AttributeDocument:
        if bool(self.cases) == (self.points is not None):
            raise Unfit("an attribute has either 'cases' or 'points'", "属性只能使用 cases 或 points 之一")
        return self


class BehaviourDocument(BoundedDocument):
    """Points for what happened: each record of a relation (a visit, a download, a follow-up) counts as an event."""

    relation: Name
    at: Name = "created_at"
    when: Expression | None = None
    points: Expression
    fade: FadeDocument | None = None


class LearnedDocument(BoundedDocument):
    """Points for how likely an outcome is, learned from the app's own records by the attributes of the card.

    Attributes must be known before the outcome is: one that only a won record has would know the answer beforehand.
    """

    outcome: Expression = Field(description='What is to be foretold, such as `stage = "won"`.')
    settled: Expression = Field(description='The records whose outcome is known, such as `stage in ("won", "lost")`.')
    points: Points = Field(100, description="The points of a certain outcome.")
    scorer: str = "logistic"


class BandDocument(Part):
    """A stretch of the score with a name: from this many points on, up to the next band."""

    name: str
    title: Text = ""
    from_: Points | None = Field(None, alias="from")


class ScoreCardDocument(Document):
    """A score card: its parts, how they come together, and the fields of the form that hold the result."""

    type: Literal["score_card"]
    help: Text = ""
    form: Name
    field: Name
    band_field: Name | None = None
    when: Expression | None = None
    combine: Literal["sum", "average", "likelihood"] = Field(
        "sum",
        description="How the parts come together. `likelihood`: the learned part alone is the score, and blank until a "
        "model is adopted; the attributes are what it learns from.",
    )
    attributes: list[AttributeDocument] = Field(default_factory=list)
    behaviours: list[BehaviourDocument] = Field(default_factory=list)
    learned: LearnedDocument | None = None
    least: Points | None = 0
    most: Points | None = 100
    bands: list[BandDocument] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_parts(self) -> ScoreCardDocument:
        if not self.attributes and not self.behaviours:
            raise Unfit(
                "a score card needs 'attributes' or 'behaviours'", "评分卡需要属性 attributes 或行为 behaviours"
            )
        if self.learned is not None and not self.attributes:
            raise Unfit(
                "a likelihood is learned from the 'attributes' of the card",
                "可能性是从评分卡的属性 attributes 学习的，请填写属性",
            )
        if self.combine == "likelihood" and (self.learned is None or self.behaviours):
            raise Unfit(
                "a card that is a likelihood has a 'learned' part, and 'attributes' it learns from",
                "以可能性计分的评分卡需要 learned，以及供其学习的属性 attributes",
            )
        return self
