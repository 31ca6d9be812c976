"""What is searched, as words: text to the tokens of an index, and what a person typed to what is looked for. Pure.

Chinese is cut into pairs of characters, each character beginning one, so that any two that stand together are found,
and one alone as the beginning of a pair. Words and numbers are found from their beginning; in short texts (names,
numbers, addresses) from anywhere, because every end of them is a token. Where a field asks for it, names are also found
by their pinyin, whole or by its initials, from any syllable on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lowcode.kernel.storage.pinyin import known, sounds

HAN = re.compile(
    r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
SHORTEST, LONGEST_WORD, LONGEST_NAME, LONGEST_TEXT = 3, 40, 40, 100_000
TERMS = 8
"""How many words of what was typed are looked for."""
NOTHING = "0nothing0"
"""A token that no text has: what a search for punctuation looks for."""


def folded(text: str) -> str:
    """A text as it is compared: full-width as half-width, without case, accents and doubled blanks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold())
    without = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(unicodedata.normalize("NFC", without).split())


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """The runs of a folded text: (whether it is Chinese, the characters); what is neither letter nor digit divides."""
    for word in re.findall(r"[^\W_]+", text):
        position = 0
        for found in HAN.finditer(word):
            if found.start() > position:
                yield False, word[position : found.start()]
            yield True, found.group()
            position = found.end()
        if position < len(word):
            yield False, word[position:]


def tokens(text: str, *, short: bool = True, pinyin: bool = False) -> list[str]:
    """The tokens of a folded text. `short`: words are found by any end of them, too."""
    found: dict[str, None] = {}
    for chinese, run in runs(text):
        if chinese:
            found.update(dict.fromkeys(run[index : index + 2] for index in range(len(run))))
            if pinyin and len(run) <= LONGEST_NAME:
                found.update(dict.fromkeys(sounds(run, folded)))
        else:
            word = run[:LONGEST_WORD]
            ends = range(1, len(word) - SHORTEST + 1) if short else ()
            found.update(dict.fromkeys((word, *(word[index:] for index in ends))))
    return list(found)


def sound(text: str) -> str:
    """How a name with Chinese characters is spoken, as its pinyin is looked for; blank for one without, or of a single
    syllable, which sounds like too many."""
    found = [(chinese, run) for chinese, run in runs(folded(text))]
    syllables = sum(len(run) for chinese, run in found if chinese)
    if not known() or syllables < 2:
        return ""
    return "".join(next(sounds(run, folded), "") if chinese else run for chinese, run in found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person typed: the tokens that must be there (`prefix`: as a beginning), and the Chinese runs longer than
    a pair, which have to stand together."""

    terms: tuple[tuple[str, bool], ...]
    together: tuple[str, ...]
    whole: str


def wanted(text: str) -> Wanted:
    """What is looked for."""
    whole = folded(text)
    terms: dict[tuple[str, bool], None] = {}
    together = []
    for chinese, run in list(runs(whole))[:TERMS]:
        if not chinese:
            terms[(run[:LONGEST_WORD], True)] = None
        elif len(run) == 1:
            terms[(run, True)] = None
        else:
            terms.update(dict.fromkeys((run[index : index + 2], False) for index in range(min(len(run), 20) - 1)))
            if len(run) > 2:
                together.append(run)
    return Wanted(tuple(terms), tuple(together), whole)


def fts5(found: Wanted) -> str:
    """As SQLite's FTS5 asks."""
    return " AND ".join(f'"{term}"{"*" if prefix else ""}' for term, prefix in found.terms or ((NOTHING, False),))


def tsquery(found: Wanted) -> str:
    """As PostgreSQL's tsquery asks."""
    return " & ".join(f"'{term}'{':*' if prefix else ''}" for term, prefix in found.terms or ((NOTHING, False),))


def like(text: str) -> str:
    """A text within a LIKE pattern, with `\\` as the escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def joined(texts: Iterable[str]) -> str:
    """Folded texts as one, each on a line of its own, so that a beginning can be told from a middle."""
    lines = [each for each in texts if each]
    return "\n" + "\n".join(lines) + "\n" if lines else ""
