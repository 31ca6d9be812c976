"""Another record; its id is stored."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import PLAINLY_ID, id_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Plain
from lowcode.kernel.records.fields.shown import as_whole


class LinkDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["link"]
    to: str
    filter: ExpressionText | None = Key(None, description="Which records may be chosen, asked of each of them.")
    matches: dict[str, ExpressionText] = Key(
        default_factory=dict, description="What of the chosen record must equal what of this one, unless that is blank."
    )
    widget: Literal["list", "tree"] = Key("list", description="tree: chosen from a tree that opens branch by branch.")
    on_delete: Literal["keep", "restrict", "clear", "cascade"] = Key(
        "keep",
        description="What becomes of it when the record it names is deleted: the link stays (keep), that is refused "
        "(restrict), the link is emptied (clear), or this record is deleted with it (cascade).",
    )


class Link:
    """Another record; its id is stored."""

    name = "link"
    options = LinkDefinition

    def type(self, options: LinkDefinition) -> Type:
        """The type of its values."""
        return Type("record", record=options.to)

    def column(self, options: LinkDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return BigInteger()

    def coerce(self, value: Any, options: LinkDefinition) -> Any:
        """The value that was meant."""
        return id_of(value)

    def plain(self, options: LinkDefinition) -> Plain:
        """An id as it is."""
        return PLAINLY_ID

    show = as_whole
