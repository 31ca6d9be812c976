"""Several people of the directory, in an order."""

from __future__ import annotations

from typing import Any, Literal

from lowcode.kernel.records.fields.choices import ids_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.named import Named


class MembersDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["members"]


class Members(Named):
    """Several people of the directory, in an order."""

    name = "members"
    options = MembersDefinition
    of = "user"

    def coerce(self, value: Any, options: MembersDefinition) -> Any:
        """The value that was meant."""
        return ids_of(value)
