"""Which checks of a record read values that follow other records (`upheld` asks them when those change)."""

from __future__ import annotations

from collections.abc import Set

from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.plan import Check, RecordType


def checks_over(record_type: RecordType, names: Set[str]) -> tuple[Check, ...]:
    """The checks that read one of these fields, be it through formulas that are computed when they are read."""
    return tuple(each for each in record_type.checks if names & _paths(record_type, each.expression))


def _paths(record_type: RecordType, expression: Expression) -> frozenset[str]:
    """What is read of the record itself: in place of each formula that is computed when it is read, what that reads."""
    computed = computed_when_read(record_type, expression)
    inner = (record_type.fields[name].expression for name in computed)
    return (expression.paths - computed).union(*(_paths(record_type, each) for each in inner if each))


def computed_when_read(record_type: RecordType, expression: Expression) -> frozenset[str]:
    """The formulas of the record itself that an expression reads and that no column keeps."""
    fields = record_type.fields
    return frozenset(
        name for name in expression.paths if name in fields and fields[name].expression and not fields[name].stored
    )
