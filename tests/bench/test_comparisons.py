"""Every comparison runs: both sides do their work on a small part of the data, and neither is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.__main__ import MODULES
from bench.harness import Size

TINY = Size(0.004, ("sqlite",))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_both_sides_of_every_comparison_run(name: str) -> None:
    """A benchmark that cannot run, or in which one side answers an error, measures nothing."""

    def compared() -> list[str]:
        found = []
        for comparison in MODULES[name](TINY):
            comparison.ours()
            comparison.other()
            found.append(comparison.name)
        return found

    with ThreadPoolExecutor(1) as thread:  # a browser's driver keeps an event loop in the main thread of a worker
        names = thread.submit(compared).result()
    assert names
    assert len(names) == len(set(names))
