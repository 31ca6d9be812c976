"""What a part of a test asks of the database, counted at the driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.unit import Unit
from tests.flows.app import Office


@dataclass
class Cost:
    """What went to the database and came back."""

    statements: int = 0
    rows: int = 0
    texts: list[str] = field(default_factory=list)


@contextmanager
def counted(office: Office) -> Iterator[Cost]:
    """The statements that go to the driver within the block, and the rows that come back."""
    found = Cost()
    originals: dict[str, Any] = {}

    def watched(original: Any) -> Any:
        def run(unit: Unit, prepared: Prepared, *rest: Any, **more: Any) -> Any:
            answer = original(unit, prepared, *rest, **more)
            found.statements += 1
            found.texts.append(prepared.text)
            found.rows += len(answer) if isinstance(answer, list | tuple) else 0
            return answer

        return run

    with office.host.database.reading() as unit:
        own = type(unit)
    for name in ("rows", "execute", "write"):
        originals[name] = getattr(own, name)
        setattr(own, name, watched(originals[name]))
    try:
        yield found
    finally:
        for name, original in originals.items():
            setattr(own, name, original)
