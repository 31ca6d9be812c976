"""What can be asked of the kernel itself."""

from __future__ import annotations

from collections.abc import Iterable

from lowcode.kernel.contract import Operation
from lowcode.kernel.records.operations import OPERATIONS as RECORDS


def kernel_operations() -> Iterable[Operation]:
    """Records, people, notices."""
    return (*RECORDS,)
