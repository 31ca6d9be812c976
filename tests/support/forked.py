"""Processes that tests kill: forked from one that has read the modules and done nothing else.

Reading the library takes ten times as long as what such a process does before it dies.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from typing import Any

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "tests.faults.worker"])


def run_forked(work: Callable[..., object], *arguments: Any) -> int:
    """Call a function of a module in a process of its own and wait for its end; what it ended with, of a signal its
    number below zero."""
    process = PROCESSES.Process(target=_surrounded, args=({**os.environ}, work, arguments), daemon=True)
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _surrounded(environ: Mapping[str, str], work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    """With the environment of the test: that of the process it was forked from is older."""
    os.environ.clear()
    os.environ.update(environ)
    work(*arguments)
