"""A record of one of several forms: what an activity is about, whatever that is. Kept as `customer/12`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import id_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

WRITTEN = re.compile(r"([a-z][a-z0-9_]*)/(\d{1,15})")
NOT_A_RECORD = {
    "en": "'{seen}' does not name a record of {known} ({example}/12)",
    "zh-CN": "“{seen}”不是 {known} 的记录（如 {example}/12）",
}


class LinkAnyDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["link_any"]
    to: list[str] = Key(min_length=1, description="The forms whose records may be named.")
    on_delete: Literal["keep", "restrict", "clear", "cascade"] = Key(
        "keep",
        description="What becomes of it when the record it names is deleted: the link stays (keep), that is refused "
        "(restrict), the link is emptied (clear), or this record is deleted with it (cascade).",
    )


class LinkAny:
    """A record of one of several forms."""

    name = "link_any"
    options = LinkAnyDefinition

    def type(self, options: LinkAnyDefinition) -> Type:
        """Text, `form/id`."""
        return Type("text")

    def column(self, options: LinkAnyDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: LinkAnyDefinition) -> Any:
        """The form and the id, from a text or from an object with `form` and `id`."""
        if isinstance(value, Mapping):
            form, identity = str(value.get("form") or ""), id_of(value)
        else:
            found = WRITTEN.fullmatch(str(value).strip())
            form, identity = (found[1], int(found[2])) if found else ("", 0)
        if form not in options.to or identity == 0:
            known = ", ".join(options.to)
            raise Invalid("records.not-a-record", NOT_A_RECORD, seen=value, known=known, example=options.to[0])
        return named(form, identity)

    show = as_it_is


def named(form: str, identity: int) -> str:
    """The value that names a record."""
    return f"{form}/{identity}"


def parts(value: str) -> tuple[str, int]:
    """The form and the id that a stored value names."""
    form, _, identity = value.partition("/")
    return form, int(identity)
