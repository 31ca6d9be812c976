"""What a form may say of its public faces: `public` in `forms/<name>.json`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from lowcode.kernel.definitions import Expression, Name, Part, Text
from lowcode.kernel.definitions.wording import Unfit

COLOR = r"^#[0-9a-fA-F]{6}$"
ORIGIN = r"^(\*|https?://[A-Za-z0-9*.\-]+(:\d{1,5})?)$"
MOMENT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d)?$"
ADDRESS = r"^https?://[^\s\"'<>;,]+$"


def closing(written: str) -> datetime:
    """The end of what is said to close: of a day, its midnight. After the last day there is none: it never closes."""
    end = datetime.fromisoformat(written)
    if "T" in written:
        return end
    return datetime.max if end.date() == date.max else end + timedelta(days=1)


class PublicField(Part):
    """A field as everybody sees it."""

    field: str
    title: Text | None = None
    help: Text | None = None
    required: bool = False
    where: Expression | None = Key(None, description="A link: which records may be chosen; everybody sees their names.")


class PublicTheme(Part):
    """How the page looks where it is shown."""

    color: str = Key("#1668dc", pattern=COLOR, description="Of the button and what is chosen.")
    background: str = Key("#f4f6f9", pattern=COLOR)
    radius: int = Key(8, ge=0, le=24, description="Of corners, in pixels.")
    logo: str | None = Key(None, pattern=ADDRESS, description="The address of a picture above the title.")


class PublicConsent(Part):
    """Something the visitor agrees to by ticking it; the words they saw are kept with their answer."""

    purpose: Name
    text: Text
    required: bool = True


class PublicConfirmation(Part):
    """Double opt-in: nothing becomes a record before the link in a letter was followed."""

    email: str = Key(description="The field with the address the letter goes to.")
    subject: Text
    text: Text = Key(description="What the letter says above the link.")
    hours: int = Key(48, ge=1, le=720, description="How long the link serves; what is not confirmed is then erased.")


class PublicTicket(Part):
    """A code the visitor takes along: a colleague scans it, and it is noted that they came."""

    set: dict[str, Expression] = Key(min_length=1, description='What a scan sets: `{"attended_at": "NOW()"}`.')
    show: list[str] = Key(default_factory=list, description="Fields shown to whoever scans it.")
    text: Text = Key("", description="What stands beside the code.")
    email: str | None = Key(None, description="The field with the address a letter with the ticket goes to.")
    subject: Text = ""


class PublicDefinition(Part):
    """The form as anybody may fill it in."""

    name: Name
    title: Text = ""
    text: Text = ""
    submit: Text = ""
    thanks: Text = ""
    redirect: str | None = Key(None, pattern=ADDRESS, description="Where the visitor goes afterwards.")
    fields: list[str | PublicField] = Key(
        min_length=1,
        description="What is asked for. Of a field for files a visitor may send ten of ten megabytes each, or less "
        "where the field says so (`max_files`, `max_size`, `accept`); of an `image` field PNG, JPEG, GIF and WebP.",
    )
    values: dict[str, Expression] = Key(
        default_factory=dict,
        description="What else the record holds, over `source` (utm_source, utm_medium, utm_campaign, utm_term, "
        "utm_content, referrer, page, key) and `consent.<purpose>`.",
    )
    origins: list[Annotated[str, StringConstraints(pattern=ORIGIN)]] = Key(
        default_factory=list, description="Sites whose pages may show the form in a frame, as https://www.example.com."
    )
    theme: PublicTheme = Key(default_factory=PublicTheme)
    consent: list[PublicConsent] = Key(default_factory=list)
    confirm: PublicConfirmation | None = None
    ticket: PublicTicket | None = None
    duplicates: Literal["create", "keep", "fill", "link"] = Key(
        "create",
        description="When the record is there already by the form's exact rules: another one, nothing, fill in what is "
        "blank, or another one that names the earlier. The visitor is told the same in every case.",
    )
    link: str | None = Key(None, description="With duplicates `link`: the field that names the earlier record.")
    opens: str | None = Key(None, pattern=MOMENT, description="From when on it is open, in the zone of the app.")
    closes: str | None = Key(
        None, pattern=MOMENT, description="Until when it is open; a day counts whole, a time is the end."
    )
    most: int | None = Key(
        None,
        ge=1,
        description="So many submissions it takes from `opens` on, those that wait to be confirmed among them.",
    )
    closed: Text = Key("", description="What is said instead of the form when it is not open.")
    limit: int = Key(10, ge=1, le=1000, description="Submissions a minute from one address.")
    limit_total: int = Key(
        3000, ge=1, le=1_000_000, description="Submissions a minute from all addresses together."
    )  # fmt: skip
    labour: int = Key(13, ge=0, le=22, description="Bits of work a browser does before it may send; 0 for none.")
    seconds: int = Key(2, ge=0, le=60, description="Who sends sooner than this after the page came is no person.")
    run_as: str = Key("app", description="`app`, or the login of a person.")

    @model_validator(mode="after")
    def _link(self) -> PublicDefinition:
        if (self.duplicates == "link") != (self.link is not None):
            raise Unfit("'link' belongs to duplicates \"link\"", 'link 只在 duplicates 为 "link" 时使用')
        return self

    @model_validator(mode="after")
    def _open(self) -> PublicDefinition:
        try:
            until = closing(self.closes) if self.closes is not None else datetime.max
            if self.opens is not None and datetime.fromisoformat(self.opens) >= until:
                raise Unfit("'closes' comes before 'opens'", "closes 早于 opens")
        except ValueError as error:
            if isinstance(error, Unfit):
                raise
            raise Unfit("there is no such day", "没有这一天") from error
        return self

    @property
    def placed(self) -> list[PublicField]:
        """The fields, each as an object."""
        return [each if isinstance(each, PublicField) else PublicField(field=each) for each in self.fields]
