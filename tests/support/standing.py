"""What the browser tests of a worker share because it takes seconds to open, and what a second try begins anew with.

A test changes what it works on. When it fails half way, its second try (decision 0075) would find what the first one
left, and fail of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

import pytest

Thing = TypeVar("Thing")


class Standing:
    """Things that stay open until the worker ends, by name."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Any, ExitStack]] = {}

    def take(
        self, request: pytest.FixtureRequest, name: str, opens: Callable[[], AbstractContextManager[Thing]]
    ) -> Thing:
        """The thing of this name: as earlier tests left it, or a new one for a test that is tried again."""
        if name in self._open and getattr(request.node, "execution_count", 1) > 1:
            self._close(name)
        if name not in self._open:
            stack = ExitStack()
            self._open[name] = stack.enter_context(opens()), stack
        found: Thing = self._open[name][0]
        return found

    def _close(self, name: str) -> None:
        self._open.pop(name)[1].close()

    def close(self) -> None:
        """Everything, the last one first."""
        for name in reversed([*self._open]):
            self._close(name)


@pytest.fixture(scope="session")
def standing() -> Iterator[Standing]:
    """What stays open in this worker."""
    found = Standing()
    yield found
    found.close()
