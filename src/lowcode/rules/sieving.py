"""Which rules a change can set off at all, by the fields that changed: the others are not asked.

A rule that fires when something becomes true is not set off where that was true before. What it reads of the record is
the same before and after where none of those fields changed, and it is asked of both at one moment; so the answer is
known without asking. Only what is provable is left out: a rule whose condition reads records around this one, or a
value that no change names, is always asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lowcode.rules.plan import OnRecord, Rule

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

KEPT = 256
"""So many sets of fields are remembered; what changes together is mostly the same few fields."""


class Sieve:
    """The rules of one kind of save, in order, and which of them are left for some changed fields."""

    def __init__(self, rules: Iterable[Rule], record_type: RecordType | None) -> None:
        self._rules = [(rule, edge_reads(rule, record_type)) for rule in rules]
        named = [_fields_of(rule) | (reads or frozenset()) for rule, reads in self._rules]
        self._named = frozenset().union(*named)
        self._known: dict[frozenset[str], tuple[Rule, ...]] = {}

    def __call__(self, changed: frozenset[str]) -> tuple[Rule, ...]:
        """The rules that a change of these fields can set off."""
        key = changed & self._named
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            found = self._known[key] = tuple(rule for rule, reads in self._rules if _can_go_off(rule, reads, key))
        return found


def edge_reads(rule: Rule, record_type: RecordType | None) -> frozenset[str] | None:
    """The fields without a change of which the edge of a rule stays as it is; None where nothing is provable."""
    edge = rule.edge
    if edge is None or record_type is None or edge.rows:
        return None
    found = frozenset(path.split(".")[0] for path in (*edge.paths, *edge.old))
    fields = (record_type.fields.get(name) for name in found)
    if not all(each is not None and (each.stored or each.expression is None) for each in fields):
        return None
    return found


def _fields_of(rule: Rule) -> frozenset[str]:
    """The fields that its trigger names."""
    trigger = rule.trigger
    assert isinstance(trigger, OnRecord)
    return trigger.fields | ({trigger.left.field} if trigger.left is not None else frozenset())


def _can_go_off(rule: Rule, reads: frozenset[str] | None, changed: frozenset[str]) -> bool:
    trigger = rule.trigger
    assert isinstance(trigger, OnRecord)
    counts = (
        trigger.becomes is not None
        or trigger.entered is not None
        or (trigger.updated and (not trigger.fields or bool(trigger.fields & changed)))
        or (trigger.left is not None and trigger.left.field in changed)
    )
    return counts and (reads is None or bool(reads & changed))
