"""What was understood of the documents: intakes, targets, and what to watch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from lowcode.api.endpoints.plan import Endpoint
from lowcode.api.secret_uses import SecretUse, judged
from lowcode.kernel.diagnostics import Diagnostic, Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.requests.request import Part, made, read_by
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.api.connectors.kind import ConnectorKind
    from lowcode.api.definition_ldap import LdapDocument
    from lowcode.api.definition_organisation import OrganisationDocument
    from lowcode.api.sign_in.kind import SignInKind
    from lowcode.kernel.contract import Context

NEWEST = 2**62
"""Where a list that begins with the newest begins."""
Event = Literal["created", "updated", "deleted", "becomes"]


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """How a message proves who sent it: with a secret, and where the signature stands."""

    secret: Secret
    by: Literal["standard_webhooks", "hmac_sha256"]
    header: str = ""


@dataclass(frozen=True, slots=True)
class Adopt:
    """Records of another form that belong to the one made, once it is known who sent it."""

    form: str
    link: str
    by: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Intake:
    """One way in."""

    name: str
    title: Text
    form: str
    schema: Mapping[str, Any]
    values: Mapping[str, Expression]
    find: Mapping[str, str]
    duplicates: Literal["update", "refuse", "create", "link"]
    link: str | None
    public: bool
    origins: frozenset[str]
    honeypot: str | None
    limit: int
    run_as: str
    unknown: Literal["refuse", "blank"] = "refuse"
    adopt: tuple[Adopt, ...] = ()
    signed: Signed | None = None
    limit_total: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """One way out: a webhook's or a connector's address."""

    name: str
    title: Text
    url: str | Secret
    method: str
    secret: Secret | None
    headers: Mapping[str, str | Secret]
    timeout: int
    limit: int | None = None
    kind: ConnectorKind | None = None
    """Who writes the messages of a connector and reads the answers; a webhook has none."""
    document: Any = None
    """What an author wrote, or what its kind understood of it."""
    secrets: tuple[str, ...] = ()
    """The names of what it needs to prove who it is."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What sets a webhook off."""

    target: str
    form: str
    event: Event
    when: Expression | None
    fields: frozenset[str]
    body: Mapping[str, Part]

    @property
    def reads(self) -> tuple[Any, ...]:
        """All that it reads, for the condition and for what it tells."""
        return (*self.told, *((self.when,) if self.when is not None else ()))

    @property
    def told(self) -> tuple[Any, ...]:
        """What it reads for what it tells."""
        return tuple(each for part in self.body.values() for each in read_by(part))

    def message(self, facts: Mapping[str, Any], moment: Any) -> dict[str, Any]:
        """What it tells of a record."""

        def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
            return expression.evaluate(values, moment)

        return {
            name: evaluate(part, facts) if isinstance(part, Expression) else made(part, facts, evaluate)
            for name, part in self.body.items()
        }


@dataclass(frozen=True, slots=True)
class People:
    """Where an address is looked for, and what the record found gives to the new one."""

    form: str
    by: str
    sets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox whose letters become records."""

    name: str
    title: Text
    url: str | Secret | None
    every: timedelta
    people: tuple[People, ...]
    form: str
    values: Mapping[str, Expression]
    files: str | None
    user: str = ""
    password: Secret | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """Records as a calendar; the fields are those of its document."""

    name: str
    title: Text
    form: str
    where: str | None
    """As a filter of a list takes it: whose they are, and that they are in sight."""
    starts: str
    ends: str | None
    by_day: bool
    minutes: int
    summary: TextTemplate
    place: TextTemplate
    description: TextTemplate
    remind: int | None
    back: int
    ahead: int


@dataclass(frozen=True, slots=True)
class CardPlan:
    """A record as a card; the fields are those of its document."""

    name: str
    title: Text
    form: str
    display_name: TextTemplate
    organization: TextTemplate
    job_title: TextTemplate
    mobiles: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    address: TextTemplate
    birthday: str | None
    note: TextTemplate


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way to sign in by another service."""

    name: str
    title: Text
    kind: SignInKind
    document: Any
    connector: str | None = None
    """By whose application people sign in, and whose accounts theirs are; otherwise the accounts are its own."""

    @property
    def accounts(self) -> str:
        """Under which name accounts are kept."""
        return self.connector or self.name


@dataclass(frozen=True, slots=True)
class Directory:
    """One LDAP directory, and the secrets that it needs."""

    name: str
    title: Text
    document: LdapDocument
    secrets: tuple[str, ...]

    @property
    def accounts(self) -> str:
        """Under which name accounts are kept."""
        return self.name


@dataclass(frozen=True, slots=True)
class OrganisationPlan:
    """One organisation that is followed; `kind` and `secrets` are those of its connector or LDAP directory."""

    name: str
    title: Text
    connector: str
    kind: str
    every: timedelta
    document: OrganisationDocument
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiPlan:
    """The api of one app."""

    intakes: Mapping[str, Intake] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    watched: tuple[Watched, ...] = ()
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    sign_ins: Mapping[str, SignIn] = field(default_factory=dict)
    calendars: Mapping[str, CalendarPlan] = field(default_factory=dict)
    cards: Mapping[str, CardPlan] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    organisations: Mapping[str, OrganisationPlan] = field(default_factory=dict)
    directories: Mapping[str, Directory] = field(default_factory=dict)
    uses: Mapping[str, SecretUse] = field(default_factory=dict)

    def judged(self, host: Any, *before: ApiPlan) -> list[Diagnostic]:
        """What publishing would do with secrets that the host has not said, nor the app as it stands."""
        return judged(host, self.uses, [use for each in before for use in each.uses.values()])

    def of_form(self, form: str) -> tuple[Watched, ...]:
        """The webhooks that records of a form set off."""
        return tuple(each for each in self.watched if each.form == form)


def plan_of(context: Context) -> ApiPlan:
    """The plan of this engine."""
    found = context.app.plans["api"]
    assert isinstance(found, ApiPlan)
    return found
