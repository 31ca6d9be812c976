"""Several other records, in an order."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import ids_of
from lowcode.kernel.records.fields.kind import FieldDefinition


class LinksDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["links"]
    to: str
    filter: ExpressionText | None = Key(None, description="Which records may be chosen, asked of each of them.")
    widget: Literal["list", "tree"] = Key("list", description="tree: chosen from a tree that opens branch by branch.")
    matches: dict[str, ExpressionText] = Key(
        default_factory=dict, description="What of a chosen record must equal what of this one, unless that is blank."
    )
    on_delete: Literal["keep", "restrict", "clear"] = Key(
        "keep",
        description="What becomes of it when a record it names is deleted: that link stays (keep), that is refused "
        "(restrict), or that link is taken out (clear).",
    )


class Links:
    """Several other records, in an order."""

    name = "links"
    options = LinksDefinition

    def type(self, options: LinksDefinition) -> Type:
        """The type of its values."""
        return Type("rows", record=options.to)

    def column(self, options: LinksDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return None

    def coerce(self, value: Any, options: LinksDefinition) -> Any:
        """The value that was meant."""
        return ids_of(value)

    def show(self, value: Any, options: LinksDefinition) -> Any:
        """The value as JSON."""
        return list(value)
