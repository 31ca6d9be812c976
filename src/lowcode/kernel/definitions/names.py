"""What a name looks like, and the name an author most likely wants."""

from __future__ import annotations

import re

NAME = r"^[a-z][a-z0-9_]*$"
NAME_LENGTH = 48
"""Room for a prefix within PostgreSQL's 63 bytes."""


def as_name(words: str) -> str:
    """The name an author most likely wants for some words: `Quote Approval` → `quote_approval`."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", words).lower()
    return re.sub(r"^[^a-z]+|_+$", "", re.sub(r"[^a-z0-9]+", "_", plain))[:NAME_LENGTH] or "name"
