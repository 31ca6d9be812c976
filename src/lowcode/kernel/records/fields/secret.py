"""A text that is encrypted where it is kept and never shown unasked: a key, an account, a note in confidence."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text


class SecretDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["secret"]
    max_length: int = 4000


class Secret:
    """A text that is encrypted where it is kept."""

    name = "secret"
    options = SecretDefinition

    def type(self, options: SecretDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: SecretDefinition) -> TypeEngine[Any] | None:
        """Text; the tables put the seal around it."""
        return Text()

    def coerce(self, value: Any, options: SecretDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if len(text) > options.max_length:
            raise Invalid("records.too-long", TOO_LONG, limit=options.max_length, length=len(text))
        return text or None

    show = as_it_is
