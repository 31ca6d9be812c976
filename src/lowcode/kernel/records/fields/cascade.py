"""A choice in steps, out of a tree of options: kept as the way to it, `software/database`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import Option, former_of, listed, words_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

NOT_ON_THE_WAY = {
    "en": "'{seen}' is not one of the options here: {known}",
    "zh-CN": "“{seen}”不在此级选项中：{known}",
}
NOT_AT_AN_END = {"en": "choose one step further: {known}", "zh-CN": "请选择到下一级：{known}"}


class Branch(Option):
    """An option, and those under it."""

    name: str = Key(min_length=1, max_length=60, pattern=r"^[^/>]+$")
    children: list[Branch] = Key(default_factory=list)


class CascadeDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["cascade"]
    options: list[Branch]
    any_level: bool = Key(False, description="A step that has others under it may be chosen too.")
    widget: Literal["cascader", "tree"] = "cascader"


class Cascade:
    """A choice in steps, out of a tree of options."""

    name = "cascade"
    options = CascadeDefinition

    def type(self, options: CascadeDefinition) -> Type:
        """One of the ways; STARTSWITH finds everything under a step."""
        return Type("choice", options=tuple(way for way, _, _ in listed(options)), former=former_of(options))

    def column(self, options: CascadeDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: CascadeDefinition) -> Any:
        """The way by keys, from keys or words, as a list or joined by `/` or `>`."""
        steps = value if isinstance(value, (list, tuple)) else str(value).replace(">", "/").split("/")
        way: list[str] = []
        level: Sequence[Branch] = options.options
        for step in (str(each).strip() for each in steps):
            if not step:
                continue
            found = next((each for each in level if step == each.name or step in words_of(each)), None)
            found = found or next((each for each in level if step == each.was), None)
            if found is None:
                known = ", ".join(each.name for each in level)
                raise Invalid("records.not-on-the-way", NOT_ON_THE_WAY, seen=step, known=known)
            way.append(found.name)
            level = found.children
        if level and way and not options.any_level:
            raise Invalid("records.not-at-an-end", NOT_AT_AN_END, known=", ".join(each.name for each in level))
        return "/".join(way) or None

    show = as_it_is
