"""Free words to find a record by; those listed are offered."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import Option
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.storage.types import Json


class TagsDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["tags"]
    options: list[Option] = Key(default_factory=list)


class Tags:
    """Free words to find a record by; those listed are offered."""

    name = "tags"
    options = TagsDefinition

    def type(self, options: TagsDefinition) -> Type:
        """The type of its values."""
        return Type("multi")

    def column(self, options: TagsDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Json()

    def coerce(self, value: Any, options: TagsDefinition) -> Any:
        """The value that was meant."""
        values = value if isinstance(value, (list, tuple, set, frozenset)) else str(value).replace("，", ",").split(",")
        words = list(dict.fromkeys(" ".join(str(each).split()) for each in values))
        return [word for word in words if word] or None

    def show(self, value: Any, options: TagsDefinition) -> Any:
        """The value as JSON."""
        return list(value)
