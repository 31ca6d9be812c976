"""Media types as whoever sends something writes them."""

from __future__ import annotations


def plain_type(sent: str) -> str:
    """A media type without its parameters, in small letters, as it is compared and kept."""
    return sent.partition(";")[0].strip().lower()
