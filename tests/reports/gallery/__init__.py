"""A report of every kind of chart over forty-eight deals, and the deals as they are counted by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import Actor
from lowcode.reports.engine import Reports

FOLDER = Path(__file__).parent
ROWS: list[dict[str, Any]] = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))
KINDS = sorted(path.stem for path in (FOLDER / "app" / "reports").glob("*.json"))
READERS = {tag: Actor(1, "director", "Director", frozenset({"director"}), locale=tag) for tag in ("zh-CN", "en")}


def open_gallery() -> Host:
    """The app with its deals."""
    clock = FrozenClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
    host = Host(FOLDER / "app", "sqlite://", engines=[Forms(), Reports()], clock=clock)
    host.publish()
    with host.session(READERS["en"]) as session:
        for row in ROWS:
            session.ask("records.create", type="deal", values=row)
    return host


def summed(key: str | None, field: str = "amount", **only: Any) -> dict[Any, float]:
    """A sum per value of a field, counted from the rows; `COUNT` counts them."""
    found: dict[Any, float] = {}
    for row in ROWS:
        if any(row[name] != value for name, value in only.items()):
            continue
        group = None if key is None else row["closed_on"][:7] if key == "month" else row[key].split("/")[0]
        found[group] = found.get(group, 0.0) + (1 if field == "COUNT" else float(Decimal(row[field])))
    return found
