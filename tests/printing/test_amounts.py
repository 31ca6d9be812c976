"""Amounts in words: the language of the paper decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lowcode.printing.blocks.amounts import LIMIT, amount_in_words, number_in_words
from lowcode.printing.run import paper
from tests.printing.sample import facts, record, understood


@pytest.mark.requirement("T11")
@pytest.mark.parametrize(
    ("value", "tag", "currency", "words"),
    [
        ("1234.56", "zh-CN", "CNY", "壹仟贰佰叁拾肆元伍角陆分"),
        ("1234.56", "en", "CNY", "One thousand two hundred and thirty-four yuan and fifty-six fen"),
        ("1", "en", "USD", "One US dollar only"),
        ("0.01", "en", "EUR", "Zero euros and one cent"),
        ("-20", "en", "GBP", "Minus twenty pounds only"),
        ("1000001", "en", "CNY", "One million and one yuan only"),
        ("2300000000.10", "en", "CNY", "Two billion three hundred million yuan and ten fen"),
        ("1e18", "en", "CNY", "1,000,000,000,000,000,000.00"),
        ("7", "en", "CHF", "Seven CHF only"),
    ],
)
def test_amounts(value: str, tag: str, currency: str, words: str) -> None:
    """Units by currency, hundredths when there are some, figures beyond what words are good for."""
    assert amount_in_words(Decimal(value), tag, currency) == words


def test_every_number_has_its_own_words() -> None:
    """No two numbers are written alike."""
    numbers = [*range(2000), *(10**place + more for place in range(4, 15) for more in (0, 1, 20, 999))]
    assert len({number_in_words(each) for each in numbers}) == len(set(numbers))
    assert max(numbers) < LIMIT


@pytest.mark.requirement("ST01", "T11")
def test_one_template_in_two_languages() -> None:
    """The same block writes 大写 on the Chinese paper and words on the English one."""
    body = [{"type": "fields", "items": [{"label": "x", "value": "total", "format": "words"}]}]
    plan, report = understood({"body": body})
    assert plan is not None and report.ok, str(report)
    shown = [
        paper(plan, facts(plan, record(1, total=Decimal("100.00")), tag))["body"][0]["items"][0]["value"]
        for tag in ("zh-CN", "en")
    ]
    assert shown == ["壹佰元整", "One hundred yuan only"]
