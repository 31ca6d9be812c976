"""Forecasts: the arithmetic of the model, how often the interval holds, and what a report says of itself."""

from __future__ import annotations

import json
import math
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lowcode.reports.forecasts import Smoothing, State, ahead, forecast, smoothed, widening
from lowcode.reports.run import following
from tests.reports.opened import DIRECTOR, SALES, cells, open_firm

KNOWN = json.loads((Path(__file__).parent / "smoothing.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: f"trend={case['trend']} season={case['season']}")
def test_it_computes_what_a_known_library_computes(case: dict[str, Any]) -> None:
    """With the same parameters and first state: the same values to come, and the same widening of the interval."""
    trend, season = case["trend"], case["season"]
    model = Smoothing(0.45, 0.1 * trend, 0.15 * season, 0.92 * trend, 4 if season else 1)
    seasons = tuple(KNOWN["seasons"]) if season else (0.0,)
    state, _ = smoothed(model, State(KNOWN["level"], KNOWN["trend"] * trend, seasons), KNOWN["series"])
    assert list(ahead(model, state, 6)) == pytest.approx(case["mean"], abs=1e-4)
    assert list(widening(model, 6)) == pytest.approx(case["ratio"], abs=1e-4)


def series_of(chance: random.Random, kind: str, length: int) -> list[float]:
    """A series somebody could have measured: a level, a trend or a season, and noise."""
    slope = chance.uniform(-2, 3) if kind == "trend" else 0.0
    swing = chance.uniform(20, 60) if kind == "season" else 0.0
    return [500 + slope * step + swing * math.sin(step * math.pi / 6) + chance.gauss(0, 15) for step in range(length)]


@pytest.mark.requirement("B21")
@pytest.mark.parametrize("kind", ["level", "trend", "season"])
def test_the_interval_holds_about_as_often_as_it_says(kind: str) -> None:
    """Of 40 series, the next period lies in the interval of 80 % in 65 % to 95 % of them."""
    chance, held = random.Random(kind), 0
    for _ in range(40):
        series = series_of(chance, kind, 40)
        found = forecast(series[:-1], 1, 12, 0.8)
        assert found is not None
        held += found.low[0] <= series[-1] <= found.high[0]
    assert 0.65 * 40 <= held <= 0.95 * 40


@pytest.mark.requirement("B21")
def test_a_season_is_found_and_beats_saying_it_stays_as_it_was() -> None:
    """A yearly season over four years is forecast with less error than last year's value, over a dozen series; and a
    jump is unusual."""
    off = naive = 0.0
    for seed in range(12):
        chance = random.Random(seed)
        series = [500 + 60 * math.sin(step * math.pi / 6) + chance.gauss(0, 15) for step in range(48)]
        found = forecast(series, 12, 12, 0.8)
        assert found is not None and found.season and found.error is not None and found.naive_error is not None
        off, naive = off + found.error, naive + found.naive_error
        highest = found.values.index(max(found.values))
        assert highest in (2, 3, 4)
        series[30] += 300
        marked = forecast(series, 1, 12, 0.8)
        assert marked is not None and marked.unusual[30]
    assert off < 0.85 * naive
    assert forecast(series[:5], 1, 12, 0.8) is None


@pytest.mark.requirement("SB23")
def test_a_report_is_carried_on() -> None:
    """Complete months are the series, the current one is forecast, and what it says of its error can be read."""
    firm = open_firm()
    day, number = date(2025, 1, 10), 0
    while day < date(2026, 11, 1):
        number += 1
        firm.add("deal", name=f"d{number}", amount=Decimal(1000 + 10 * number), closed_on=day, stage="won", owner=2)
        day = following(day, "month") + timedelta(days=9)
    firm.add("deal", name="now", amount=Decimal(5), closed_on=date(2026, 11, 2), stage="won", owner=2)
    result = firm.ask(DIRECTOR, "reports.run", report="outlook")
    assert [column["name"] for column in result["columns"]] == [
        "month", "amount", "count", "forecast", "forecast_low", "forecast_high", "unusual",
    ]  # fmt: skip
    found = cells(result)
    to_come = {key[0]: values for key, values in found.items() if values["forecast"] is not None}
    assert list(to_come) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert to_come[date(2026, 11, 1)]["amount"] == 5
    assert to_come[date(2026, 12, 1)]["amount"] is None
    for index, values in enumerate(to_come.values(), 23):
        assert values["forecast_low"] <= values["forecast"] <= values["forecast_high"]
        assert abs(values["forecast"] - (1000 + 10 * index)) < 40
    said = result["forecast"]
    assert (said["learned_from"], said["tried"], said["trend"]) == (22, 8, True)
    assert said["error"] < said["naive_error"] < Decimal("0.02")
    (listed,) = firm.ask(DIRECTOR, "reports.forecasts")["items"]
    assert {name: listed[name] for name in ("report", "grain", "periods")} == {
        "report": "outlook", "grain": "month", "periods": 4,
    }  # fmt: skip
    assert {name: listed[name] for name in said if name != "measure"} == {
        k: v for k, v in said.items() if k != "measure"
    }
    empty = firm.ask(SALES[1], "reports.run", report="outlook")
    assert (empty["rows"], empty["forecast"]["reason"]) == ([], "too-few-periods")
