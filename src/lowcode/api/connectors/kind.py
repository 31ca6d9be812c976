"""The contract of a kind of connector: what may be written, what is sent, and what the answer means.

A kind has a `name` (the word in `type` of a document of the folder `api`), a closed `model` (an address with what the
service asks for beside it), `write`, which makes the body of one message, and `judge`, which reads the answer: services
that answer 200 and say in the text that they refused are told apart by it. A kind may have four members more:
`channel` (how people are reached by a document of it, for `api.message`), `access` (signatures and tokens the service
asks for), `people` (departments and people of the organisation behind it, for `api.sync`) and `understand` (what is
kept in place of a document, with the files of the app: operations that rules and flows can ask for).
Addresses are guarded, messages are signed, tried again and listed by the engine; a kind does nothing on the network
itself: what it wants to ask it returns, and what was answered it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, Field, StringConstraints

from lowcode.kernel.definitions.documents import Document, Part
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.reasons import Reasoned, both
from lowcode.kernel.requests import Offer

SECRET_NAME = r"^[A-Z][A-Z0-9_]*$"
Result = TypeVar("Result")
BUILT_IN_CHANNELS = ("app", "mail", "push")
"""The channels that are always there: a message by one of these names goes there, and never to a connector."""


class SecretReference(Part):
    """A secret by name; its value comes from the host and never stands in a document."""

    secret: Annotated[str, StringConstraints(pattern=SECRET_NAME, max_length=80)]


def secrets_of(document: BaseModel) -> tuple[str, ...]:
    """The secrets that a document names, each once, in the order in which it names them."""
    return tuple(dict.fromkeys(secrets_in(document)))


def secrets_in(value: Any) -> Iterator[str]:
    """The secrets that a value names, as often as it names them."""
    if isinstance(value, SecretReference):
        yield value.secret
    elif isinstance(value, BaseModel):
        for _, each in value:
            yield from secrets_in(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from secrets_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from secrets_in(each)


class TargetPart(Document):
    """Where to, and how it is proven who sent it."""

    url: str | SecretReference
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    secret: SecretReference | None = Field(None, description="Signs the message (Standard Webhooks).")
    headers: dict[str, str | SecretReference] = Field(default_factory=dict)
    timeout: int = Field(15, ge=1, le=60, description="Seconds.")
    limit: int | None = Field(None, ge=1, le=100_000, description="Messages a minute; what is more waits its turn.")
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the name of the connector, the instant, and the values a rule or flow gives."""

    connector: str
    at: datetime
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it goes out."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a message was refused, and what is to be done about it.

    `again`: it may pass later (after `wait` seconds, if given); `token`: the token is no longer good, a new one is
    asked for and the message sent at once; `setup`: somebody has to change something at the service or in the document;
    `content`: this message will never be taken; `partly`: it was taken, but not for everybody.
    """

    outcome: Literal["again", "token", "setup", "content", "partly"]
    reason: Text
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What a request is signed with: the values of secrets, this instant, the number of the message, the token."""

    secret: Callable[[str], str]
    now: datetime
    message: str = ""
    token: str = ""

    def value(self, written: str | SecretReference | None) -> str:
        """A text, or the value of the secret it names. Raises Rejected for a secret that is not set."""
        return self.secret(written.secret) if isinstance(written, SecretReference) else written or ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and for how many seconds it is good."""

    value: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Access:
    """How a service is convinced of who asks.

    `sign` puts what proves it on a request just before it goes out. Where the service wants a token first, `ask` is the
    request for one and `read` what its answer says. `explain` reads an answer with a status that is no yes.
    """

    sign: Callable[[Any, Call, Keys], Call]
    ask: Callable[[Any, Keys], Call] | None = None
    read: Callable[[Any, Reply], Token | Verdict] | None = None
    explain: Callable[[Any, Reply], Verdict | None] | None = None
    put: Callable[[Call, str], Call] | None = None
    """Puts the token on a request that is no message (`Ask.token`)."""
    first: Callable[[Any, Call, Keys], Steps[Call | Verdict]] | None = None
    """What is asked before the message itself goes out, and the message that comes of it: a picture is handed over."""
    wants: Callable[[Any, str], bool] | None = None
    """Whether a message needs the token; without it all do."""
    judge: Callable[[Any, str, Reply], Verdict | None] | None = None
    """Reads an answer of any status by the message it answers, instead of the kind's `judge` and of `explain`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request a kind would make. The answer may be kept for `keep` seconds; with `anew` a kept one is not wanted.

    `token`: it carries the token of the application, and an answer that says no ends the walk, unless it says no to
    what was asked and the kind wants to read that (`content`)."""

    call: Call
    keep: int = 0
    anew: bool = False
    token: bool = False
    content: bool = False


Steps = Generator[Ask, Reply, Result]
"""Yields requests, is sent the replies, returns the result."""


class Refused(Exception):
    """A service said no; `verdict` says why and what is to be done."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(localized(verdict.reason, "en"))
        self.verdict = verdict


