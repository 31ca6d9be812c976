"""What it means when the database says that a value is there already."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.records import words
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.tables import index_name


def unique_problem(context: Context, record_type: RecordType, error: Exception) -> Conflict | None:
    """The refusal a driver's unique violation means, or None for another error."""
    broken = context.unit.database.is_unique_violation(error)
    return None if broken is None else _taken(record_type, broken)


def unique_problem_of(host: Any, error: Exception) -> Conflict | None:
    """The same for an error that came at the commit, when it is no longer known whose save it was."""
    broken = host.database.is_unique_violation(error)
    for record_type in host.types.values() if broken else ():
        if record_type.unique and record_type.table.name in (broken.partition("__")[0], broken.partition(".")[0]):
            return _taken(record_type, broken)
    return None


def _taken(record_type: RecordType, broken: str) -> Conflict:
    for rule in record_type.unique:
        plain_columns = ", ".join(f"{record_type.table.name}.{name}" for name in rule.fields)
        called = index_name(record_type.table.name, "unique", rule.fields)
        if broken.endswith(f"__unique_{rule.name}") or broken in (called, plain_columns):
            taken = words.problem("taken", f"/{rule.fields[0]}", fields=list(rule.fields))
            if rule.message is not None:
                taken = type(taken)(taken.code, rule.message, taken.pointer, taken.values)
            return Conflict(taken)
    return Conflict(words.problem("taken", ""))
