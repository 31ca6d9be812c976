"""One pool of processes that draw papers, for every host of a worker.

Such a process reads for a second before it draws, and most hosts of tests draw one paper. Tests of the pool make their
own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lowcode.printing.outputs.worker.pool import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """The pool; its process starts with the first paper."""
    pool = Workers(count=1)
    yield pool
    pool.close()


@pytest.fixture(scope="session", autouse=True)
def pooled(workers: Workers) -> Iterator[None]:
    """Hosts that bring no workers of their own draw with these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lowcode.printing.engine.Workers", lambda: workers)
        yield
