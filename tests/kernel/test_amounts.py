"""Amounts are read alike on charts, on papers and on the page: one corpus says how."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lowcode.kernel.currencies import sign_of
from lowcode.printing.blocks.formats import Locale, show, sign_on_paper
from lowcode.reports.charts.words import Speech, money

CORPUS = json.loads((Path(__file__).parents[1] / "conformance/amounts.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.requirement("SP28")
@pytest.mark.parametrize(("value", "currency", "scale", "shown"), CORPUS)
def test_an_amount_has_all_places_it_needs(value: str, currency: str, scale: int, shown: str) -> None:
    """The page is held to the same cases (`shown.test.ts`)."""
    assert money(Decimal(value), Speech("en", currency), scale) == shown
    paper = Locale("zh-CN", ZoneInfo("Asia/Shanghai"), currency)
    on_paper = shown.replace(sign_of(currency), sign_on_paper(currency))
    assert show(Decimal(value), "money", paper, scale=scale) == on_paper


def test_an_amount_that_no_field_bounds_has_the_places_of_its_currency() -> None:
    """What a template works out is money of the app."""
    paper = Locale("en", ZoneInfo("UTC"), "CNY")
    assert show(Decimal("0.0375"), "money", paper) == "¥0.04"
    assert show(Decimal("1.2355"), "money", Locale("en", ZoneInfo("UTC"), "BHD")) == "BHD 1.236"
    assert show(Decimal("7"), "money", Locale("zh-CN", ZoneInfo("UTC"), "USD")) == "US$7.00"