LOOK = "查看"
"""What stands on a link when its sender says nothing."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for people: `to` are addresses of the channel's sort, none for everybody in a room."""

    to: tuple[str, ...]
    title: str
    text: str
    link: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What else the sender gave: the parameters of a text message's template, for instance."""
    look: str = LOOK
    """What stands on the link, in the language of the words."""
    buttons: tuple[Button, ...] = ()
    """What can be decided from the message; a channel without buttons shows the link alone."""
    status: str = ""
    """How it stands with what is asked for, where a message can show it."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something a message lets its reader do: words, and the address behind them."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What a message asked for was decided: the service's `answer` when it took the message, the `status` in words, and
    whether it was a yes, a no, or neither (`other`)."""

    answer: str
    status: str
    outcome: Literal["yes", "no", "other"]


@dataclass(frozen=True, slots=True)
class Channel:
    """How people are reached: by an `account` of the service, by `phone` or by `email`; a `room` reaches whoever is in
    it, and calls some by their phone. `say` makes the values of one message; `most` people fit into one. `show` makes
    those of a message to the same people that is a picture (PNG), None for one that the service does not take."""

    reach: Literal["account", "phone", "email", "room"]
    say: Callable[[Any, Notice], Mapping[str, Any]]
    most: int = 1
    show: Callable[[Any, Notice, bytes], Mapping[str, Any] | None] | None = None
    settle: Callable[[Any, Settled], Mapping[str, Any] | None] | None = None
    """The values of a message that makes an earlier one say that what it asked for is settled; None where the service
    cannot change it."""


class ConnectorKind(Protocol):
    """The contract of a kind of connector."""

    @property
    def name(self) -> str:
        """The word an author writes as `type`."""
        ...

    @property
    def model(self) -> type[TargetPart]:
        """What an author may write."""
        ...

    def write(self, document: Any, message: Message) -> str:
        """The body of a message, JSON as text. Raises ValueError when the values are not enough for one."""
        ...

    def judge(self, document: Any, answer: str) -> str | Verdict | None:
        """Why the service refused, read from the text of an answer that looked like a yes; None when it did not."""
        ...


def channel_of(kind: ConnectorKind | None, document: Any) -> Channel | None:
    """How people are reached by a connector; None for one that only programs listen to."""
    offered: Callable[[Any], Channel | None] | None = getattr(kind, "channel", None)
    return offered(document) if offered is not None else None


class Understood(Protocol):
    """What is kept in place of a document, and given to the kind instead of it: what the other program offers."""

    @property
    def url(self) -> str | SecretReference:
        """Where it is reached."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The operations it offers, as `kernel.requests.Offers` has them."""
        ...

    def get(self, name: str) -> Offer | Text | None:
        """One of them, why it cannot be asked, or None."""
        ...


Refuse = Callable[..., None]
"""Notes a finding of the api engine: `refuse(key, pointer, **values)`."""
Understand = Callable[[Any, Mapping[str, bytes], Refuse], Understood | None]


def understand_of(kind: ConnectorKind | None) -> Understand | None:
    """How the documents of a kind are understood; None for one that takes them as they are."""
    found: Understand | None = getattr(kind, "understand", None)
    return found


def access_of(kind: ConnectorKind | None) -> Access | None:
    """The signatures and tokens of a kind; None for one that is signed as a webhook is."""
    found: Access | None = getattr(kind, "access", None)
    return found


def needed(values: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises ValueError naming the values of a message that are missing."""
    missing = [name for name in names if values.get(name) in (None, "")]
    if missing:
        raise Reasoned(
            both(
                "a message needs " + ", ".join(f"'{name}'" for name in missing),
                "消息缺少" + "、".join(f"“{name}”" for name in missing),
            )
        )
