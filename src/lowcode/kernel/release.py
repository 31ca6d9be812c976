"""Which version of the library is installed."""

from __future__ import annotations

import importlib.metadata


def release() -> str:
    """The version, as it is installed by."""
    try:
        return importlib.metadata.version("lowcode")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"
