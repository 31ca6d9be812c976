"""Text as people send it."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.fields.kind import Invalid, Plain

NOT_TEXT = {"en": "text is expected here, not {seen}", "zh-CN": "这里应填写文字，而不是 {seen}"}
TOO_LONG = {"en": "at most {limit} characters, not {length}", "zh-CN": "最多 {limit} 个字，现有 {length} 个"}


UNSEEN = frozenset(
    map(
        chr,
        (0xAD, 0x61C, 0x180E, 0x200B, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
         *range(0xFFF9, 0xFFFC)),
    )
)  # fmt: skip
"""Characters that show nothing and tell two texts apart that everybody reads as one, or turn the order of those that
follow: they come along when somebody copies from a page or a workbook. What joins letters and pictures stays."""


def plain_text(value: Any) -> str:
    """Text in composed form, without blanks at its ends, control characters and what is not seen (`UNSEEN`)."""
    if type(value) is str and value.isascii() and value.isprintable():
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise Invalid("records.not-text", NOT_TEXT, seen=value)
    text = str(value)
    if not text.isprintable():
        text = "".join(each for each in text if each in "\n\t" or _shows(each))
    if not text.isascii():  # last: letter and accent meet where something between them is gone
        text = unicodedata.normalize("NFC", text)
    return text.strip()


def _shows(character: str) -> bool:
    return character not in UNSEEN and unicodedata.category(character) not in ("Cc", "Cs")


def plainly_text(limit: int | None) -> Plain:
    """Text that is short enough, printable and composed already is only freed of the blanks at its ends."""
    short = "" if limit is None else f" and len(v) <= {limit}"
    return Plain(
        f'v.__class__ is str{short} and v.isprintable() and (v.isascii() or {{composed}}("NFC", v))',
        "v.strip() or None", {"composed": unicodedata.is_normalized},
    )  # fmt: skip
