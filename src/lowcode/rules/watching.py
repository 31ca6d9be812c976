"""Rules that watch saves: gathered per record type and kind of save, their conditions fused into one function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lowcode.rules.fusing import fused
from lowcode.rules.plan import OnRecord, Rule, SaveKind, Watch
from lowcode.rules.sieving import Sieve

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Expression
    from lowcode.kernel.records.plan import RecordType

Watches = dict[tuple[str, SaveKind], Watch]
KINDS: tuple[SaveKind, ...] = ("create", "update", "delete")


def watches(rules: Iterable[Rule], records: Mapping[str, RecordType]) -> tuple[Watches, Watches]:
    """The rules inside the save, and those after it, by (form, kind of save)."""
    gathered: dict[str, dict[tuple[str, SaveKind], list[Rule]]] = {"before": {}, "after": {}}
    for rule in sorted(rules, key=lambda each: (each.priority, each.name)):
        if isinstance(rule.trigger, OnRecord) and rule.form is not None:
            for kind in kinds_of(rule.trigger):
                gathered[rule.phase].setdefault((rule.form, kind), []).append(rule)
    before, after = (
        {key: _watch(found, records.get(key[0])) for key, found in gathered[phase].items()}
        for phase in ("before", "after")
    )
    return before, after


def kinds_of(trigger: OnRecord) -> tuple[SaveKind, ...]:
    """The saves at which a trigger can go off."""
    becoming = trigger.becomes is not None or trigger.entered is not None
    wanted = {
        "create": trigger.created or becoming,
        "update": trigger.updated or becoming or trigger.left is not None,
        "delete": trigger.deleted,
    }
    return tuple(kind for kind in KINDS if wanted[kind])


def _watch(rules: list[Rule], record_type: RecordType | None) -> Watch:
    own = tuple(rule for rule in rules if reads_only_record(rule.gate, record_type))
    linked = tuple(rule for rule in rules if rule not in own)
    sieves = Sieve(own, record_type), Sieve(linked, record_type)
    return Watch(fused([(rule, rule.gate) for rule in own]), own, linked, *sieves)


def reads_only_record(gate: Expression | None, record_type: RecordType | None) -> bool:
    """Whether a condition reads nothing but what a save has at hand: own stored fields and own lines."""
    if gate is None or record_type is None:
        return gate is None
    stored = {name for name, each in record_type.fields.items() if each.stored or each.expression is None}
    if not all("." not in path and (path in stored or path not in record_type.fields) for path in gate.paths):
        return False
    lines = {name: each.rows for name, each in record_type.fields.items() if each.rows is not None}
    return all(_reads_only_lines(lines.get(name), paths) for name, paths in gate.rows.items())


def _reads_only_lines(rows: Any, paths: Iterable[str]) -> bool:
    return rows is not None and all("." not in path for path in paths)
