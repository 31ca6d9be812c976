"""What an operation is said to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import pytest

from lowcode.kernel.answers import answer_schema, has

SAID = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}


def count(context: Any, params: Any, more: int = 0) -> Annotated[dict[str, Any], has(count=int)]:
    return {"count": more}


@dataclass
class Counting:
    """A plug-in's operation that remembers something; equal ones have no hash."""

    more: int = 0

    def __call__(self, context: Any, params: Any) -> dict[str, Any]:
        return {"count": self.more}

    def counted(self, context: Any, params: Any) -> Annotated[dict[str, Any], has(count=int)]:
        return {"count": self.more}


class Slotted:
    """Nothing that could be remembered weakly."""

    __slots__ = ()

    def __call__(self, context: Any, params: Any) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize(
    ("run", "schema"),
    [(count, SAID), (partial(count, more=1), SAID), (Counting().counted, SAID), (Counting(), None), (Slotted(), None)],
)
def test_whatever_can_be_called_may_be_an_operation(run: Callable[..., Any], schema: Any) -> None:
    """Functions, methods, and what a plug-in calls itself: what says nothing of its answer has no schema."""
    assert schema == answer_schema(run) == answer_schema(run)
