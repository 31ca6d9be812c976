"""Armed rules cost a save microseconds."""

from __future__ import annotations

import time
from statistics import median

from lowcode.rules.run import Save, matching
from tests.rules.apps import rule, trial


def test_twenty_armed_rules_cost_microseconds() -> None:
    """Twenty rules, of which none matches, are asked in one fused function."""
    provinces = ("shanghai", "zhejiang", "beijing")
    rules = [
        rule(
            f"armed_{number:02}",
            {"becomes": f'province = "{provinces[number % 3]}" and budget > {number * 1000 + 900}'},
            {"set": {"note": '"x"'}},
        )
        for number in range(20)
    ]
    with trial("sqlite://", *rules) as app:
        lead = app.create(province="beijing", budget=10)
        with app.host.session() as context:
            watch = app.host.app.plans["rules"].after["lead", "update"]
            before = app.get(lead)
            save = Save("update", {**before, "budget": before["budget"] + 1}, before, frozenset({"budget"}))
            moment = context.moment(old=before, is_new=False, changed=save.changed)
            times = []
            for _ in range(2000):
                started = time.perf_counter()
                assert matching(watch, save, moment, lambda values, _: values) == []
                times.append(time.perf_counter() - started)
    assert median(times) < 20e-6
    print(f"20 armed rules: {median(times) * 1e6:.1f} µs a save")
