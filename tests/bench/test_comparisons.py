"""Every comparison runs: both sides do their work on a small part of the data, and neither is refused."""

from __future__ import annotations

import pytest

from bench.__main__ import MODULES
from bench.harness import Size

TINY = Size(0.004, ("sqlite",))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_both_sides_of_every_comparison_run(name: str) -> None:
    """A benchmark that cannot run, or in which one side answers an error, measures nothing."""
    names = []
    for comparison in MODULES[name](TINY):
        comparison.ours()
        comparison.other()
        names.append(comparison.name)
    assert names
    assert len(names) == len(set(names))
