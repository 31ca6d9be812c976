"""What a state asks of a record that comes into it, stands in it and goes on from it: the stage model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part
from lowcode.kernel.definitions import Text as Words


class Gate(Part):
    """Something that has to hold before a record comes into a stage, or goes on from it."""

    when: ExpressionText
    message: Words = Key(description="What is missing, in words.")


class Deliverable(Part):
    """A file that the stage has to bring, kept in an attachment field of the record."""

    field: str
    title: Words | None = Key(None, description="What it is, in words; left out: the title of the field.")
    required: bool = Key(True, description="The record does not go on without it.")


class StageChecklist(Part):
    """What has to be ticked in a stage. The ticks are the options of a multi_select field, so they are values like any
    other: permitted, kept in the history, reported on."""

    field: str
    required: list[str] | None = Key(None, description="The options that have to be ticked; left out: all of them.")


class GuideFiles(Part):
    """Documents beside the guide, kept as records so that they are written without touching the definition."""

    form: str
    where: ExpressionText | None = Key(None, description="Which of its records; left out: all.")
    field: str | None = Key(None, description="Its attachment field.")


class Guide(Part):
    """How the work of a stage is done: words, and documents that people keep in a form."""

    text: Words = ""
    documents: GuideFiles | None = None


class Ageing(Part):
    """How long a record may stand in a stage: from `warn` days on it is shown as late, from `limit` on as overdue."""

    warn: int | None = Key(None, ge=1, le=3650)
    limit: int = Key(ge=1, le=3650)
    working: bool = Key(False, description="Count working days only, by the calendar of the application.")


Gates = Literal["all", "entry", "none"]
"""Which gates a transition is held to: those of the state it leaves and of the one it comes to, only the latter (giving
up, going back), or none."""
