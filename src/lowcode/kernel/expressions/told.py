"""A sentence that is not said yet: its key and what stands in its slots, said in the language of whoever reads it.

Names, texts and numbers stand as they are; types, lists and sentences within a sentence are said in the same language.
What somebody typed is put in once and never looked through, so no text can be taken for a sentence or for a slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, Union

from lowcode.kernel.expressions.sentences import SENTENCES
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.unable import UNABLE
from lowcode.kernel.reasons import LANGUAGES

WORDS = {**SENTENCES, **UNABLE}
BETWEEN = {"list": (", ", ", "), "or": (" or ", "或"), "and": (" and ", " 和 ")}
"""What stands between several, in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Several:
    """Several values in one slot."""

    items: tuple[str | Type, ...]
    between: Literal["list", "or", "and"] = "list"

    def told(self, locale: str | None) -> str:
        """All of them as somebody reads them."""
        return BETWEEN[self.between][_chinese(locale)].join(_shown(each, locale) for each in self.items)


Value: TypeAlias = Union[str, int, Type, Several, "Sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The key of a sentence, and the values of its slots by their names."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def told(self, locale: str | None) -> str:
        """The sentence as somebody reads it."""
        words = WORDS[self.key][_chinese(locale)]
        return words.format_map({name: _shown(value, locale) for name, value in self.values.items()})

    @property
    def text(self) -> dict[str, str]:
        """The sentence in both languages."""
        return {language: self.told(language) for language in LANGUAGES}

    @property
    def plain(self) -> dict[str, object]:
        """Its values as JSON: what is said differently in each language stands in both."""
        return {name: _plain(value) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.told("en")


def say(key: str, **values: Value) -> Sentence:
    """A sentence of the catalogue with its slots filled."""
    return Sentence(key, values)


def several(*sentences: Sentence | None) -> dict[str, str]:
    """Some sentences, one behind the other, in both languages."""
    said = [each for each in sentences if each is not None]
    return {"en": " ".join(map(str, said)), "zh-CN": "".join(each.told("zh-CN") for each in said)}


def _chinese(locale: str | None) -> bool:
    return (locale or "").startswith("zh")


def _shown(value: Value, locale: str | None) -> str:
    return str(value) if isinstance(value, (str, int)) else value.told(locale)


def _plain(value: Value) -> object:
    if isinstance(value, (str, int)):
        return value
    said = {language: value.told(language) for language in LANGUAGES}
    return said["en"] if len({*said.values()}) == 1 else said
