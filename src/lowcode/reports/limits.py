"""How long a question may take, where somebody asks what nobody has asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.storage.guard import OutOfTime


@contextmanager
def timed(context: Context, seconds: float, refusal: Callable[[], Problem]) -> Iterator[None]:
    """Within this block each read is stopped after so many seconds, and refused. Where reads must be quick anyhow, it
    is asked again where it may take its time."""
    guard = context.unit.database.guard
    if guard.on:
        raise OutOfTime
    postgresql = context.unit.database.dialect_name == "postgresql"
    if postgresql:
        context.unit.command(f"SET statement_timeout = {int(seconds * 1000)}")
    try:
        with guard.quickly(seconds):
            yield
    except OutOfTime:
        raise Rejected(refusal()) from None
    finally:
        if postgresql:
            context.unit.command("RESET statement_timeout")
