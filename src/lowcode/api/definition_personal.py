"""What people take along into programs of their own: calendars they subscribe to, cards of an address book."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Document, Expression, Name, Template


class CalendarDocument(Document):
    """Records with a day or an hour, as a calendar that a person subscribes to in a program of theirs (iCalendar)."""

    type: Literal["calendar"]
    form: str
    where: Expression | None = Field(
        None, description="Which of the records that a person may read are theirs: `owner = ME()`."
    )
    starts: Name = Field(description="The field of the day, or of the hour, it begins.")
    ends: Name | None = Field(None, description="The field it ends by; a day counts as its last day.")
    minutes: int = Field(60, ge=1, le=1440, description="How long it takes where no end is written.")
    summary: Template = Field(description="What stands in the calendar: `{{ account.name }} {{ title }}`.")
    place: Template = ""
    description: Template = ""
    remind: int | None = Field(None, ge=0, le=40_320, description="Minutes before it begins.")
    back: int = Field(30, ge=0, le=366, description="Days gone by that are still shown.")
    ahead: int = Field(365, ge=1, le=1100, description="Days to come that are shown.")
    enabled: bool = True


class CardDocument(Document):
    """A record as a card of an address book (vCard)."""

    type: Literal["card"]
    form: str
    display_name: Template = Field(description="The name of the person, or of the firm.")
    organization: Template = ""
    job_title: Template = ""
    mobiles: list[Name] = Field(default_factory=list, description="Fields with mobile numbers.")
    phones: list[Name] = Field(default_factory=list, description="Fields with other numbers.")
    emails: list[Name] = Field(default_factory=list, description="Fields with mail addresses.")
    address: Template = ""
    birthday: Name | None = Field(None, description="A field with a date.")
    note: Template = ""
    enabled: bool = True
