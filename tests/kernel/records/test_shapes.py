"""How expressions see record types while formulas become known."""

from __future__ import annotations

from collections import Counter

import pytest

from lowcode import Host
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions.shapes import RecordShape
from lowcode.kernel.records import formulas
from lowcode.kernel.records.plan import RecordType


def test_a_formula_that_becomes_known_changes_its_own_record_type_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shapes of an app are made once; each formula makes that of its own record type anew, and no other."""
    host = Host("examples/maintenance_app", "sqlite://")
    scope = host.app.scope
    host.close()
    made: Counter[str] = Counter()
    shape = RecordType.shape.fget  # type: ignore[attr-defined]

    def counted(record_type: RecordType) -> RecordShape:
        made[record_type.name] += 1
        found: RecordShape = shape(record_type)
        return found

    monkeypatch.setattr(RecordType, "shape", property(counted))
    formulas.resolve(scope, Report())
    asked = Counter(
        name
        for name, found in scope.records.items()
        for each in found.fields.values()
        if each.options_type in ("formula", "rollup")
    )
    assert asked.total() >= 3
    assert made <= asked
    assert dict(scope.shapes.records) == {
        **scope.shapes.records, **{name: shape(found) for name, found in scope.records.items()}
    }  # fmt: skip
