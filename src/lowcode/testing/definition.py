"""What an app test may say: `tests/<name>.test.json`, a story told step by step.

A step does one thing (`create`, `update`, `advance`, `decide`, …) or expects one (`expect`, `expect_refused`); `as`
names who. Another `as` inside what is made or found keeps it under a name: later steps say `$name`, or `$name.field`.
"""

from __future__ import annotations

from typing import Any, Literal, Union

from pydantic import Field

from lowcode.kernel.definitions import Document, Expression, Name, Part, Text

Reference = str
"""`$name`: something an earlier step kept; `$name.field`: a field of it."""


class Span(Part):
    """A length of time."""

    weeks: float = 0
    days: float = 0
    hours: float = 0
    minutes: float = 0


class Create(Part):
    """A new record."""

    form: Name
    values: dict[str, Any] = Field(default_factory=dict)
    kept: Name | None = Field(None, alias="as", description="The name later steps call the record by.")


class Update(Part):
    """Another value for fields of a record."""

    record: Reference
    values: dict[str, Any]


class Delete(Part):
    """Putting a record away."""

    record: Reference


class Advance(Span):
    """The clock moves on, and whatever is due meanwhile happens on the way, in steps of `step`."""

    until: str | None = Field(None, description='An instant in the app\'s zone: "2026-03-09T09:00".')
    step: Span | None = Field(
        None,
        description="How far the clock moves at once: half an hour up to a day, an hour up to a week, three hours "
        "up to 31 days, else six, unless it is said here.",
    )


class Press(Part):
    """A button of a rule, on a record."""

    rule: Name
    record: Reference


class StartFlow(Part):
    """Starting a flow by hand."""

    flow: Name
    record: Reference


class Decide(Part):
    """What the person says to an open task of theirs at a record; `step` names it where there are several."""

    record: Reference
    decision: Literal["approve", "reject", "complete"]
    step: str | None = None
    opinion: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    checked: list[str] = Field(default_factory=list, description="The lines of the checklist that are ticked.")


class Attach(Part):
    """A file that somebody puts into an attachment field, after those that are there."""

    record: Reference
    field: Name
    name: str = Field(description="What the file is called.")
    text: str = Field("", description="What stands in it.")


class Find(Part):
    """A record that is there, as the person sees it: the first that the condition names is kept."""

    form: Name
    where: Expression | None = None
    sort: list[str] = Field(default_factory=list)
    kept: Name | None = Field(None, alias="as")


class Intake(Part):
    """What another program or a web form sends in: the door an intake is to the outside."""

    name: Name
    payload: dict[str, Any]
    outcome: Literal["created", "updated", "linked", "flagged"] | None = Field(
        None,
        description="What must come of it: a new record, a change of one known already, one linked to it, or spam.",
    )
    kept: Name | None = Field(None, alias="as", description="The name later steps call the record by.")


class Call(Part):
    """A call of an endpoint: what another program or a page asks of the app's own address."""

    endpoint: Name
    path: dict[str, Any] = Field(default_factory=dict)
    query: dict[str, Any] = Field(default_factory=dict)
    payload: dict[str, Any] = Field(default_factory=dict)
    status: int | None = Field(None, description="The status it must be answered with.")
    kept: Name | None = Field(None, alias="as", description="The name later steps call the body of the answer by.")


class Ask(Part):
    """Any operation; `as` keeps its answer."""

    operation: str
    params: dict[str, Any] = Field(default_factory=dict)
    kept: Name | None = Field(None, alias="as")


class RecordExpectation(Part):
    """A record has values, or is gone."""

    record: Reference
    values: dict[str, Any] = Field(default_factory=dict)
    absent: list[str] = Field(default_factory=list, description="Fields the person must not be shown.")
    gone: Literal[True] | None = Field(None, description="The person must not find it.")


class RecordsExpectation(Part):
    """Records a person finds: how many, what the first has. `as` keeps the first."""

    form: Name
    where: Expression | None = None
    sort: list[str] = Field(default_factory=list)
    count: int | None = Field(None, ge=0)
    values: dict[str, Any] = Field(default_factory=dict)
    kept: Name | None = Field(None, alias="as")


class TasksExpectation(Part):
    """The to-do list of a person."""

    of: str
    state: Literal["open", "done", "started"] = "open"
    record: Reference | None = None
    count: int | None = Field(None, ge=0)
    contains: dict[str, Any] | None = None


