"""What rows that are saved together read of the records they link to: asked for once for all of them.

Only what a save of one of these rows cannot change is looked up so: fields of other forms that are kept there as they
were entered. What follows the rows themselves (roll-ups, and what is computed of them) each row has to see as the row
before left it, so it is asked for when it is read, and then the rows are saved one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import lineage_of
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.plan import RecordType

Load = Callable[[Context, str, Sequence[int], Needs], dict[int, dict[str, Any]]]
Found = dict[int, dict[str, Any]]


class Ahead:
    """Facts of linked records, by form and by what is needed of them."""

    def __init__(self, context: Context, record_type: RecordType, ids: Mapping[str, Iterable[int]]) -> None:
        self._types: Mapping[str, RecordType] = context.host.types
        self._host: Any = context.host
        self._own = record_type.name
        self._ids = {target: sorted(set(found)) for target, found in ids.items()}
        self.used = False
        """Whether any row read what was looked up so."""
        self._known: dict[tuple[str, Needs, bool], Found | None] = {}

    def facts(self, context: Context, target: str, ids: Sequence[int], needs: Needs, load: Load) -> Found | None:
        """What is needed of some records, or None where it has to be asked for now."""
        key = (target, needs, context.actor.is_app)
        if key not in self._known:
            self._known[key] = self._load(context, target, needs, load)
        found = self._known[key]
        if found is None or any(each not in found for each in ids):
            return None
        self.used = True
        return {each: dict(found[each]) for each in ids}

    def _load(self, context: Context, target: str, needs: Needs, load: Load) -> Found | None:
        listed = self._ids.get(target)
        if not listed or needs.rows or not all(self._stays(target, path) for path in needs.paths):
            return None
        unit = context.unit
        asked = unit.statements
        found = load(context, target, listed, needs)
        unit.statements = asked  # no row asked for it
        return found

    def _stays(self, target: str, path: str) -> bool:
        """Whether saves of these rows leave alone what a path reads."""
        path, above = lineage_of(path)
        current: str | None = target
        for name in path.split(".") if path else ():
            record_type = self._types.get(current or "")
            if record_type is None:
                return current in ("user", "department")
            if record_type.name == self._own or record_type.parent is not None:
                return False
            field = record_type.fields.get(name)
            if field is not None and (not field.stored or field.name in self._moving(record_type)):
                return False
            current = (field.target or field.type.target) if field is not None else "user"
        return not above or current != self._own

    def _moving(self, record_type: RecordType) -> frozenset[str]:
        return frozenset(each.name for each in self._host.save_plan(record_type).gathered)


@contextmanager
def ahead(context: Context, record_type: RecordType, ids: Mapping[str, Iterable[int]]) -> Iterator[Ahead]:
    """Look ahead while some rows are looked at, and no longer: what is written then is read anew."""
    unit = context.unit
    made = unit.ahead = Ahead(context, record_type, ids)
    try:
        yield made
    finally:
        unit.ahead = None
