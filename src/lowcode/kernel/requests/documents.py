"""What may be written of a request."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Name, Part


class RequestPart(Part):
    """A request to another program, by a connector that knows what it offers (`openapi`)."""

    connector: Name
    operation: str = Field(description="What is asked: an operationId, or method and path (`GET /customers/{id}`).")
    parameters: dict[str, Any] = Field(
        default_factory=dict,
        description="Values by name: an expression, a number, true, false, a list or an object of these. A name that "
        "stands in several places is written with its place: `query.id`.",
    )
    body: Any = Field(
        None,
        description='The body: an expression, or an object of parts; `{"for_each": "items", "body": {…}}` is a list '
        "with an entry for each row.",
    )
    inside: str = Field("", description="The part of the answer that is read: names and numbers with points between.")
    set: dict[str, Expression] = Field(
        default_factory=dict, description="Fields by expressions over the record and `answer`, once it is answered."
    )
    refused: dict[str, Expression] = Field(
        default_factory=dict,
        description="Fields by expressions over the record, `refusal.status` and `refusal.reason`, once it is refused "
        "for good.",
    )
