"""Coroutines in a thread of their own: the browser's driver keeps an event loop in the main thread of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine in a new thread and give its result."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(make())).result()
