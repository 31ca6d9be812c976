"""The contract of a kind of connector: what may be written, what is sent, and what the answer means.

A kind has a `name` (the word in `type` of a document of the folder `api`), a closed `model` (an address with what the
service asks for beside it), `write`, which makes the body of one message, and `judge`, which reads the answer: services
that answer 200 and say in the text that they refused are told apart by it. Addresses are guarded, messages are signed,
tried again and listed by the engine; a kind does nothing on the network itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field, StringConstraints

from lowcode.kernel.definitions.documents import Document, Part

SECRET_NAME = r"^[A-Z][A-Z0-9_]*$"


class SecretReference(Part):
    """A secret by name; its value comes from the host and never stands in a document."""

    secret: Annotated[str, StringConstraints(pattern=SECRET_NAME, max_length=80)]


class TargetPart(Document):
    """Where to, and how it is proven who sent it."""

    url: str | SecretReference
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    secret: SecretReference | None = Field(None, description="Signs the message (Standard Webhooks).")
    headers: dict[str, str | SecretReference] = Field(default_factory=dict)
    timeout: int = Field(15, ge=1, le=60, description="Seconds.")
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the name of the connector, the instant, and the values a rule or flow gives."""

    connector: str
    at: datetime
    values: Mapping[str, Any]


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

    def judge(self, document: Any, answer: str) -> str | None:
        """Why the service refused, read from the text of an answer that looked like a yes; None when it did not."""
        ...
