"""The documents of the rule engine: what an author may write in `rules/*.json`. Closed, checked at the border.

`type` tells them apart: `rule` (the default) and `table` (a decision table).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Text
from lowcode.kernel.definitions.wording import Unfit
from lowcode.rules.decisions.table import Aggregate, HitPolicy


class SpanDocument(Part):
    """A length of time: `{"days": 7, "working": true}`."""

    minutes: int = Field(0, ge=0)
    hours: int = Field(0, ge=0)
    days: int = Field(0, ge=0)
    weeks: int = Field(0, ge=0)
    months: int = Field(0, ge=0)
    years: int = Field(0, ge=0)
    working: bool = False


class EnteredDocument(Part):
    """A field that took one of these values (or, for `left`, gave it up)."""

    field: str
    state: str | list[str]


class ScheduleDocument(Part):
    """Times of the clock: a cron expression in the app's zone, or a span between runs."""

    cron: str | None = None
    every: SpanDocument | None = None

    @model_validator(mode="after")
    def _one(self) -> ScheduleDocument:
        if (self.cron is None) == (self.every is None):
            raise Unfit("a schedule has either 'cron' or 'every'", "定时只能使用 cron 或 every 之一")
        return self


class InactiveDocument(Part):
    """Nothing happened for a span since the instant an expression gives.

    `overdue`: records whose mark had passed before the rule was armed, or that came to meet `when` only later, are
    handled as well; they are looked for once an hour.
    """

    since: Expression
    span: SpanDocument | None = Field(None, alias="for")
    overdue: bool = False


class DateDocument(Part):
    """A span before or after a date of the record; `yearly` for birthdays and anniversaries."""

    field: str
    before: SpanDocument | None = None
    after: SpanDocument | None = None
    yearly: bool = False
    leap: Literal["february", "march"] = Field(
        "february", description="When 29 February is kept in other years: on 28 February or on 1 March."
    )
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    late: Literal["skip", "fire"] = Field(
        "skip",
        description="What happens when a record gets its date after the moment has passed: nothing, or the rule fires "
        "at once (before a date only while that is still ahead).",
    )

    @model_validator(mode="after")
    def _one_side(self) -> DateDocument:
        if self.before is not None and self.after is not None:
            raise Unfit("a date rule has 'before' or 'after', not both", "日期规则的 before 与 after 不能同时使用")
        if self.late == "fire" and self.yearly and self.before is None:
            raise Unfit(
                "of a 'yearly' rule only one 'before' the day can fire late: every year has a day after",
                "每年的规则只有用 before 提前时才能补发：每年总有之后的日子",
            )
        return self


class ScoredDocument(Part):
    """A score that gets into a band, or crosses a number of points."""

    card: str
    band: str | list[str] | None = None
    at_least: int | float | None = None
    below: int | float | None = None

    @model_validator(mode="after")
    def _one(self) -> ScoredDocument:
        if [self.band, self.at_least, self.below].count(None) != 2:
            raise Unfit(
                "say one of: the 'band' it gets into, 'at_least' so many points, or 'below' so many",
                "请只写一项：进入的等级 band、至少多少分 at_least，或低于多少分 below",
            )
        return self


class EventDocument(Part):
    """Something that was told of a record: a flow ended, a paper was printed, a comment was written, or an event of
    another program's making. `of` narrows it by what the event says, such as {"outcome": "approved"}."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    of: dict[str, str | int | bool] = Field(default_factory=dict)


class ReceivedDocument(Part):
    """Something that came in from outside by an intake of the app, and what became of it: a new record, a change of one
    known already, or one linked to it."""

    intake: Name
    outcome: Literal["created", "updated", "linked"] | None = None


class LimitDocument(Part):
    """How often a rule may fire: more than this is taken for a fault, and the rule is paused."""

    most: int = Field(ge=1)
    per: SpanDocument


class ButtonDocument(Part):
    """A button on the record's page."""

    title: Text
    roles: list[str] | None = None
    confirm: Text | None = None


ALONE = ("schedule", "inactive", "date", "button", "event", "received")
"""What sets a rule off by itself."""


