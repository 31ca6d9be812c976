"""Shops for tests."""

from __future__ import annotations

from tests.api.app import open_shop, share_shop

__all__ = ["open_shop", "share_shop"]
