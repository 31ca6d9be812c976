"""An e-mail address."""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid, Plain
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import plain_text

ADDRESS = re.compile(r"^[^\s@<>\"',;]+@[^\s@<>\"',;]+\.[^\s@<>\"',;.]+$")
NOT_EMAIL = {
    "en": "'{seen}' is not an e-mail address (name@example.com)",
    "zh-CN": "“{seen}”不是邮箱地址（如 name@example.com）",
}


class EmailDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["email"]


class Email:
    """An e-mail address."""

    name = "email"
    options = EmailDefinition

    def type(self, options: EmailDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: EmailDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: EmailDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if text and not ADDRESS.match(text):
            raise Invalid("records.not-email", NOT_EMAIL, seen=text)
        return text.lower() or None

    def plain(self, options: EmailDefinition) -> Plain:
        """An address in plain letters."""
        return Plain(
            "v.__class__ is str and v.isascii() and v.isprintable() and {matches}(v)", "v.lower()",
            {"matches": ADDRESS.match},
        )  # fmt: skip

    show = as_it_is
