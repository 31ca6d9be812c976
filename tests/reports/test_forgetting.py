"""Filters look for nobody who was erased, and still say what they said of anything else."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.identity import APP
from lowcode.reports.tables import board, share, subscription
from tests.reports.opened import DIRECTOR, open_firm

BOARD = {
    "name": "wall", "type": "dashboard", "tiles": [{"report": "total", "x": 0, "y": 0, "w": 3, "h": 2}],
    "filters": [{"name": name, "type": "select"} for name in ("name", "owner", "stage")],
}  # fmt: skip
GONE = ["13812349876", "100001", "2026-11-01", "zeb@firm.example"]


@pytest.mark.requirement("SP17", "X20")
def test_only_what_is_compared_with_texts_can_mean_somebody() -> None:
    """The number of a record, a day and an option have the digits of a phone by chance: they stay, and can be asked."""
    firm = open_firm(more={"reports/wall.json": BOARD})
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    kept: dict[str, Any] = {"owner": 100001, "stage": "100001", "period": days}
    filters = {**kept, "name": "Zeb@firm.example", "gone": [13812349876]}
    firm.ask(DIRECTOR, "reports.share", dashboard="wall", filters=filters)
    firm.ask(DIRECTOR, "reports.subscribe", dashboard="wall", filters=filters, schedule="0 8 * * 1")
    narrowed = [
        {"name": "owner", "type": "select", "default": 100001, "options": [{"value": 100001, "label": "13812349876"}]},
        {"name": "name", "type": "select", "default": "13812349876"},
        {"name": "period", "type": "period", "default": days},
    ]
    firm.ask(DIRECTOR, "reports.keep_board", title="Mine", tiles=[], filters=narrowed)
    with firm.host.session(APP) as app:
        app.ask("reports.forget_texts", texts=GONE)
    with firm.host.database.engine.connect() as connection:
        found = [next(iter(connection.execute(each.select()).mappings())) for each in (share, subscription, board)]
    assert [each["filters"] for each in found[:2]] == [{**kept, "name": "***", "gone": ["***"]}] * 2
    assert [each["default"] for each in found[2]["filters"]] == [100001, "***", days]
    assert found[2]["filters"][0]["options"] == [{"value": 100001, "label": "***"}]
    assert firm.ask(DIRECTOR, "reports.dashboard", dashboard="wall", filters=found[0]["filters"])["tiles"][0]["result"]
