"""One line of text."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid, Plain
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text, plainly_text


class TextFieldDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["text"]
    max_length: int | None = 500


class TextField:
    """One line of text."""

    name = "text"
    options = TextFieldDefinition

    def type(self, options: TextFieldDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: TextFieldDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: TextFieldDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if "\n" in text or "\r" in text:
            text = " ".join(text.split())
        if options.max_length is not None and len(text) > options.max_length:
            raise Invalid("records.too-long", TOO_LONG, limit=options.max_length, length=len(text))
        return text or None

    def plain(self, options: TextFieldDefinition) -> Plain:
        """Short enough, printable and composed."""
        return plainly_text(options.max_length)

    show = as_it_is
