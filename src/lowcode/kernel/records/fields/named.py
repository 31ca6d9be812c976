"""Several of the directory, named by their ids in an order: what fields of several people and departments share."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type

SEVERAL = frozenset({"links", "members", "departments"})
"""The words of the field types whose values stand in a table of their own: pairs of a record and what it names."""
DIRECTORY = {"member": "user", "members": "user", "department": "department", "departments": "department"}
"""What the fields that name somebody or something of the directory name."""


class Named:
    """Several of the directory."""

    of: ClassVar[str]

    def type(self, options: Any) -> Type:
        """The type of its values."""
        return Type("rows", record=self.of)

    def column(self, options: Any) -> TypeEngine[Any] | None:
        """They stand in a table of their own."""
        return None

    def show(self, value: Any, options: Any) -> Any:
        """The value as JSON."""
        return list(value)
