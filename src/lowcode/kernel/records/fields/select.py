"""One of several options; the key is stored, the words are the definition's."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import ConditionalOption, former_of, one_of, plainly_one_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Plain
from lowcode.kernel.records.fields.shown import as_it_is


class SelectDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["select"]
    options: list[ConditionalOption]
    widget: Literal["select", "radio", "buttons"] = "select"


class Select:
    """One of several options; the key is stored, the words are the definition's."""

    name = "select"
    options = SelectDefinition

    def type(self, options: SelectDefinition) -> Type:
        """The type of its values."""
        return Type("choice", options=tuple(option.name for option in options.options), former=former_of(options))

    def column(self, options: SelectDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: SelectDefinition) -> Any:
        """The value that was meant."""
        return one_of(value, options.options)

    def plain(self, options: SelectDefinition) -> Plain:
        """A key as it is."""
        return plainly_one_of(options.options)

    show = as_it_is
