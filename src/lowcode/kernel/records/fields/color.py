"""A colour, `#1677ff`."""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

SIX = re.compile(r"#?([0-9a-f]{6})")
THREE = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])")
NOT_COLOR = {"en": "'{seen}' is not a colour (#1677ff)", "zh-CN": "“{seen}”不是颜色（如 #1677ff）"}


class ColorDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["color"]


class Color:
    """A colour."""

    name = "color"
    options = ColorDefinition

    def type(self, options: ColorDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: ColorDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: ColorDefinition) -> Any:
        """Six small hexadecimal digits after a hash, from six or three."""
        text = str(value).strip().lower()
        if found := SIX.fullmatch(text):
            return f"#{found[1]}"
        if found := THREE.fullmatch(text):
            return "#" + "".join(each * 2 for each in found.groups())
        raise Invalid("records.not-color", NOT_COLOR, seen=value)

    show = as_it_is
