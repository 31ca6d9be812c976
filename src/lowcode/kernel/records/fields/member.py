"""A person of the directory."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import PLAINLY_ID, id_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Plain
from lowcode.kernel.records.fields.shown import as_whole

NOBODY = {"en": "'{seen}' is nobody here: choose a person", "zh-CN": "“{seen}”不是这里的人员，请选择一位"}


class MemberDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["member"]
    role: str | None = Key(None, description="Only people with this role may be chosen.")


class Member:
    """A person of the directory."""

    name = "member"
    options = MemberDefinition

    def type(self, options: MemberDefinition) -> Type:
        """The type of its values."""
        return Type("user", record="user")

    def column(self, options: MemberDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return BigInteger()

    def coerce(self, value: Any, options: MemberDefinition) -> Any:
        """The value that was meant."""
        return id_of(value, NOBODY)

    def plain(self, options: MemberDefinition) -> Plain:
        """An id as it is."""
        return PLAINLY_ID

    show = as_whole
