"""Several people of the directory, in an order."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key

from lowcode.kernel.records.fields.choices import ids_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.named import Named


class MembersDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["members"]
    role: str | None = Key(None, description="Only people with this role may be chosen.")


class Members(Named):
    """Several people of the directory, in an order."""

    name = "members"
    options = MembersDefinition
    of = "user"

    def coerce(self, value: Any, options: MembersDefinition) -> Any:
        """The value that was meant."""
        return ids_of(value)
