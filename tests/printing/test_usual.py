"""Values of fields are printed as people read them, where the template does not say how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lowcode.app import compile_app
from lowcode.engines import built_in
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.operations import kernel_operations
from lowcode.printing.blocks.formats import Locale, show
from lowcode.printing.blocks.usual import usual_of

CHINESE, ENGLISH = (Locale(tag, ZoneInfo("Asia/Shanghai")) for tag in ("zh-CN", "en"))
LETTER = "浙江省杭州市西湖区文三路 1 号"
CASES: list[tuple[dict[str, Any], Any, str, str]] = [
    ({"type": "percent"}, Decimal("0.125"), "12.5%", "12.5%"),
    ({"type": "completeness", "of": ["x"]}, Decimal(1), "100%", "100%"),
    ({"type": "formula", "expression": "1 / 4", "format": "percent"}, Decimal("0.25"), "25%", "25%"),
    ({"type": "date", "precision": "month"}, date(2026, 3, 1), "2026年3月", "Mar 2026"),
    ({"type": "date", "precision": "year"}, date(2026, 1, 1), "2026年", "2026"),
    ({"type": "duration"}, Decimal("90.00"), "1 小时 30 分", "1 h 30 min"),
    ({"type": "duration"}, Decimal("45.00"), "45 分钟", "45 min"),
    ({"type": "duration", "unit": "hours"}, Decimal(2), "2 小时", "2 h"),
    ({"type": "duration", "unit": "days"}, Decimal("1.5"), "1.5 天", "1.5 days"),
    (
        {"type": "address"},
        "浙江省/杭州市/西湖区 文三路 1 号",
        "浙江省杭州市西湖区文三路 1 号",
        "浙江省杭州市西湖区文三路 1 号",
    ),
    ({"type": "address", "abroad": True}, "12/3 High St", "12/3 High St", "12/3 High St"),
]
"""A field, a value of it, and how a paper says it in Chinese and in English."""


@pytest.mark.requirement("F4")
def test_fields_are_printed_as_they_are_read() -> None:
    """Each case in both languages; what has no way of its own is printed as any value of its type."""
    fields = [{"name": "x", "type": "text"}, *({"name": f"f{at}", **case[0]} for at, case in enumerate(CASES))]
    form = {"name": "it", "fields": fields, "permissions": [{"role": "all", "can": ["read"]}]}
    documents: dict[str, Any] = {"app.json": {"name": "a", "roles": [{"name": "all"}]}, "forms/it.json": form}
    report = Report()
    app = compile_app(load(documents, report), built_in(), kernel_operations(), report=report)
    assert str(report) == ""
    assert app is not None
    known = app.types["it"].fields
    said = []
    for at, case in enumerate(CASES):
        usual = usual_of(known[f"f{at}"])
        assert usual is not None
        said.append((*case[:2], usual(case[1], CHINESE), usual(case[1], ENGLISH)))
    assert said == CASES
    assert (usual_of(known["x"]), usual_of(None)) == (None, None)


def test_data_of_programs_is_printed_as_json() -> None:
    """An object has no words of its own."""
    assert show({"a": [1, 2]}, "auto", CHINESE) == '{"a":[1,2]}'
