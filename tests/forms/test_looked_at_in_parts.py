"""A file that jobs look at part by part is looked at as one: what is said is what one look at all of it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.forms.operations import bringing, incoming
from lowcode.forms.tables import import_foreseen
from lowcode.kernel.records.typed import put_aside, taken_up
from lowcode.kernel.storage.files import keep
from tests.forms.firm import EVERYTHING, Firm, firm

BOSS = [{"role": "supervisor", "can": EVERYTHING}]
ORDER: dict[str, Any] = {
    "name": "order", "label": "number", "permissions": BOSS,
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "wanted", "type": "number", "scale": 1},
        {"name": "got", "type": "rollup", "expression": "SUM(receipts.pieces)", "scale": 1},
        {"name": "last", "type": "rollup", "expression": "MAX(receipts.since)"},
    ],
    "relations": [{"name": "receipts", "form": "receipt", "by": "order"}],
    "checks": [
        {"name": "enough", "expression": "got <= wanted", "message": {"en": "too many", "zh-CN": "超出"}},
        {"name": "light", "expression": "ISBLANK(last) or SUM(receipts.pieces * receipts.pieces) < 40",
         "message": {"en": "too heavy", "zh-CN": "过重"}},
    ],
}  # fmt: skip
RECEIPT: dict[str, Any] = {
    "name": "receipt", "label": "code", "permissions": BOSS,
    "fields": [
        {"name": "code", "type": "text"},
        {"name": "box", "type": "text", "unique": True},
        {"name": "order", "type": "link", "to": "order"},
        {"name": "pieces", "type": "number", "scale": 1},
        {"name": "since", "type": "date", "until": "until"},
        {"name": "until", "type": "date"},
    ],
    "without_overlaps": [{"range": "since", "per": ["order"]}],
}  # fmt: skip


def looked(app: Firm, text: str, **options: Any) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """What is said of a file in one look, and in parts; nothing of that is kept."""
    shared: dict[str, Any] = {"form": "receipt", "dry_run": True, **options}
    once = app.ask("boss", "forms.import", name="a.csv", content=text.encode(), **shared)
    file = app.host.write(
        lambda unit: keep(app.host.context(unit, app.host.actor("boss")), "a.csv", "text/csv", text.encode())
    )
    run = app.ask("boss", "forms.start_import", file=file["id"], **shared)["run"]
    app.host.settle()
    parts = app.ask("boss", "forms.import_progress", run=run)
    assert parts["state"] == "done"
    with app.host.database.reading() as unit:
        assert [] == unit.fetch(sa.select(import_foreseen))
    return once["problems"], parts["problems"]


@pytest.mark.requirement("SF06", "SF10", "F18")
def test_parts_say_what_one_look_says(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks of records above, by difference and over their rows, ranges, and what may occur once beside the keys."""
    monkeypatch.setattr(bringing, "PART", 2)
    monkeypatch.setattr(incoming, "AT_ONCE", 2)
    with firm(database_url, ORDER, RECEIPT) as app:
        for number, wanted in (("O1", "5.5"), ("O2", "100")):
            app.create("boss", "order", number=number, wanted=wanted)
        order = app.ask("boss", "records.list", type="order")["items"][-1]["id"]
        app.create(
            "boss", "receipt", code="R1", box="B1", order=order, pieces="0", since="2025-01-01", until="2025-01-02"
        )
        rows = [
            "A,X1,O1,2,2026-01-01,2026-01-10",  # 2
            "B,X2,O2,3,2026-01-01,2026-01-02",  # 3
            "C,X3,O1,3,2026-02-01,2026-02-10",  # 4
            "D,X1,O1,,,",  # 5: box
            "E,X4,O1,1,2026-03-01,2026-03-02",  # 6: more than wanted, or overlaps
            "F,X5,O2,4,2026-01-02,2026-01-05",  # 7: overlaps with 3
            "G,X6,O2,2.5,2026-04-01,2026-04-02",  # 8
            "H,X7,O2,5,2026-05-01,2026-05-02",  # 9: too heavy
            "I,B1,O2,,,",  # 10: box of what is there
            "R1,X8,O1,0.5,2026-06-01,2026-06-02",  # 11: changed by its key
            "J,X8,,,,",  # 12: box of 11
        ]
        text = "code,box,order,pieces,since,until\n" + "\n".join(rows)
        once, parts = looked(app, text, keys=["code"], duplicates="update")
        assert once == parts
        said = {each["row"]: each["code"] for each in parts}
        assert {5: "forms.twice-in-file", 7: "records.overlaps", 10: "records.taken", 12: "forms.twice-in-file"} == {
            row: code for row, code in said.items() if code.partition(".")[0] in ("forms", "records") and row != 6
        }  # fmt: skip
        assert {"order.light", "order.enough"} == {code for code in said.values() if code.startswith("order.")}


def test_what_is_put_aside_is_the_same_again() -> None:
    """Whatever values of records are."""
    values = {
        "a": Decimal("1.50"), "b": date(2026, 1, 2), "c": datetime.fromisoformat("2026-01-02T03:04:05+08:00"),
        "d": time(1, 2), "e": [1, "x", None, True, {"day": "2026"}], "f": 1.5,
    }  # fmt: skip
    assert repr(values) == repr(taken_up(put_aside(values)))
    with pytest.raises(TypeError, match="object cannot be put aside"):
        put_aside(object())
