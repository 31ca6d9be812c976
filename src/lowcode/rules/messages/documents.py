"""What an author writes of a message template, and of how a message goes out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Template, Text
from lowcode.kernel.definitions.wording import Unfit
from lowcode.rules.definition import LimitDocument, SpanDocument

HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"
Hour = Annotated[str, Field(pattern=HOUR)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class VariantDocument(Part):
    """Other words for some records: the first variant whose condition holds is taken."""

    when: Expression
    subject: Template | None = None
    text: Template
    note: Text = ""


class MessageDocument(Document):
    """A message template: a subject and a text with values of a record in them, in the languages of the app; variants
    for some records. Rules send it by its name, and people write by it from the record's page."""

    type: Literal["message"]
    help: Text = ""
    form: Name
    group: Text = Field("", description="What it belongs to in the library of templates, such as 'Greetings'.")
    subject: Template
    text: Template
    variants: list[VariantDocument] = Field(default_factory=list)
    roles: list[str] | None = Field(None, description="Who may write by it from the page; left out: everybody.")


class QuietDocument(Part):
    """Hours in which nobody is disturbed: what comes then waits until they are over. Without hours, until people
    work."""

    from_: Hour | None = Field(None, alias="from")
    until: Hour | None = None

    @model_validator(mode="after")
    def _both(self) -> QuietDocument:
        if (self.from_ is None) != (self.until is None):
            raise Unfit(
                "quiet hours have 'from' and 'until'; without both, people are told when they work",
                "免打扰时段须同时写 from 和 until；两者都不写，则在工作时间通知",
            )
        return self


class WordsPart(Part):
    """The words, or the message template that has them."""

    subject: Template = ""
    text: Template = ""
    message: Name | None = Field(None, description="A message template of the form.")

    @model_validator(mode="after")
    def _words(self) -> WordsPart:
        if (self.message is not None) == bool(self.text or self.subject):
            raise Unfit(
                "write either a 'message' (a template's name) or 'subject' and 'text'",
                "请填写消息模板 message，或填写 subject 和 text",
            )
        return self


class WayPart(Part):
    """When a message goes out, and how often one recipient may be written to."""

    quiet: QuietDocument | None = None
    once_per: SpanDocument | None = Field(
        None, description="Who was sent this message of the record within the span is not sent it again."
    )
    at_most: LimitDocument | None = Field(
        None, description="Messages one recipient gets by the channel, of all rules together; more are dropped."
    )


class DigestDocument(Part):
    """Notices of one digest are gathered and told as one, each day or on some days at a time of
    the clock where each person works."""

    name: Name = "daily"
    at: Hour = "09:00"
    on: list[Weekday] = Field(default_factory=list, description="The days of the week; left out: every day.")
    working: bool = Field(
        False, description="Where its reader does not work on that day, it comes on the next on which they do."
    )
    title: Text = Field("", description="The title of the digest; left out: how many notices it holds.")
