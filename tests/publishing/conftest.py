"""Shops for tests; each is closed when its test ends."""

from __future__ import annotations

from tests.api.app import open_shop

__all__ = ["open_shop"]
