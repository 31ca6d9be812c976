"""A department of the directory."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import id_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.shown import as_whole

NO_DEPARTMENT = {"en": "'{seen}' is no department here: choose one", "zh-CN": "“{seen}”不是这里的部门，请选择一个"}


class DepartmentFieldDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["department"]


class DepartmentField:
    """A department of the directory."""

    name = "department"
    options = DepartmentFieldDefinition

    def type(self, options: DepartmentFieldDefinition) -> Type:
        """The type of its values."""
        return Type("record", record="department")

    def column(self, options: DepartmentFieldDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return BigInteger()

    def coerce(self, value: Any, options: DepartmentFieldDefinition) -> Any:
        """The value that was meant."""
        return id_of(value, NO_DEPARTMENT)

    show = as_whole
