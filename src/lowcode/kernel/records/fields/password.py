"""A password: only its hash is kept, nobody reads it back, and it can be asked whether one fits."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.identity.passwords import MINIMUM_LENGTH, hashed
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid

LONGEST = 200
TOO_SHORT = {"en": "at least {limit} characters", "zh-CN": "至少 {limit} 个字符"}


class PasswordDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["password"]
    min_length: int = Key(MINIMUM_LENGTH, ge=4, le=LONGEST)


class Password:
    """A password; stored as an argon2id hash."""

    name = "password"
    options = PasswordDefinition

    def type(self, options: PasswordDefinition) -> Type:
        """Text; expressions see the hash, so all they can ask is whether there is one."""
        return Type("text")

    def column(self, options: PasswordDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: PasswordDefinition) -> Any:
        """The hash of what was sent."""
        text = str(value)
        if not options.min_length <= len(text) <= LONGEST:
            raise Invalid("records.password-too-short", TOO_SHORT, limit=options.min_length)
        return hashed(text)

    def show(self, value: Any, options: PasswordDefinition) -> Any:
        """That there is one."""
        return True