class TriggerDocument(Part):
    """What sets a rule off: events of the record (several may stand together), or one of the others alone."""

    created: bool = False
    updated: bool = False
    fields: list[str] | None = None
    deleted: bool = False
    becomes: Expression | None = None
    entered: EnteredDocument | None = None
    left: EnteredDocument | None = None
    scored: ScoredDocument | None = None
    schedule: ScheduleDocument | None = None
    inactive: InactiveDocument | None = None
    date: DateDocument | None = None
    button: ButtonDocument | None = None
    event: EventDocument | None = None
    received: ReceivedDocument | None = None

    @model_validator(mode="after")
    def _combinable(self) -> TriggerDocument:
        alone = [name for name in ALONE if getattr(self, name) is not None]
        event = (
            self.created or self.updated or self.deleted or any((self.becomes, self.entered, self.left, self.scored))
        )
        if not alone and not event:
            raise Unfit(
                "a rule needs something that sets it off: 'created', 'becomes', 'schedule' …",
                "规则需要触发方式：created、becomes、schedule 等",
            )
        if len(alone) > 1 or (alone and event):
            raise Unfit(
                f"'{alone[0]}' sets a rule off alone; write a second rule for the other",
                f"{alone[0]} 只能单独触发规则，请为另一种触发方式再写一条规则",
            )
        if self.scored is not None and self.becomes is not None:
            raise Unfit(
                "'scored' and 'becomes' are each a condition that comes true; join them in 'when'",
                "scored 与 becomes 都是条件开始成立时触发，请在 when 中合并",
            )
        if self.fields is not None and not self.updated:
            raise Unfit(
                "'fields' says which changes count for 'updated'; write \"updated\": true beside it",
                'fields 说明 updated 所指的变化，请同时写上 "updated": true',
            )
        return self


class StepDocument(Part):
    """One rung of an escalation: what is done when so much time has passed and nothing has changed."""

    after: SpanDocument
    actions: list[dict[str, Any]] = Field(min_length=1)
    when: Expression | None = None


class RuleDocument(Document):
    """When something happens and a condition holds, do something."""

    type: Literal["rule"] = "rule"
    help: Text = ""
    enabled: bool = True
    priority: int = 100
    form: str | None = None
    on: TriggerDocument
    phase: Literal["before", "after"] = "after"
    when: Expression | None = None
    run_as: Literal["app", "actor"] = "app"
    catch_up: Literal["all", "latest", "skip"] = "latest"
    repeat: Literal["once", "each_time"] = "once"
    log: Literal["matched", "all"] = "matched"
    limit: LimitDocument | None = None
    exit: Expression | None = Field(
        None, description="Ends what the rule still waits to do for a record; `started_at` is when it set out."
    )
    actions: list[dict[str, Any]] = Field(default_factory=list)
    steps: list[StepDocument] = Field(default_factory=list)

    @model_validator(mode="after")
    def _does_something(self) -> RuleDocument:
        if not self.actions and not self.steps:
            raise Unfit("a rule needs 'actions' or 'steps'", "规则需要 actions 或 steps")
        return self


class InputDocument(Part):
    """A column that is asked."""

    name: str
    expression: Expression
    title: Text = ""


class OutputDocument(Part):
    """A column that is answered. `values`, in the order of importance, serves PRIORITY and OUTPUT ORDER."""

    name: str
    type: Literal["text", "number", "boolean", "date", "choice", "user"] = "text"
    title: Text = ""
    values: list[Any] | None = None


class RowDocument(Part):
    """One row: cells by input, answers by output; an input left out is any value."""

    when: dict[str, str | None] = Field(default_factory=dict)
    then: dict[str, Expression]
    note: Text = ""


class TableDocument(Document):
    """A decision table. `complete`: every case is meant to be covered, so a gap is a warning."""

    type: Literal["table"]
    help: Text = ""
    form: str | None = None
    hit: HitPolicy = "FIRST"
    aggregate: Aggregate = "LIST"
    inputs: list[InputDocument] = Field(min_length=1)
    outputs: list[OutputDocument] = Field(min_length=1)
    rules: list[RowDocument]
    otherwise: dict[str, Expression] = Field(default_factory=dict)
    complete: bool = False
