"""How a kind says that a value is none of its own."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Text as Words


class Invalid(Exception):
    """A value is not one this field can hold. `code` and `message` are for the person; `values` fill the message."""

    def __init__(self, code: str, message: Words, **values: Any) -> None:
        self.code = code
        self.message = message
        self.values = values
        super().__init__(code)
