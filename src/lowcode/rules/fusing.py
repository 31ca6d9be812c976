"""Many conditions asked at once: the door to `expressions.fuse`, for rules of which some have no condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from lowcode.kernel.expressions import fuse

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Expression, Moment

Key = TypeVar("Key")
Fused = Callable[[Mapping[str, Any], "Moment", Mapping[str, Any]], list[Any]]


def fused(conditions: Sequence[tuple[Key, Expression | None]]) -> Fused:
    """A function that gives the keys of the conditions that are met, in order; no condition is always met."""
    keys = [key for key, _ in conditions]
    always = [position for position, (_, each) in enumerate(conditions) if each is None]
    asked = [(position, each) for position, (_, each) in enumerate(conditions) if each is not None]
    if not asked:
        return lambda record, moment, variables: list(keys)
    ask_all = fuse(asked)

    def ask(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any]) -> list[Any]:
        met = ask_all(record, moment, variables)
        return [keys[position] for position in (sorted([*met, *always]) if always else met)]

    return ask
