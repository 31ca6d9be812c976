"""Text as people send it."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.fields.kind import Coerce, Invalid

NOT_TEXT = {"en": "text is expected here", "zh-CN": "这里应填写文字"}


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


def short_text(coerce: Callable[[Any, Any], Any], options: Any) -> Coerce:
    """The short way to make values of a field of text: what is short enough, printable and composed already is only
    freed of the blanks at its ends."""
    limit = sys.maxsize if options.max_length is None else options.max_length
    composed = unicodedata.is_normalized

    def made(value: Any) -> Any:
        if value.__class__ is str and len(value) <= limit and value.isprintable() and composed("NFC", value):
            return value.strip() or None
        return coerce(value, options)

    return made
