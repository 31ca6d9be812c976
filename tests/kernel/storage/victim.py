"""Applies the second version of a case and kills itself on the way."""

from __future__ import annotations

import json
import os
import signal

from lowcode import publishing
from tests.kernel.storage.firm import CASES, opened


def die(url: str, case: str, large: int, point: int) -> None:
    """Die at the so-manieth word of progress."""
    told = 0

    def progress(_words: dict[str, str], _done: int, _total: int) -> None:
        nonlocal told
        told += 1
        if told == point:
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(url, json.loads((CASES / f"{case}.json").read_text("utf-8"))["after"]) as host:
        publishing.apply(host, publishing.plan(host, large=large), ["*"], progress)
