"""How a kind says that a value is none of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import LONGEST_SEEN
from lowcode.kernel.diagnostics import Text as Words


class Invalid(Exception):
    """A value is not one this field can hold. `code` and `message` are for the person; `values` fill the message."""

    def __init__(self, code: str, message: Words, **values: Any) -> None:
        self.code = code
        self.message = message
        self.values = {**values, "seen": _told(values["seen"])} if "seen" in values else values
        super().__init__(code)


def _told(seen: Any) -> Any:
    """What was seen as whoever sent it wrote it, and no more of it than is needed to know it again."""
    if isinstance(seen, (bool, list, tuple, Mapping)) or seen is None:
        seen = json.dumps(seen, ensure_ascii=False, default=str)
    if isinstance(seen, str) and len(seen) > LONGEST_SEEN:
        return f"{seen[:LONGEST_SEEN]}…"
    return seen
