"""Options, and ids of other records, as people send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field as Key

from lowcode.kernel.definitions import Color, Part, Text
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.fields.kind import Invalid, Plain
from lowcode.kernel.texts import whole_in

NOT_AN_OPTION = {"en": "'{seen}' is not one of the options: {titles}", "zh-CN": "“{seen}”不在选项中：{titles}"}
SHOWN = 12
NOT_AN_ID = {"en": "'{seen}' does not name a record", "zh-CN": "“{seen}”不是一条记录"}
NO_FILE = {"en": "'{seen}' is no file that was uploaded", "zh-CN": "“{seen}”不是已上传的文件"}


class Option(Part):
    """An option: the key that is stored, and its words."""

    name: str = Key(min_length=1, max_length=60)
    title: Text | None = None
    color: Color | None = None
    was: str | None = Key(
        None, max_length=60, description="The former name: records that hold it hold the new one when it is applied."
    )


class ConditionalOption(Option):
    """An option that is offered under a condition: the key that is stored, its words, and when it may be chosen."""

    when: ExpressionText | None = None


def conditional(options: Any) -> Iterator[tuple[str, str, str]]:
    """The options that are offered under a condition: key, pointer within the field, condition."""
    for index, each in enumerate(getattr(options, "options", None) or ()):
        if getattr(each, "when", None) is not None:
            yield each.name, f"/options/{index}/when", each.when


def one_of(value: Any, options: Sequence[Option]) -> str:
    """The key of the option that was meant: its key, or its words in any language."""
    text = str(value).strip() if isinstance(value, (str, int)) else value
    for option in options:
        if option.name == text:
            return option.name
    for option in options:
        if text in words_of(option):
            return option.name
    for option in options:  # what was written before it had another name: a file, a draft, a program
        if option.was is not None and option.was == text:
            return option.name
    shown: list[Text] = [option.title or option.name for option in options[:SHOWN]] + (
        ["…"] if len(options) > SHOWN else []
    )
    known = [option.name for option in options]
    raise Invalid("records.not-an-option", NOT_AN_OPTION, seen=value, known=known, titles=shown)


def plainly_one_of(choices: Sequence[Option]) -> Plain:
    """The key of an option, sent as it is."""
    keys = {option.name: option.name for option in choices if option.name == option.name.strip()}
    return Plain("v.__class__ is str and v in {keys}", "{keys}[v]", {"keys": keys})


def words_of(option: Option) -> Sequence[str]:
    """The words of an option, in every language."""
    return list(option.title.values()) if isinstance(option.title, Mapping) else [localized(option.title)]


def listed(options: Any) -> Iterator[tuple[str, Text, str | None]]:
    """What a field may hold by its options: key, words and colour; of a tree the ways to its options, of tags the
    tags of every dimension, of a state field its states."""
    for each in (*(getattr(options, "states", None) or ()), *(getattr(options, "options", None) or ())):
        if getattr(each, "children", None):
            yield from _ways(each, each.name, each.title or each.name, bool(options.any_level))
        else:
            yield each.name, each.title or each.name, each.color
    for group in getattr(options, "dimensions", None) or ():
        for each in group.options:
            yield each.name, each.title or each.name, each.color or group.color


def former_names(options: Any) -> dict[str, str]:
    """What options were called before, by their names now; of a tree, ways to them."""
    listed = [*(getattr(options, "states", None) or ()), *(getattr(options, "options", None) or ())]
    listed += [each for group in getattr(options, "dimensions", None) or () for each in group.options]
    return dict(_former(listed, "", ""))


def former_of(options: Any) -> tuple[tuple[str, str], ...]:
    """Former names and those of now, as a type knows them."""
    return tuple((was, name) for name, was in former_names(options).items())


def _former(listed: Sequence[Any], now: str, before: str) -> Iterator[tuple[str, str]]:
    for each in listed:
        name, was = f"{now}{each.name}", f"{before}{each.was or each.name}"
        if name != was:
            yield name, was
        yield from _former(getattr(each, "children", None) or (), f"{name}/", f"{was}/")


def _ways(branch: Any, way: str, words: Text, any_level: bool) -> Iterator[tuple[str, Text, str | None]]:
    if any_level or not branch.children:
        yield way, words, branch.color
    for each in branch.children:
        yield from _ways(each, f"{way}/{each.name}", _joined(words, each.title or each.name), any_level)


def _joined(first: Text, second: Text) -> Text:
    """Two words with a stroke between them, in every language of either."""
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}/{second}"
    languages = [*(first if isinstance(first, Mapping) else ()), *(second if isinstance(second, Mapping) else ())]
    return {each: f"{localized(first, each)}/{localized(second, each)}" for each in dict.fromkeys(languages)}


def id_of(value: Any, words: Text = NOT_AN_ID) -> int:
    """The id of a record: itself, or of an object that carries one. `words` say that it is none."""
    sent = value
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)  # 7.0 is a whole number in JSON, and some programs write it so
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53:
        return value
    if isinstance(value, str) and 0 < (whole_in(value.strip()) or 0) < 2**53:
        return int(value)
    raise Invalid("records.not-an-id", words, seen=sent)


PLAINLY_ID = Plain("v.__class__ is int and 0 < v < 2**53")
"""Of a field that names one record."""


def ids_of(value: Any) -> list[int]:
    """The ids of several, each once, in the order in which they were sent."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return list(dict.fromkeys(id_of(each) for each in values if each not in (None, "")))
