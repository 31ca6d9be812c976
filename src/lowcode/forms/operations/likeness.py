"""How alike two names are: of firms, people, products; Chinese and Latin. Pure."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

LEGAL_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|公司|集团|（.*?）|\(.*?\)"
    r"|\b(co|ltd|limited|inc|incorporated|corp|corporation|company|gmbh|llc|plc|group|holdings?)\b\.?)"
)
GENERAL = re.compile(r"(中国|科技|技术|信息|网络|贸易|实业|发展|股份|有限)")
SEPARATORS = re.compile(r"[\s\W_]+")
ENOUGH = 0.72
PIECES = 8


def normal(text: str) -> str:
    """One form for what is written in several: width, case, blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def core(text: str) -> str:
    """What is left of a name without its legal form and punctuation; the name itself when nothing is left."""
    plain = normal(text)
    found = SEPARATORS.sub("", LEGAL_FORMS.sub(" ", plain))
    return found or SEPARATORS.sub("", plain) or plain


def pieces(text: str) -> list[str]:
    """Parts of a name of which one must occur in a name like it: words, or pairs of Chinese characters."""
    plain = LEGAL_FORMS.sub(" ", normal(text))
    found: list[str] = []
    for word in SEPARATORS.sub(" ", plain).split():
        if word.isascii():
            if len(word) > 1:
                found.append(word[:5])
        else:
            distinct = GENERAL.sub("", word)
            word = distinct if len(distinct) > 1 else word
            found.extend(word[index : index + 2] for index in range(max(1, len(word) - 1)))
    return list(dict.fromkeys(found))[:PIECES] or [plain]


def likeness(first: str, second: str) -> float:
    """Between 0 and 1; 1 for the same core, high when one contains the other."""
    one, other = core(first), core(second)
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return 0.0
    contained = 0.7 + 0.3 * len(shorter) / len(longer) if len(shorter) > 1 and shorter in longer else 0.0
    return max(contained, _shared(one, other), SequenceMatcher(None, one, other, autojunk=False).ratio())


def _shared(one: str, other: str) -> float:
    """The share of neighbouring pairs of characters that both have (Dice)."""
    pairs = {one[index : index + 2] for index in range(len(one) - 1)}
    others = {other[index : index + 2] for index in range(len(other) - 1)}
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0
