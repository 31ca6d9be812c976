"""Yes or no."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Boolean as SqlBoolean
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid, Plain

WORDS = {"true": True, "1": True, "yes": True, "y": True, "是": True, "on": True,
         "false": False, "0": False, "no": False, "n": False, "否": False, "off": False}  # fmt: skip
NOT_BOOLEAN = {"en": "'{seen}' is neither yes nor no", "zh-CN": "“{seen}”既不是“是”也不是“否”"}


class BooleanDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["boolean"]
    widget: Literal["switch", "checkbox"] = "switch"


class Boolean:
    """Yes or no."""

    name = "boolean"
    options = BooleanDefinition

    def type(self, options: BooleanDefinition) -> Type:
        """The type of its values."""
        return Type("boolean")

    def column(self, options: BooleanDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return SqlBoolean()

    def coerce(self, value: Any, options: BooleanDefinition) -> Any:
        """The value that was meant."""
        if isinstance(value, bool):
            return value
        known = WORDS.get(str(value).strip().lower())
        if known is None:
            raise Invalid("records.not-boolean", NOT_BOOLEAN, seen=value)
        return known

    def plain(self, options: BooleanDefinition) -> Plain:
        """It is one or the other."""
        return Plain("v.__class__ is bool")

    def show(self, value: Any, options: BooleanDefinition) -> Any:
        """The value as JSON."""
        return bool(value)
