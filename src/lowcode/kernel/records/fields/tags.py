"""Free words to find a record by; those listed are offered."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Color, Part, Text
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import Option, words_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.storage.types import Json

NOT_A_TAG = {"en": "'{seen}' is not one of the tags: {known}", "zh-CN": "“{seen}”不在标签中：{known}"}
ONE_OF_A_DIMENSION = {
    "en": "one tag of '{dimension}' at most, not {seen}",
    "zh-CN": "“{dimension}”最多选一个标签，现有 {seen}",
}


class Dimension(Part):
    """A group of tags: what is said by one of them is of one sort (how hot, what role)."""

    name: str = Key(min_length=1, max_length=60)
    title: Text | None = None
    one: bool = Key(False, description="At most one tag of the group.")
    color: Color | None = None
    options: list[Option] = Key(min_length=1)


class TagsDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["tags"]
    options: list[Option] = Key(default_factory=list)
    dimensions: list[Dimension] = Key(default_factory=list, description="Tags in groups; a tag stands in one of them.")
    free: bool = Key(True, description="Words that are not listed may be added.")


class Tags:
    """Free words to find a record by; those listed are offered."""

    name = "tags"
    options = TagsDefinition

    def type(self, options: TagsDefinition) -> Type:
        """The type of its values."""
        return Type("multi")

    def column(self, options: TagsDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Json()

    def coerce(self, value: Any, options: TagsDefinition) -> Any:
        """The value that was meant."""
        values = value if isinstance(value, (list, tuple, set, frozenset)) else str(value).replace("，", ",").split(",")
        words = list(dict.fromkeys(" ".join(str(each).split()) for each in values))
        listed = [*options.options, *(each for group in options.dimensions for each in group.options)]
        keys = {each.was: each.name for each in listed if each.was}
        keys |= {word: each.name for each in listed for word in (each.name, *words_of(each))}
        kept = list(dict.fromkeys(keys.get(word, word) for word in words if word))
        for word in kept:
            if not options.free and word not in keys:
                known = ", ".join(each.name for each in listed)
                raise Invalid("records.not-a-tag", NOT_A_TAG, seen=word, known=known)
        for group in options.dimensions:
            chosen = [each.name for each in group.options if each.name in kept]
            if group.one and len(chosen) > 1:
                words_ = {"dimension": localized(group.title or group.name), "seen": ", ".join(chosen)}
                raise Invalid("records.one-of-a-dimension", ONE_OF_A_DIMENSION, **words_)
        return kept or None

    def show(self, value: Any, options: TagsDefinition) -> Any:
        """The value as JSON."""
        return list(value)
