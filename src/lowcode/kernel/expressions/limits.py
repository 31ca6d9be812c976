"""How large an expression may be, checked before it is understood."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on the text, on the tree and on what it reads."""

    bytes: int = 8192
    nodes: int = 500
    depth: int = 16
    hops: int = 4
    aggregates: int = 8


LIMITS = Limits()
