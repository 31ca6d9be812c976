"""How Chinese names are spelt in letters, where the library that knows it is installed (the extra `pinyin`). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

pypinyin: Any
try:
    import pypinyin
except ImportError:  # the compiler says so where a field asks for it
    pypinyin = None

KEPT = 20_000
"""So many names are remembered as they are spelt."""


def known() -> bool:
    """Whether the library that knows it is installed."""
    return pypinyin is not None


def sounds(name: str, folded: Callable[[str], str] = str.casefold) -> Iterator[str]:
    """The pinyin of a name from each syllable on, whole and by initials."""
    if pypinyin is None:
        return
    syllables = [folded(each).replace("ü", "v") for each in pypinyin.lazy_pinyin(name, v_to_u=False, errors="ignore")]
    for index in range(len(syllables)):
        yield "".join(syllables[index:])
        yield "".join(each[0] for each in syllables[index:])


@lru_cache(KEPT)
def spelt(name: str) -> tuple[str, ...]:
    """The same of a name that is looked at again and again."""
    return tuple(sounds(name))
