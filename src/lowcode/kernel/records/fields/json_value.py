"""Any JSON value; for what other programs send."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.storage.types import Json


class JsonFieldDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["json"]


class JsonField:
    """Any JSON value; for what other programs send."""

    name = "json"
    options = JsonFieldDefinition

    def type(self, options: JsonFieldDefinition) -> Type:
        """The type of its values."""
        return Type("text")

    def column(self, options: JsonFieldDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Json()

    def coerce(self, value: Any, options: JsonFieldDefinition) -> Any:
        """The value that was meant."""
        return value

    show = as_it_is
