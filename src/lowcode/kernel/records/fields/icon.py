"""A picture out of the set that menus and forms use, by its name."""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
NOT_ICON = {"en": "'{seen}' is not the name of an icon", "zh-CN": "“{seen}”不是图标名称"}


class IconDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["icon"]


class Icon:
    """A picture out of the set that menus and forms use."""

    name = "icon"
    options = IconDefinition

    def type(self, options: IconDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: IconDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: IconDefinition) -> Any:
        """A name; which of them there are is the page's affair, and an unknown one shows the plain picture."""
        text = str(value).strip().lower()
        if not NAME.fullmatch(text):
            raise Invalid("records.not-icon", NOT_ICON, seen=value)
        return text

    show = as_it_is
