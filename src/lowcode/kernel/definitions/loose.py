"""Values as another language writes them: what was meant, and the fault to tell."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

from lowcode.kernel.definitions.tokens import Token
from lowcode.kernel.diagnostics import nearest

CONSTANTS = {"true": True, "false": False, "null": None}
_FOREIGN = {
    "True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null", "yes": "true", "no": "false",
}  # fmt: skip
TAB = {"en": "tab", "zh-CN": "制表符"}
_NO_NUMBERS = ("NaN", "nan", "Infinity", "inf", "Inf")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)?", re.DOTALL)

Fault = Callable[..., None]
"""Called with a message's key, the offset in the text, and the values of the message."""


def loose_value(token: Token, fault: Fault) -> Any:
    """The value that was meant by a token that is no JSON."""
    sort, text, start = token
    if sort == "loose_text":
        return _text(text, start, fault)
    if sort == "quoted":
        fault("quotes", start, seen=text, bare=text[1:-1].replace('"', '\\"'))
        return text[1:-1]
    if sort == "loose_word":
        return _word(text, start, fault)
    if sort == "loose_number":
        return _number(text, start, fault)
    fault("unexpected", start, seen=text)
    return None


def _word(text: str, start: int, fault: Fault) -> Any:
    if text.lstrip("+-") in _NO_NUMBERS:
        fault("not-a-number", start, seen=text)
        return None
    meant = _FOREIGN.get(text) or nearest(text, CONSTANTS)
    if meant:
        fault("word", start, seen=text, cure=meant)
        return CONSTANTS[meant]
    fault("unquoted", start, seen=text)
    return text


def _text(text: str, start: int, fault: Fault) -> str:
    if len(text) == 1 or not text.endswith('"'):
        fault("unclosed-text", start)
        return text[1:].rstrip(" \t\r,")
    for found in _ESCAPE.finditer(text, 0, len(text) - 1):
        escaped = found.group(1) or ""
        if len(escaped) != 5 and (not escaped or escaped not in '"\\/bfnrt'):
            fault("escape", start + found.start(), seen=found.group()[:6])
    for offset, character in enumerate(text):
        if character < " ":
            code = f"U+{ord(character):04X}"
            tab = character == "\t"
            what = TAB if tab else {"en": f"control character {code}", "zh-CN": f"控制字符 {code}"}
            cure = "\\t" if tab else f"\\u{ord(character):04x}, or remove it"
            fault("control-character", start + offset, seen=what, cure=cure)
    return text[1:-1]


def _number(text: str, start: int, fault: Fault) -> Any:
    value: Any = None
    with contextlib.suppress(ValueError):
        value = int(text, 0) if text.lstrip("+-")[:2].lower() in ("0x", "0b", "0o") else float(text)
    if isinstance(value, float):
        value = None if abs(value) == float("inf") else int(value) if value == int(value) else value
    fault("number", start, seen=text, cure="a number, or a text in quotes" if value is None else str(value))
    return value
