"""Many conditions asked at once: the door to `expressions.fuse`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Expression, Moment

Fused = Callable[[Mapping[str, Any], "Moment", Mapping[str, Any]], list[Any]]


def fused(conditions: Sequence[tuple[Any, Expression | None]]) -> Fused:
    """A function that gives the keys of the conditions that are met, in order; no condition is always met."""
    asked = [(key, each.condition_function if each is not None else _always) for key, each in conditions]

    def ask(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any]) -> list[Any]:
        return [key for key, condition in asked if condition(record, moment, variables)]

    return ask


def _always(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any]) -> bool:
    return True
