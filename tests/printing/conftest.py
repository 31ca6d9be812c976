"""Shops for tests, and one pool of worker processes for all of them: what a host draws with is begun once per run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lowcode.printing.outputs.worker.pool import Workers
from tests.api.app import open_shop, share_shop

__all__ = ["open_shop", "share_shop"]


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """The worker processes."""
    pool = Workers(count=1)
    yield pool
    pool.close()


@pytest.fixture(scope="session", autouse=True)
def pooled(workers: Workers) -> Iterator[None]:
    """Hosts that bring no workers of their own draw with these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lowcode.printing.engine.Workers", lambda: workers)
        yield
