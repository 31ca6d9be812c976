"""Text with simple marks, kept as Markdown so that nothing in it can run."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import TOO_LONG, plain_text


class RichTextDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["rich_text"]
    max_length: int = 100000


class RichText:
    """Text with simple marks, kept as Markdown so that nothing in it can run."""

    name = "rich_text"
    options = RichTextDefinition

    def type(self, options: RichTextDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: RichTextDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: RichTextDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if len(text) > options.max_length:
            raise Invalid("records.too-long", TOO_LONG, limit=options.max_length, length=len(text))
        return text or None

    show = as_it_is
