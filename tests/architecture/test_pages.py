"""The pages hold together: links lead somewhere, decisions are listed, changelog fragments can be gathered."""

from __future__ import annotations

from tools import pages


def test_pages() -> None:
    """What `make docs` checks."""
    assert pages.findings() == []