class NotificationsExpectation(Part):
    """The notices of a person; texts are found by a part of them."""

    of: str
    record: Reference | None = None
    count: int | None = Field(None, ge=0)
    contains: dict[str, Any] | None = None


class ReportExpectation(Part):
    """What a report shows the person: rows by column name."""

    name: Name
    filters: dict[str, Any] = Field(default_factory=dict)
    count: int | None = Field(None, ge=0)
    contains: dict[str, Any] | list[dict[str, Any]] = Field(
        default_factory=list, description="Rows that must be there."
    )
    drill: dict[str, Any] | None = Field(None, description="A click on what has these values …")
    records: list[Reference] = Field(default_factory=list, description="… must end at these records.")


class PrintedExpectation(Part):
    """The words on a paper."""

    template: Name
    record: Reference
    language: str | None = None
    contains: list[str] = Field(default_factory=list)
    lacks: list[str] = Field(default_factory=list)


class FlowExpectation(Part):
    """Where the newest flow of a record stands: its state, and the steps that are active."""

    record: Reference
    flow: Name | None = None
    state: Literal["running", "approved", "rejected", "ended", "cancelled", "failed"] | None = None
    at: list[str] | None = None


class AnswerExpectation(Part):
    """An answer that was kept."""

    answer: Reference
    values: dict[str, Any]


class Tasks(Part):
    """Expecting tasks."""

    tasks: TasksExpectation


class Notifications(Part):
    """Expecting notices."""

    notifications: NotificationsExpectation


class Records(Part):
    """Expecting records."""

    records: RecordsExpectation


class Report(Part):
    """Expecting numbers."""

    report: ReportExpectation


class Printed(Part):
    """Expecting paper."""

    printed: PrintedExpectation


class Flow(Part):
    """Expecting a flow somewhere."""

    flow: FlowExpectation


Expectation = Union[  # noqa: UP007  the schema names each branch
    RecordExpectation, Records, Tasks, Notifications, Report, Printed, Flow, AnswerExpectation
]


class Step(Part):
    """What every step may say: who does it, and what it is for."""

    actor: str | None = Field(None, alias="as", description="The login of the person; the app itself when left out.")
    title: Text = ""


class CreateStep(Step):
    """Somebody makes a record."""

    create: Create


class UpdateStep(Step):
    """Somebody changes a record."""

    update: Update


class AttachStep(Step):
    """Somebody attaches a file."""

    attach: Attach


class DeleteStep(Step):
    """Somebody puts a record away."""

    delete: Delete


class AdvanceStep(Step):
    """Time passes."""

    advance: Advance


class PressStep(Step):
    """Somebody presses a button."""

    press: Press


class StartFlowStep(Step):
    """Somebody starts a flow."""

    start_flow: StartFlow


class DecideStep(Step):
    """Somebody decides."""

    decide: Decide


class IntakeStep(Step):
    """Something comes in from outside."""

    intake: Intake


class CallStep(Step):
    """Somebody calls an endpoint; `contains` is something the answer must hold."""

    call: Call
    contains: dict[str, Any] | None = None


class AskStep(Step):
    """Somebody asks; `contains` is something the answer must hold."""

    ask: Ask
    contains: dict[str, Any] | None = None


class FindStep(Step):
    """Somebody looks a record up."""

    find: Find


class ExpectStep(Step):
    """Something must be so."""

    expect: Expectation


Action = (
    CreateStep
    | UpdateStep
    | AttachStep
    | DeleteStep
    | PressStep
    | StartFlowStep
    | DecideStep
    | IntakeStep
    | CallStep
    | AskStep
)


class Refusal(Part):
    """A step that must be refused, and why: the code of a problem, where, and words of its message."""

    step: Action
    code: str | None = None
    field: str | None = Field(
        None, description="The field of a problem, such as discount, or its pointer: /items/0/price."
    )
    message: str | None = None


class RefusedStep(Step):
    """Something must not be allowed."""

    expect_refused: Refusal


AnyStep = Action | AdvanceStep | FindStep | ExpectStep | RefusedStep


class AppTest(Document):
    """One story."""

    start: str = Field("2026-03-02T09:00", description="The instant at which it begins, in the app's zone.")
    seed: bool | list[str] = Field(
        False,
        description="Which rows of seed/ are there at the beginning besides the people: none, all, or of some forms.",
    )
    steps: list[AnyStep]
