"""Functions of text. Positions count characters from 1; the empty text is blank."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lowcode.kernel.expressions.functions.declaration import Blanks, Function
from lowcode.kernel.expressions.functions.patterns import refusal as refused
from lowcode.kernel.expressions.told import Sentence
from lowcode.kernel.expressions.values import to_text

SPACES = re.compile("[ \t\n\r\u00a0\u3000]+")
LONGEST = 8192
LARGEST = 100_000
"""No text grows beyond this by being substituted; the result is blank then, in every back end."""


def upper(text: str) -> str:
    """Capitals, one character for one, so that every back end agrees on the length."""
    return text.upper() if text.isascii() else "".join([u if len(u := c.upper()) == 1 else c for c in text])


def lower(text: str) -> str:
    """Small letters, one character for one and without regard to neighbours."""
    return text.lower() if text.isascii() else "".join([u if len(u := c.lower()) == 1 else c for c in text])


def proper(text: str) -> str:
    return "".join(upper(c) if i == 0 or not text[i - 1].isalpha() else lower(c) for i, c in enumerate(text))


def trim(text: str) -> str | None:
    return SPACES.sub(" ", text).strip(" ") or None


def left(text: str, count: Any = 1) -> str | None:
    return text[: int(count)] or None if count > 0 else None


def right(text: str, count: Any = 1) -> str | None:
    return text[-int(count) :] or None if count > 0 else None


def middle(text: str, start: Any, count: Any) -> str | None:
    if start < 1 or count < 1:
        return None
    return text[int(start) - 1 : int(start) - 1 + int(count)] or None


def substitute(text: str | None, old: str | None, new: str | None, nth: Any = None) -> str | None:
    if text is None or old is None:
        return text
    if nth is None:
        grown = len(text) + text.count(old) * (len(new or "") - len(old))
        return text.replace(old, new or "") or None if grown <= LARGEST else None
    pieces = text.split(old)
    if not 1 <= nth < len(pieces):
        return text
    at = int(nth)
    return old.join(pieces[:at]) + (new or "") + old.join(pieces[at:]) or None


def replace(text: str | None, start: Any, count: Any, new: str | None) -> str | None:
    if text is None or start is None or count is None or start < 1 or count < 0:
        return None
    at = int(start) - 1
    return text[:at] + (new or "") + text[at + int(count) :] or None


def repeat(text: str, times: Any) -> str | None:
    return text * int(times) or None if 0 < times * len(text) <= LONGEST else None


def find(needle: str, text: str, start: Any = 1) -> int | None:
    found = text.find(needle, int(start) - 1) if start >= 1 else -1
    return found + 1 if found >= 0 else None


def search(needle: str, text: str, start: Any = 1) -> int | None:
    return find(lower(needle), lower(text), start)


def contains(text: Any, part: str | None) -> bool:
    return bool(text) and part is not None and part in text


def starts_with(text: str | None, part: str | None) -> bool:
    return text is not None and part is not None and text.startswith(part)


def ends_with(text: str | None, part: str | None) -> bool:
    return text is not None and part is not None and text.endswith(part)


def text_before(text: str, part: str) -> str | None:
    return text.partition(part)[0] or None if part in text else None


def text_after(text: str, part: str) -> str | None:
    return text.partition(part)[2] or None


def pad_left(text: str | None, width: Any, filler: str | None = "0") -> str | None:
    if width is None or width > LONGEST:
        return None
    return (text or "").rjust(max(int(width), 0), (filler or " ")[0]) or None


def plain_pattern(pattern: str) -> str:
    """The pattern with classes written out, so that Python, PostgreSQL and JavaScript read it alike."""
    out, inside, escaped = [], False, False
    for character in pattern:
        if escaped:
            written = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r"}.get(character)
            out.append("\\" + character if written is None else written if inside else f"[{written}]")
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            inside = character == "[" or (inside and character != "]")
            out.append("[^\\n]" if character == "." and not inside else character)
    return "".join(out)


def refusal(pattern: str) -> Sentence | None:
    """Why a pattern is outside the safe subset, or None."""
    return refused(pattern, plain_pattern(pattern))


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    ends = re.sub(r"(\\.)|\$", lambda found: found.group(1) or r"\Z", plain_pattern(pattern))
    return re.compile(ends, re.ASCII)


def matches(text: str | None, pattern: str | None) -> bool:
    return text is not None and pattern is not None and compiled(pattern).search(text) is not None


PARTIAL, NEVER, OPEN = Blanks.PARTIAL, Blanks.NEVER, Blanks.OPEN
FUNCTIONS = (
    Function("LEN", "text:text", "integer", lambda text: len(text or ""), "How many characters.", NEVER),
    Function("LEFT", "text:text, count:integer?", "text", left, "The first characters.", PARTIAL),
    Function("RIGHT", "text:text, count:integer?", "text", right, "The last characters.", PARTIAL),
    Function("MID", "text:text, start:integer, count:integer", "text", middle, "Characters from a position.", PARTIAL),
    Function("UPPER", "text:text", "text", upper, "In capitals."),
    Function("LOWER", "text:text", "text", lower, "In small letters."),
    Function("PROPER", "text:text", "text", proper, "Each word with a capital."),
    Function("TRIM", "text:text", "text", trim, "Without outer spaces, inner ones single.", PARTIAL),
    Function(
        "CLEAN",
        "text:text",
        "text",
        lambda text: "".join([c for c in text if c >= " " and c != "\x7f"]) or None,
        "Without control characters.",
        PARTIAL,
    ),
    Function(
        "SUBSTITUTE",
        "text:text, old:text, new:text, nth:integer?",
        "text",
        substitute,
        "One text put for another, everywhere or at the nth place.",
        OPEN,
    ),
    Function(
        "REPLACE",
        "text:text, start:integer, count:integer, new:text",
        "text",
        replace,
        "Characters at a position replaced.",
        OPEN,
    ),
    Function("REPT", "text:text, times:integer", "text", repeat, "Repeated.", PARTIAL),
    Function(
        "FIND",
        "part:text, text:text, start:integer?",
        "integer",
        find,
        "Where a text stands in another, blank when nowhere.",
        PARTIAL,
    ),
    Function(
        "SEARCH",
        "part:text, text:text, start:integer?",
        "integer",
        search,
        "As FIND, capitals and small letters alike.",
        PARTIAL,
    ),
    Function("CONTAINS", "text:text|multi, part:text", "boolean", contains, "Whether a text holds another.", NEVER),
    Function("STARTSWITH", "text:text, part:text", "boolean", starts_with, "Whether a text begins so.", NEVER),
    Function("ENDSWITH", "text:text, part:text", "boolean", ends_with, "Whether a text ends so.", NEVER),
    Function("TEXTBEFORE", "text:text, part:text", "text", text_before, "What stands before a text.", PARTIAL),
    Function("TEXTAFTER", "text:text, part:text", "text", text_after, "What stands after a text.", PARTIAL),
    Function("PADLEFT", "text:text, width:integer, filler:text?", "text", pad_left, "Filled on the left.", OPEN),
    Function("MATCHES", "text:text, pattern:pattern", "boolean", matches, "Whether a text fits a pattern.", NEVER),
    Function(
        "TOTEXT",
        "value:number|text|boolean|date|datetime|time|choice|multi",
        "text",
        lambda value: to_text(value) or None,
        "Any value as plain text.",
    ),
)
