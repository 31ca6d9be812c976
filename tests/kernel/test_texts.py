"""Values in texts: said as the field they come from is read, in every language of the text or of the value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Place, Problem, Report
from lowcode.kernel.texts import whole_in
from tests.forms.firm import CUSTOMER, Firm, firm

FACTS = {
    "name": "恒启", "grade": "a", "head.grade": "b", "share": Decimal("0.0500"), "discount": Decimal("0.1250"),
    "budget": Decimal("43092.00"), "since": date(2026, 3, 2), "tags": ["x", "gone"], "phone": None,
    "price": Decimal("12.0000"), "coin": "CHF", "head.price": Decimal("7.5025"), "head.coin": None,
    "deposit": Decimal("-0.50"), "margin": Decimal("-1200.40"),
}  # fmt: skip
COMPUTED = [
    {"name": "discount", "type": "formula", "expression": "share / 2", "scale": 4, "format": "percent"},
    {"name": "coin", "type": "currency"},
    {"name": "price", "type": "money", "scale": 4, "currency_from": "coin"},
    {"name": "deposit", "type": "money", "currency": "USD"},
    {"name": "margin", "type": "formula", "expression": "budget / 2", "scale": 2, "format": "money"},
]
TAGS = {"name": "tags", "type": "tags", "options": [{"name": "x", "title": {"zh-CN": "急", "en": "Urgent"}}]}


@pytest.fixture(scope="module")
def app() -> Iterator[Firm]:
    """Customers with tags that have words, and a computed share."""
    fields = [*(TAGS if each["name"] == "tags" else each for each in CUSTOMER["fields"]), *COMPUTED]
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
        ("{{ name }} {{ budget }} {{ since }}{{ phone }}", "恒启 ¥43,092.00 2026-03-02"),
        ('{{ grade & "!" }}', "a!"),
        ("{{ margin }}, {{ margin * 2 }}", "-¥1,200.40, -2,400.80"),
        ("{{ price }} {{ head.price }} {{ deposit }}", "CHF 12.00 ¥7.5025 -$0.50"),
    ],
)
def test_a_value_is_said_as_its_field_is_read(app: Firm, text: Any, said: Any) -> None:
    """Options by their words, shares in percent, amounts in their currency; what is calculated as it comes."""
    report = Report()
    template = app.host.app.scope.template(text, Place(), report, record="customer")
    assert not report.errors
    with app.host.session(app.host.actor("boss")) as context:
        assert said == template.render_all(FACTS, context.moment())


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"en": "a colour", "zh-CN": "颜色"}, "颜色"),
        ({"zh-CN": "颜色"}, "颜色"),
        ({"lat": 31.2, "lng": 121.5}, '{"lat": 31.2, "lng": 121.5}'),
        ({"type": "team", "id": "1"}, '{"type": "team", "id": "1"}'),
        ([{"id": 1}, {"zh-CN": "甲"}, "x"], '{"id": 1}, 甲, x'),
        ({"a": "很" * 300}, '{"a": "' + "很" * 113 + "…"),
        (None, "None"),
    ],
)
def test_an_object_that_was_sent_is_said_as_it_was_written(seen: object, said: str) -> None:
    """Words by language are said in the language; of another object not its first value alone, which nobody wrote."""
    problem = Problem("x", {"en": "saw {seen}", "zh-CN": "看到 {seen}"}, "", {"seen": seen})
    assert f"看到 {said}" == problem.words("zh-CN")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("²", None), ("٣", None),
     ("-1", None), ("1.0", None), (" 1", None), ("", None)],
)  # fmt: skip
def test_which_text_is_a_whole_number(text: str, number: int | None) -> None:
    """Digits as everybody writes them, and no more than a number has; not whatever Python calls a digit."""
    assert number == whole_in(text)
