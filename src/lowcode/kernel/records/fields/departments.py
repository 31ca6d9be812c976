"""Several departments of the directory, in an order."""

from __future__ import annotations

from typing import Any, Literal

from lowcode.kernel.records.fields.choices import ids_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.named import Named


class DepartmentsDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["departments"]


class Departments(Named):
    """Several departments of the directory, in an order."""

    name = "departments"
    options = DepartmentsDefinition
    of = "department"

    def coerce(self, value: Any, options: DepartmentsDefinition) -> Any:
        """The value that was meant."""
        return ids_of(value)
