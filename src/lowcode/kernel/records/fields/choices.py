"""Options, and ids of other records, as people send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field as Key

from lowcode.kernel.definitions import Part, Text
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.fields.kind import Invalid

NOT_AN_OPTION = {"en": "'{seen}' is not one of the options: {titles}", "zh-CN": "“{seen}”不在选项中：{titles}"}
SHOWN = 12
NOT_AN_ID = {"en": "'{seen}' does not name a record", "zh-CN": "“{seen}”不是一条记录"}


class Option(Part):
    """An option: the key that is stored, and its words."""

    name: str = Key(min_length=1, max_length=60)
    title: Text | None = None
    color: str | None = None


def one_of(value: Any, options: Sequence[Option]) -> str:
    """The key of the option that was meant: its key, or its words in any language."""
    text = str(value).strip() if isinstance(value, (str, int)) else value
    for option in options:
        if option.name == text:
            return option.name
    for option in options:
        titles = option.title.values() if isinstance(option.title, Mapping) else [localized(option.title)]
        if text in titles:
            return option.name
    titles = [option.title or option.name for option in options[:SHOWN]] + (["…"] if len(options) > SHOWN else [])
    known = [option.name for option in options]
    raise Invalid("records.not-an-option", NOT_AN_OPTION, seen=value, known=known, titles=titles)


def id_of(value: Any) -> int:
    """The id of a record: itself, or of an object that carries one."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53:
        return value
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    raise Invalid("records.not-an-id", NOT_AN_ID, seen=value)
