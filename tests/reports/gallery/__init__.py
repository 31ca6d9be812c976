"""A report of every kind of chart over forty-eight deals, and the deals as they are counted by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP, Actor
from lowcode.reports.engine import Reports

FOLDER = Path(__file__).parent
OTHERS = frozenset({"everything", "board", "deals"})
ROWS: list[dict[str, Any]] = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))
KINDS = sorted(path.stem for path in (FOLDER / "app" / "reports").glob("*.json") if path.stem not in OTHERS)
READERS = {tag: Actor(1, "director", "Director", frozenset({"director"}), locale=tag) for tag in ("zh-CN", "en")}


NOBODY = Actor(None, "nobody")


def open_gallery(
    secrets: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None, **options: Any
) -> Host:
    """The app with its deals; with secrets, all engines of the house, and `more` documents."""
    clock = FrozenClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
    engines: list[Any] | None = [Forms(), Reports()] if secrets is None else None
    app: Any = FOLDER / "app"
    if more is not None:
        app = {each.relative_to(app).as_posix(): each.read_text("utf-8") for each in app.rglob("*.json")} | dict(more)
    host = Host(app, "sqlite://", engines=engines, clock=clock, secrets=secrets or {}, **options)
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


PEOPLE = (("li", ["director"], "zh-CN"), ("wei", ["sales"], "en"), ("na", ["sales"], "zh-CN"))


def with_people(host: Host) -> Host:
    """The gallery with a director and two sellers who can be written to; each seller owns half of the deals."""
    with host.session(APP) as session:
        for login, roles, locale in PEOPLE:
            session.ask(
                "identity.save_person", login=login, name=login.title(), roles=roles, locale=locale,
                email=f"{login}@example.com", password=f"{login}-password",
            )  # fmt: skip
    host.forget_directory()
    ids = {host.actor("wei").id, host.actor("na").id}
    assert ids == {2, 3}, "the rows say who owns them"
    return host
