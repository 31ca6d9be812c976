"""What `app.json` may say: the app as a whole."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key

from lowcode.kernel.definitions.documents import Document, Name, Part, Text


class RoleDefinition(Part):
    """A role people can have."""

    name: Name
    title: Text = ""


class MenuItem(Part):
    """One entry of a menu: a form (with a view), a dashboard, a report or the list of tasks."""

    form: str | None = None
    view: str | None = None
    dashboard: str | None = None
    report: str | None = None
    tasks: Literal[True] | None = None
    title: Text | None = None
    icon: str | None = None
    roles: list[str] | None = None


class MenuDefinition(Part):
    """A menu, for some roles or all."""

    title: Text
    icon: str | None = None
    roles: list[str] | None = None
    items: list[MenuItem]


class HomeDefinition(Part):
    """Where people of some roles begin; the first that fits counts."""

    roles: list[str] | None = None
    dashboard: str | None = None
    form: str | None = None
    view: str | None = None
    tasks: Literal[True] | None = None


class CalendarDefinition(Part):
    """When people work: hours by weekday, the holidays of a country with the days worked instead (调休), and what this
    app says of days beside them."""

    country: str | None = Key(
        None,
        pattern=r"^[A-Z]{2}$",
        description="Whose public holidays count (ISO 3166). CN comes with the library, others with its extra "
        "`holidays`.",
    )
    region: str | None = Key(None, description="A part of the country that has holidays of its own, such as BY in DE.")
    hours: dict[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], list[str]] = Key(
        default_factory=dict
    )
    holidays: list[str] = Key(default_factory=list, description="Further days that are free.")
    workdays: list[str] = Key(default_factory=list, description="Days that are worked whatever else is said of them.")


class MirrorDefinition(Part):
    """A copy of the data that answers reports about many records: a columnar file of each process (the extra `mirror`),
    or tables in a database that is made for such questions."""

    rows: int = Key(
        200_000, ge=0, description="From how many records of a form on its reports are answered by the copy."
    )
    warehouse: str | None = Key(
        None, pattern="^[A-Z][A-Z0-9_]*$",
        description="Name of the secret that holds the address (of SQLAlchemy) of the database where the copy is kept, "
        "once for all processes; without it each process keeps a file.",
    )  # fmt: skip


class SecondFactorDefinition(Part):
    """Who needs a second factor to sign in: a code of an authenticator app. Anybody may set one up for themselves."""

    roles: list[str] = Key(default_factory=list, description="Roles whose people cannot sign in without one.")
    remember_days: int = Key(
        30, ge=0, le=365, description="So long a browser is not asked again, if the person wishes; 0 is never."
    )
    grace_days: int = Key(
        0, ge=0, le=90,
        description="So long whoever needs one may still sign in without, from when they are first asked; 0 is not at "
        "all.",
    )  # fmt: skip


class TeamCalendarDefinition(CalendarDefinition):
    """When a team works, where that is not when the rest of the house does: deadlines of its people count by it."""

    name: Name
    title: Text = ""
    zone: str | None = Key(None, description="Its time zone, where it is not that of the app.")
    departments: list[str] = Key(
        default_factory=list, description="Departments of the directory by name, with those below them."
    )
    roles: list[str] = Key(
        default_factory=list, description="Roles whose people it is for, where no department says otherwise."
    )


class PartDefinition(Part):
    """A part of the app that is switched on and off as a whole: the documents that name it (`part`)."""

    name: Name
    title: Text = ""
    description: Text = ""
    needs: list[Name] = Key(
        default_factory=list, description="Parts it cannot be without: they are not switched off while it is on."
    )
    enabled: bool = Key(
        True, description="Whether it is switched on. Off, nothing of it is reached, and nothing is lost."
    )


class AppDefinition(Document):
    """The app as a whole: name, languages, roles, menus, calendar."""

    id: str | None = None
    description: Text = Key("", description="What it is for, for whoever looks for a package to install.")
    version: str = "0"
    zone: str = "UTC"
    currency: str = Key("CNY", pattern=r"^[A-Z]{3}$")
    fiscal_year_starts: int = Key(1, ge=1, le=12, description="The month in which the business year begins.")
    languages: list[str] = Key(default_factory=lambda: ["zh-CN", "en"], min_length=1)
    roles: list[RoleDefinition] = Key(default_factory=list)
    menus: list[MenuDefinition] = Key(
        default_factory=list, description="While there is none, every form that somebody may read stands in one."
    )
    home: list[HomeDefinition] = Key(default_factory=list)
    parts: list[PartDefinition] = Key(
        default_factory=list, description="What can be switched on and off; what names none of them is always there."
    )
    calendar: CalendarDefinition = Key(default_factory=CalendarDefinition)
    mirror: MirrorDefinition | None = None
    second_factor: SecondFactorDefinition = Key(default_factory=SecondFactorDefinition)
    keep_refusals_days: int = Key(90, ge=1, le=3650, description="How long what was refused is kept, to be looked at.")
    keep_days: dict[Name, int | None] = Key(
        default_factory=dict,
        description="How many days logs are kept, by log, where it is not as long as usual; `null` is for ever.",
        examples=[{"rule_runs": 90, "delivery_reads": None}],
    )
    calendars: list[TeamCalendarDefinition] = Key(
        default_factory=list, description="Calendars of teams, departments and regions; everybody else has `calendar`."
    )

    @property
    def called(self) -> Text:
        """What people read: its title, or its name while it has none."""
        return self.title or self.name
