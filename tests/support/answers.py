"""Every answer of every test is held to what its operation is said to answer, as far as a look at its first level can.

Agents and programs that write clients are told what is always in an answer; their libraries refuse what is otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from lowcode.context import WorkContext
from lowcode.kernel.answers import answer_schema
from lowcode.kernel.contract import Operation, Outcome

KINDS: Sequence[tuple[type | tuple[type, ...], str]] = (
    (bool, "boolean"), (int, "integer"), (float, "number"), (Mapping, "object"),
    ((str, bytes, date, time, Decimal), "string"), ((list, tuple, set, frozenset), "array"), (type(None), "null"),
)  # fmt: skip

PLAIN = WorkContext.answer
"""Not looked at: for tests of hosts that answer what they should not."""


def kind(value: Any) -> str:
    """What a value is called in JSON."""
    return next((name for type_, name in KINDS if isinstance(value, type_)), "something else")


def faults(schema: Mapping[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """What of a value is not as its schema says."""
    said = schema.get("type")
    if said is not None:
        taken, seen = [said] if isinstance(said, str) else said, kind(value)
        if seen not in taken and not (seen == "integer" and "number" in taken):
            yield f"{place or 'the answer'} is {seen}, not {said}"
            return
    if isinstance(value, Mapping):
        yield from (f"{place}/{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield from faults(part, value[name], f"{place}/{name}")
    if isinstance(value, (list, tuple)) and "items" in schema:
        for at, each in enumerate(value[:3]):
            yield from faults(schema["items"], each, f"{place}/{at}")


@pytest.fixture(scope="session", autouse=True)
def answers_as_they_are_said() -> Iterator[None]:
    """Looks at each answer of what can be asked from outside."""

    def looked_at(self: WorkContext, found: Operation, params: Any) -> Any:
        value = PLAIN(self, found, params)
        if found.access != "internal":
            schema = answer_schema(found.run)
            said = value.value if isinstance(value, Outcome) else value
            wrong = list(faults(schema, said)) if schema is not None else []
            assert not wrong, f"{found.name} answers otherwise than it says: {', '.join(wrong[:5])}"
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorkContext, "answer", looked_at)
        yield
