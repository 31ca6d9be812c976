"""How Chinese names are spelt in letters, where the library that knows it is installed (the extra `pinyin`). Pure.

Its dictionaries are read with the first name: they take a tenth of the time in which a host is imported, and most
processes spell nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.util import find_spec

KEPT = 20_000
"""So many names are remembered as they are spelt."""


@cache
def known() -> bool:
    """Whether the library that knows it is installed. Where it is not, the compiler says so of a field that asks."""
    return find_spec("pypinyin") is not None


def sounds(name: str, folded: Callable[[str], str] = str.casefold) -> Iterator[str]:
    """The pinyin of a name from each syllable on, whole and by initials."""
    if not known():
        return
    from pypinyin import lazy_pinyin

    syllables = [folded(each).replace("ü", "v") for each in lazy_pinyin(name, v_to_u=False, errors="ignore")]
    for index in range(len(syllables)):
        yield "".join(syllables[index:])
        yield "".join(each[0] for each in syllables[index:])


@lru_cache(KEPT)
def spelt(name: str) -> tuple[str, ...]:
    """The same of a name that is looked at again and again."""
    return tuple(sounds(name))
