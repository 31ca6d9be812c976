"""What may be written: `flows/<name>.json`, one flow per file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import Field, create_model

from lowcode.flows.nodes.asking.reviewers.kind import ReviewerKind
from lowcode.flows.nodes.asking.spans import SpanDocument
from lowcode.flows.nodes.kind import NodeDocument, NodeKind
from lowcode.kernel.definitions import Document, Name, Part, Template, Text
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.registry import Registry, made_once


class EveryDocument(Part):
    """Again and again: from an instant on, so far apart."""

    start: str = Field(alias="from", description="The first time, in the zone of the app: 2026-03-02T09:00.")
    weeks: int = Field(0, ge=0, le=520)
    days: int = Field(0, ge=0, le=3650)
    hours: int = Field(0, ge=0, le=87600)
    minutes: int = Field(0, ge=0, le=5256000)


class ScheduleDocument(Part):
    """Times of the clock, in the zone of the app: exactly one of `cron`, `every` and `at`."""

    cron: str | None = Field(
        None, description="Minute, hour, day, month, day of the week: `0 9 * * 1` is Mondays at nine."
    )
    every: EveryDocument | None = None
    at: str | None = Field(None, description="Once, in the zone of the app: 2026-12-01T09:00.")
    working: Literal["any", "skip", "before", "after"] = Field(
        "any",
        description="A time on a day off, by the calendar of the app: begins all the same (any), is left out (skip), "
        "or moves to the working day before or after.",
    )
    catch_up: Literal["latest", "all", "skip"] = Field(
        "latest", description="Times that were missed because nothing ran: the latest of them, all, or none (skip)."
    )


class StartsDocument(Part):
    """What begins an instance."""

    on: Literal["created", "updated", "transition", "manual", "message", "signal", "schedule"] = Field(
        "manual",
        description="transition: a field takes a value; created, updated: a record is saved; message: one is sent for "
        "a record; signal: another flow sends one about a record of this form; schedule: the clock, for each "
        "record for which `when` holds; manual: by hand, by a button or over the API.",
    )
    schedule: ScheduleDocument | None = Field(None, description="schedule: when.")
    name: Name | None = Field(None, description="message, signal: its name.")
    field: str | None = Field(None, description="transition: the field that moves.")
    source: str | list[str] | None = Field(None, alias="from", description="transition: only from these values.")
    to: str | list[str] | None = Field(None, description="transition: when it takes one of these values.")
    leaving: Literal["nothing", "stop", "refuse"] = Field(
        "nothing",
        description="transition: what happens when the record leaves those values while the flow runs: nothing; the "
        "flow is stopped (stop); or the record does not leave before the flow has ended (refuse), unless by a "
        "transition that asks less than all `gates`, which stops the flow.",
    )
    fields: list[str] = Field(default_factory=list, description="updated: only when one of these fields changed.")
    when: ExpressionText | None = Field(None, description="Only when this holds; may use OLD() and CHANGED().")
    roles: list[str] = Field(
        default_factory=list,
        description="manual: who may start it; empty: everybody who sees the record. message: who may send it.",
    )


class WithdrawDocument(Part):
    """Taking it back (撤回)."""

    until: Literal["first_decision", "end", "never"] = Field(
        "first_decision", description="How long the starter may take it back."
    )
    values: dict[str, ExpressionText] = Field(
        default_factory=dict, description="What the record is set to when the flow is withdrawn or cancelled."
    )


class MessageDocument(Part):
    """A message that may come before anybody waits for it."""

    name: Name = Field(description="The message: one that something in this flow waits for, or that begins it.")
    title: Text = Field("", description="What people call it.")
    keep: SpanDocument | None = Field(
        None,
        description="Its time to live: how long one that nobody waits for yet is kept, for the first in this flow who "
        "does. Left out: not at all, unless its sender says how long.",
    )


class FlowDocument(Document):
    """One flow: what a record goes through, step by step."""

    form: str = Field(description="The form whose records it accompanies.")
    start: StartsDocument = StartsDocument()
    runs_as: Literal["starter", "app"] = Field(
        "app",
        description="Whose permissions hold for what the flow does itself, and so which records it finds: the "
        "starter's, or the application's.",
    )
    subject: Template = Field("", description="What to-do lists call an instance, with {{ expressions }}.")
    withdraw: WithdrawDocument = WithdrawDocument()
    urge: SpanDocument = Field(
        SpanDocument(hours=1), description="How long has to pass before those asked may be urged again (催办)."
    )
    messages: list[MessageDocument] = Field(
        default_factory=list, description="Messages that are kept until somebody waits for them; others are not."
    )
    nodes: list[Any]


@made_once
def flow_model(kinds: Registry[NodeKind], reviewers: Registry[ReviewerKind]) -> type[FlowDocument]:
    """The model of a flow over the nodes and reviewers a host knows."""
    documents = tuple(_reviewed(kind.document, reviewers) for kind in kinds)
    node: Any = Annotated[Union[documents], Field(discriminator="type")]  # noqa: UP007
    return create_model("FlowDocument", __base__=FlowDocument, __doc__=FlowDocument.__doc__, nodes=(list[node], ...))


def _reviewed(document: type[NodeDocument], reviewers: Registry[ReviewerKind]) -> type[NodeDocument]:
    """The same document, whose `reviewer` is one of those a host knows."""
    field = document.model_fields.get("reviewer")
    if field is None:
        return document
    known: Any = Annotated[Union[tuple(kind.document for kind in reviewers)], Field(discriminator="type")]  # noqa: UP007
    reviewer: Any = (known | None, Field(None, description=field.description))
    return create_model(document.__name__, __base__=document, __doc__=document.__doc__, reviewer=reviewer)
