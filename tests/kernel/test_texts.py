"""Values in texts: said as the field they come from is read, in every language of the text or of the value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Place, Report
from tests.forms.firm import CUSTOMER, Firm, firm

FACTS = {
    "name": "恒启", "grade": "a", "head.grade": "b", "share": Decimal("0.0500"), "discount": Decimal("0.1250"),
    "budget": Decimal("43092.00"), "since": date(2026, 3, 2), "tags": ["x", "gone"], "phone": None,
}  # fmt: skip
COMPUTED = {"name": "discount", "type": "formula", "expression": "share / 2", "scale": 4, "format": "percent"}
TAGS = {"name": "tags", "type": "tags", "options": [{"name": "x", "title": {"zh-CN": "急", "en": "Urgent"}}]}


@pytest.fixture(scope="module")
def app() -> Iterator[Firm]:
    """Customers with tags that have words, and a computed share."""
    fields = [*(TAGS if each["name"] == "tags" else each for each in CUSTOMER["fields"]), COMPUTED]
    with firm("sqlite://", {**CUSTOMER, "fields": fields}) as found:
        yield found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"en": "{{ grade }}", "zh-CN": "级别{{ grade }}"}, {"en": "Key", "zh-CN": "级别重点"}),
        ({"en": "at {{ share }}, {{ discount }}"}, {"en": "at 5%, 12.5%"}),
        ("{{ head.grade }}", {"en": "Plain", "zh-CN": "普通"}),
        ("{{ tags }}", {"en": "Urgent、gone", "zh-CN": "急、gone"}),
        ("{{ budget > 1 }}", {"en": "yes", "zh-CN": "是"}),
        ("{{ name }} {{ budget }} {{ since }}{{ phone }}", "恒启 43,092.00 2026-03-02"),
        ('{{ grade & "!" }}', "a!"),
    ],
)
def test_a_value_is_said_as_its_field_is_read(app: Firm, text: Any, said: Any) -> None:
    """Options by their words, shares in percent, sums to the cent; what is calculated from them as it comes."""
    report = Report()
    template = app.host.app.scope.template(text, Place(), report, record="customer")
    assert not report.errors
    with app.host.session(app.host.actor("boss")) as context:
        assert said == template.render_all(FACTS, context.moment())
