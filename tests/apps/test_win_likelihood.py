"""The example CRM learns how likely an opportunity is to be won, from the firm's own, and says when it cannot."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP, Actor

CRM = Path(__file__).parent.parent.parent / "examples" / "crm_app"
ROOT = Actor(1, "root", "Root", frozenset({"administrator"}), locale="en")


@pytest.mark.requirement("SB24", "SB23")
def test_the_likelihood_of_winning_is_learned_from_own_opportunities(tmp_path: Path) -> None:
    """Nothing is claimed while there is too little history; then the model says how much it is off beside the base
    rate, and is shown on open opportunities and added up in the forecast once somebody adopts it."""
    host = Host(CRM, f"sqlite:///{tmp_path / 'crm.sqlite3'}")
    host.publish()
    dice = random.Random(4)

    def opportunities(count: int, settled: bool) -> list[int]:
        made = []
        with host.session(ROOT) as context:
            for _ in range(count):
                referred = dice.random() < 0.5
                won = dice.random() < (0.8 if referred else 0.15)
                values = {
                    "name": "PLC", "account": account, "amount": "100000", "expected_close": "2026-12-01",
                    "source": "referral" if referred else "search", "product_line": "plc",
                    "stage": ("won" if won else "lost") if settled else "initial",
                }  # fmt: skip
                made.append(context.ask("records.create", type="opportunity", values=values)["id"])
        return made

    account = host.ask(ROOT, "records.create", type="account", values={"name": "恒远机械", "size": "large"})["id"]
    opportunities(30, settled=True)
    with pytest.raises(Rejected, match="too little history"):
        host.ask(ROOT, "rules.learn", card="win_likelihood")
    ahead = opportunities(12, settled=False)
    assert all(host.ask(APP, "records.get", type="opportunity", id=each)["win_likelihood"] is None for each in ahead)
    [row] = host.ask(ROOT, "reports.run", report="weighted_forecast")["rows"]
    assert row[0] == row[1] == 120_000
    opportunities(110, settled=True)
    report = host.ask(ROOT, "rules.learn", card="win_likelihood")
    assert report["examples"] == 140 and report["of_use"] and report["brier"] < report["brier_of_base_rate"]
    host.ask(ROOT, "rules.adopt_model", card="win_likelihood", number=report["number"])
    for each in ahead:
        host.ask(ROOT, "records.update", type="opportunity", id=each, values={"amount": "200000"})
    found = [host.ask(APP, "records.get", type="opportunity", id=each) for each in ahead]
    likely = {each["source"]: each["win_likelihood"] for each in found}
    assert likely["referral"] > 0.6 > 0.4 > likely["search"] > 0
    assert all(each["forecast_amount"] == each["amount"] * each["win_likelihood"] for each in found)
    why = host.ask(ROOT, "rules.score", card="win_likelihood", record=ahead[0])
    assert [each["sort"] for each in why["contributions"]] == ["learned"]
    [row] = host.ask(ROOT, "reports.run", report="weighted_forecast")["rows"]
    assert row[1] == sum(each["forecast_amount"] for each in found) != row[0]
    host.close()
