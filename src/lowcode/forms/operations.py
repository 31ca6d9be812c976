"""What can be asked of forms."""

from __future__ import annotations

from lowcode.kernel.contract import Operation

OPERATIONS: tuple[Operation, ...] = ()
