"""A role of the app, by its name."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.words import plain_text


class RoleDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["role"]


class RoleField:
    """A role of the app. That it is one is looked up when the record is saved: a field type knows no app."""

    name = "role"
    options = RoleDefinition

    def type(self, options: RoleDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: RoleDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: RoleDefinition) -> Any:
        """The value that was meant."""
        return plain_text(value) or None

    show = as_it_is
