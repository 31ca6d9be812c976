"""What an author writes of a pool."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Template, Text
from lowcode.kernel.definitions.wording import Unfit
from lowcode.rules.definition import DateDocument, InactiveDocument, SpanDocument


class ClaimDocument(Part):
    """How much one person may claim."""

    per_day: int | None = Field(None, ge=0, description="Records one person may claim in a day.")
    holding: int | None = Field(None, ge=0, description="Records one person may have at the same time.")
    holding_where: Expression | None = Field(None, description="Which of a person's records count as held.")
    cool_down: SpanDocument | None = Field(
        None, description="How long somebody who gave a record up may not claim it again."
    )


class ViewDocument(Part):
    """What a member sees of the records in the pool: some fields of each, all fields of so many in a day."""

    fields: list[Name] = Field(min_length=1)
    per_day: int | None = Field(None, ge=0, description="Records one person may open in a day before claiming them.")


class ReclaimDocument(Part):
    """When a record goes back to the pool by itself: after inactivity, or some time around a date of the record.

    `actions` are done before it goes back: telling people, ending its tasks. `warn` tells the owner beforehand.
    """

    name: Name
    title: Text = ""
    inactive: InactiveDocument | None = None
    date: DateDocument | None = None
    when: Expression | None = None
    warn: list[WarnDocument] = Field(default_factory=list)
    actions: list[dict[str, Any]] = Field(default_factory=list)
    reason: Template = ""
    notify: bool = True

    @model_validator(mode="after")
    def _one(self) -> ReclaimDocument:
        if (self.inactive is None) == (self.date is None):
            raise Unfit(
                "a record is taken back either by 'inactive' or by 'date'", "收回记录只能使用 inactive 或 date 之一"
            )
        if self.warn and self.inactive is None:
            raise Unfit(
                "'warn' counts from the same instant as 'inactive'", "warn 与 inactive 从同一时刻起算，须一起使用"
            )
        return self


class WarnDocument(Part):
    """Something done before a record goes back, so long after the instant of `inactive`."""

    after: SpanDocument
    actions: list[dict[str, Any]] = Field(min_length=1)


class PoolDocument(Document):
    """A pool: which records without an owner lie in it, who may claim them and how many, and what goes back to it."""

    type: Literal["pool"]
    help: Text = ""
    form: Name
    field: Name = "owner"
    where: Expression | None = Field(None, description="Which records without an owner lie in this pool.")
    members: list[Name] = Field(min_length=1, description="The roles that may look into it and claim.")
    managers: list[Name] = Field(
        default_factory=list, description="The roles that may give records to people and to other pools, unlimited."
    )
    claim: ClaimDocument = ClaimDocument()
    view: ViewDocument | None = None
    keep: Name | None = Field(None, description="A field that keeps who had the record before.")
    enter: dict[str, Expression] = Field(default_factory=dict, description="Values a record gets when it comes in.")
    leave: dict[str, Expression] = Field(default_factory=dict, description="Values a record gets when it goes out.")
    protect: Expression | None = Field(None, description="Records that never go back by themselves.")
    reclaim: list[ReclaimDocument] = Field(default_factory=list)


ReclaimDocument.model_rebuild()
