"""`openapi`: a program that is described by an OpenAPI document (3.0, 3.1); rules and flows ask for its operations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.api.connectors.kind import Access, Message, SecretReference, TargetPart
from lowcode.api.offers import asking
from lowcode.api.offers.connected import connected
from lowcode.api.offers.security import Credential
from lowcode.kernel.definitions.wording import Unfit


class OpenapiDocument(TargetPart):
    """A program with an OpenAPI document. What is asked of it is said by whoever asks: the action `request` of rules,
    the node `request` of flows."""

    type: Literal["openapi"]
    url: str | SecretReference | None = Field(  # type: ignore[assignment]
        None, description="Where the program is; left out, a server of the document."
    )
    document: str | dict[str, Any] = Field(
        description="The document: a file of the app such as `openapi/billing.yaml`, or the document itself."
    )
    server: int = Field(0, ge=0, description="Which server of the document, counted from 0.")
    variables: dict[str, str] = Field(default_factory=dict, description="Values of variables in the server's address.")
    security: dict[str, Credential] = Field(
        default_factory=dict,
        description='What the security schemes of the document are filled with: `{"secret": NAME}` for a key or a '
        "bearer token, `user` and `password`, or `client` and `client_secret`.",
    )
    lenient: bool = Field(False, description="Takes answers that are not what the document says, as far as they go.")

    @model_validator(mode="after")
    def _of_the_document(self) -> OpenapiDocument:
        for name in ("method", "secret"):
            if name in self.model_fields_set:
                raise Unfit(f"'{name}' is said by the document; leave it out", f"“{name}”已由接口文档说明，请去掉")
        return self


class Openapi:
    """Requests by operation; what is kept of one is the operation and its values."""

    name = "openapi"
    model = OpenapiDocument
    understand = staticmethod(connected)

    def write(self, document: Any, message: Message) -> str:
        """The operation with its values, held against the document."""
        return asking.composed(document, message.values)

    def judge(self, document: Any, answer: str) -> None:
        """Answers are read by what they answer (`access.judge`)."""

    @property
    def access(self) -> Access:
        """The request is made just before it goes out; a token is asked for where the operation is asked with one."""
        return Access(asking.signed, asking.token_call, asking.token_in, wants=asking.wants_token, judge=asking.judged)


OPENAPI = Openapi()
