"""The contract of a kind of sign-in method: where a browser is sent, and what is made of it when it comes back.

A kind has a `name` (the word in `type` of a document of the folder `api`), a closed `model`, `begin` (the address the
browser is sent to) and `finish` (who it was, read from what the browser brought back). A kind may have six members
more: `leave` (the address that ends the session there too), `hear` (what of ours ends when one ended there), `lacks`
(what has to be installed for it), `connector` (the type of connector whose application it signs in by), `posts` (the
browser comes back by a POST of a form; the field of it that brings `state`) and `describe` (what the provider wants to
read of this app, as XML).

A kind does nothing on the network itself: `begin` and `finish` are generators that yield what they would ask (`Ask`)
and are sent the `Reply`. Addresses are guarded, answers kept, tokens of the application renewed and states checked by
the engine, and the engine alone decides which person of the directory is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import Field, model_validator

from lowcode.api.connectors.kind import Keys, Steps
from lowcode.kernel.definitions.documents import Document, Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.diagnostics import Text, localized

MEMBERS = ("model", "begin", "finish")
Reason = Literal[
    "cancelled", "expired", "setup", "unreachable", "untrusted", "unknown", "inactive", "taken", "ambiguous", "often",
]  # fmt: skip
"""Why nobody was signed in, as the page is told: a word of this list and never a text from outside."""


class CreateDocument(Part):
    """What somebody gets who is made when they sign in for the first time."""

    roles: list[str] = Field(default_factory=list)
    department: str | None = Field(None, description="The name of a department.")


class RolesDocument(Part):
    """Roles by what the service says of a person. At every sign-in the roles that stand here are given and taken;
    others stay as they are."""

    claim: str = Field(description="What is read of the person, such as `groups`: a text or a list of texts.")
    values: dict[str, list[str]] = Field(min_length=1, description="The roles for each value.")


class DepartmentDocument(Part):
    """The department by what the service says of a person."""

    claim: str
    values: dict[str, str] = Field(min_length=1, description="The name of the department for each value.")


class PeopleDocument(Part):
    """Which person of the directory is meant. Who was here before is known by the account; for the others this
    counts."""

    find: Literal["email", "phone", "nothing"] = Field(
        "email",
        description="By what somebody is found at first: an address or number that the service has verified. With "
        "`nothing` only accounts that an administrator linked (`api.link_account`).",
    )
    domains: list[str] = Field(
        default_factory=list, description="Addresses of these domains only; none means of any domain."
    )
    create: CreateDocument | None = Field(None, description="Makes who is not there yet; left out: they are refused.")
    roles: RolesDocument | None = None
    department: DepartmentDocument | None = None

    @model_validator(mode="after")
    def _domains_of_mail(self) -> PeopleDocument:
        if self.domains and self.find != "email":
            raise Unfit('\'domains\' belong to "find": "email"', 'domains 只与 "find": "email" 一起使用')
        return self


class SignInDocument(Document):
    """A service by which people sign in."""

    people: PeopleDocument = Field(default_factory=PeopleDocument)
    second_factor: Literal["ours", "theirs"] = Field(
        "ours",
        description="`theirs`: the service asks for a second factor itself, and ours is not asked for. `ours`: who has "
        "one, or needs one by their role, shows it here as with a password.",
    )
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Start:
    """What a sign-in begins with: words of chance for this one, and the address the browser comes back to."""

    state: str
    nonce: str
    challenge: str
    back: str
    connector: Any = None
    """The document of the connector by whose application people sign in, for kinds that name one."""
    agent: str = ""
    """What the browser calls itself: inside of a service's own app there is another way."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back, with what was kept of the beginning."""

    parameters: Mapping[str, str]
    nonce: str
    verifier: str
    back: str
    connector: Any = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who the service says it was. `account` never changes hands; `verified` names what of email and phone it vouches
    for; `values` is all that it says, for roles and departments. `known_as` is by what the service ends sessions of
    theirs, and `session` what it wants to hear when this one ends here."""

    account: str
    login: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    verified: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    known_as: str = ""
    session: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A session that ends here: `place` is the page to come back to, `back` where the sign-in came back to, `session`
    what was kept of it, and `nonce` a word of chance."""

    place: str
    back: str
    nonce: str
    session: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What a browser brought to `…/logout`: by an address, with its query as it was sent, or by a form (`posted`); or
    what the service brought itself (`envelope`)."""

    parameters: Mapping[str, str]
    query: str
    posted: bool
    back: str
    nonce: str
    envelope: bytes = b""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What follows from that: sessions that end (of whom the service knows by this word, begun until then, and of them
    those that `which` takes by what was kept of each), and where the browser goes; None: to the page. A service that
    came itself gets the `answer`."""

    known_as: str = ""
    until: datetime | None = None
    which: Callable[[Mapping[str, str]], bool] = lambda session: True
    go: str | None = None
    answer: bytes | None = None


class NotSignedIn(Exception):
    """Nobody is signed in. `reason` is what the page is told; `detail` is for those who look after the app, in the
    languages of the engine."""

    def __init__(self, reason: Reason, detail: Text) -> None:
        super().__init__(localized(detail))
        self.reason: Reason = reason
        self.detail = detail


class SignInKind(Protocol):
    """The contract of a kind of sign-in method."""

    @property
    def name(self) -> str:
        """The word an author writes as `type`."""
        ...

    @property
    def model(self) -> type[SignInDocument]:
        """What an author may write."""
        ...

    def begin(self, document: Any, start: Start, keys: Keys) -> Steps[str]:
        """The address the browser is sent to. Raises NotSignedIn."""
        ...

    def finish(self, document: Any, returned: Returned, keys: Keys) -> Steps[Person]:
        """Who it was. Raises NotSignedIn."""
        ...
