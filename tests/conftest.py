"""The fixtures every test may ask for."""

from __future__ import annotations

import pytest

pytest_plugins = [
    "tests.support.postgresql",
    "tests.support.browser",
    "tests.support.mail",
    "tests.support.requirements",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they drive, and keep those of one file that share a browser on one worker."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "chromium" in names:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser-{item.path.name}"))
        if "postgresql_server" in names:
            item.add_marker(pytest.mark.postgresql)
