"""Masks over values that are shown without being told, and keeping them from being taken for values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lowcode.kernel.diagnostics import Text

HIDDEN = "********"
CONFIDENTIAL = ("password", "secret")
"""Types of field that nobody is shown unasked."""
A_MASK: Text = {
    "en": "this is a mask, and not a value; leave it out to keep what is there, or write all of it",
    "zh-CN": "这是脱敏显示的内容，不是实际的值；如不修改请勿提交此项，否则请填写完整内容",
}
Check = Callable[[Any], bool]


class Untold:
    """What a value was of which is only known that it is another: it is like nothing else."""

    def __str__(self) -> str:
        return HIDDEN


def masked(value: Any, mask: str) -> str:
    """A value under a mask: enough of it left to recognise, too little to use."""
    text = str(value)
    match mask:
        case "phone":
            return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else HIDDEN
        case "id_card" | "card":
            return f"{text[:4]}{'*' * max(4, len(text) - 8)}{text[-4:]}" if len(text) >= 12 else HIDDEN
        case "email":
            name, _, host = text.partition("@")
            return f"{name[:1]}****@{host}" if host else HIDDEN
        case "name":
            return f"{text[:1]}****"
        case "address":
            return f"{text[:6]}****" if len(text) > 8 else HIDDEN
        case _:
            return HIDDEN


def is_mask(raw: Any, options: Any) -> bool:
    """Whether what was sent can only be a mask as the field shows it: such a thing is never its value."""
    if not isinstance(raw, str):
        return False
    if getattr(options, "type", None) in CONFIDENTIAL:
        return raw.strip() == HIDDEN
    return options.mask is not None and "****" in raw


def is_mask_of(raw: Any, value: Any, options: Any) -> bool:
    """Whether what was sent is the mask over this very value, and so means: as it is."""
    if value is None or not is_mask(raw, options):
        return False
    return isinstance(value, Untold) or masked(value, options.mask or "all") == raw
