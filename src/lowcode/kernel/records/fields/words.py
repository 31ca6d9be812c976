"""Text as people send it."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.fields.kind import Invalid, Plain

NOT_TEXT = {"en": "text is expected here", "zh-CN": "这里应填写文字"}
TOO_LONG = {"en": "at most {limit} characters, not {length}", "zh-CN": "最多 {limit} 个字，现有 {length} 个"}


def plain_text(value: Any) -> str:
    """Text in composed form, without blanks at its ends and without control characters."""
    if type(value) is str and value.isascii() and value.isprintable():
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise Invalid("records.not-text", NOT_TEXT, seen=value)
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))
    return text.strip()


def plainly_text(limit: int | None) -> Plain:
    """Text that is short enough, printable and composed already is only freed of the blanks at its ends."""
    short = "" if limit is None else f" and len(v) <= {limit}"
    return Plain(
        f'v.__class__ is str{short} and v.isprintable() and (v.isascii() or {{composed}}("NFC", v))',
        "v.strip() or None", {"composed": unicodedata.is_normalized},
    )  # fmt: skip
