"""Pictures kept with the record."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import NO_FILE, id_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.file_kinds import ACCEPT
from lowcode.kernel.storage.types import Json


class ImageDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["image"]
    max_files: int = Key(20, ge=1, le=200)
    max_size: int | None = Key(None, ge=1, description="The bytes one file may have.")
    accept: list[str] = Key(default_factory=list, description=ACCEPT)
    widget: Literal["pictures", "signature"] = "pictures"


class Image:
    """Pictures kept with the record."""

    name = "image"
    options = ImageDefinition

    def type(self, options: ImageDefinition) -> Type:
        """The type of its values."""
        return Type("multi")

    def column(self, options: ImageDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Json()

    def coerce(self, value: Any, options: ImageDefinition) -> Any:
        """The value that was meant."""
        values = value if isinstance(value, (list, tuple)) else [value]
        return list(dict.fromkeys(id_of(each, NO_FILE) for each in values if each not in (None, ""))) or None

    def show(self, value: Any, options: ImageDefinition) -> Any:
        """The value as JSON."""
        return list(value)
