"""Every comparison runs: both sides do their work on a small part of the data, and neither is refused."""

from __future__ import annotations

from queue import Queue
from threading import Thread

import pytest

from bench.__main__ import MODULES
from bench.harness import Size

TINY = Size(0.001, ("sqlite",))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_both_sides_of_every_comparison_run(name: str) -> None:
    """A benchmark that cannot run, or in which one side answers an error, measures nothing."""

    def compared() -> list[str]:
        found = []
        for comparison in MODULES[name](TINY):
            for work in (comparison.ours, comparison.other):
                if comparison.before is not None:
                    comparison.before()
                work()
            found.append(comparison.name)
        return found

    # A browser's driver keeps an event loop in the main thread of a worker. A thread that does not end is left behind.
    done: Queue[list[str] | BaseException] = Queue()

    def work() -> None:
        try:
            done.put(compared())
        except BaseException as error:
            done.put(error)

    Thread(target=work, daemon=True).start()
    names = done.get(timeout=280)
    if isinstance(names, BaseException):
        raise names
    assert names
    assert len(names) == len(set(names))
