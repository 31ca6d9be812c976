"""A web address."""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import plain_text

ADDRESS = re.compile(r"^https?://[^\s/?#]+\.[^\s/?#]+[^\s]*$", re.IGNORECASE)
NOT_URL = {"en": "'{seen}' is not a web address (http or https)", "zh-CN": "“{seen}”不是网址（http 或 https）"}


class UrlDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["url"]


class Url:
    """A web address."""

    name = "url"
    options = UrlDefinition

    def type(self, options: UrlDefinition) -> Type:
        """Text."""
        return Type("text")

    def column(self, options: UrlDefinition) -> TypeEngine[Any]:
        """TEXT: a length is a rule of the form, so that changing it changes no table."""
        return Text()

    def coerce(self, value: Any, options: UrlDefinition) -> Any:
        """Text without blanks at its ends; nothing left is blank."""
        text = plain_text(value)
        if not text:
            return None
        if not re.match(r"^[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
            text = f"https://{text}"
        if not ADDRESS.match(text):
            raise Invalid("records.not-url", NOT_URL, seen=text)
        return text

    show = as_it_is
