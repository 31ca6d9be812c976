"""A copy of a record: what it starts with, and what stays behind and is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound
from lowcode.kernel.storage.crypto import new_key
from lowcode.kernel.storage.files import keep
from tests.forms.firm import CUSTOMER, EVERYTHING, firm

ORDER: dict[str, Any] = {
    "name": "order",
    "label": "title",
    "fields": [
        {"name": "number", "type": "serial", "pattern": "O{000}"},
        {"name": "code", "type": "text", "unique": True},
        {"name": "title", "type": "text"},
        {"name": "note", "type": "text", "default": "as usual"},
        {"name": "customer", "type": "link", "to": "customer"},
        {"name": "others", "type": "links", "to": "customer"},
        {"name": "month", "type": "date", "precision": "month"},
        {"name": "papers", "type": "attachment"},
        {"name": "signed", "type": "date", "copied": False},
        {"name": "score", "type": "number", "read_only": True},
        {"name": "cost", "type": "money"},
        {"name": "rebate", "type": "money"},
        {"name": "card", "type": "text", "mask": "card"},
        {"name": "sealed", "type": "text", "encrypted": True},
        {"name": "pin", "type": "secret"},
        {"name": "stage", "type": "state", "states": [{"name": "draft"}, {"name": "sent"}],
         "transitions": [{"from": "draft", "to": "sent"}]},
        {"name": "items", "type": "lines", "fields": [
            {"name": "what", "type": "text"}, {"name": "price", "type": "money", "default": "=parent.rebate"},
            {"name": "cost", "type": "money"}, {"name": "seen", "type": "date", "copied": False},
            {"name": "parts", "type": "lines", "fields": [{"name": "part", "type": "text"}]},
        ]},
        {"name": "total", "type": "formula", "expression": "SUM(items.price)", "scale": 2},
    ],
    "unique": [{"fields": ["customer", "month"]}],
    "permissions": [
        {"role": "supervisor", "can": [*EVERYTHING, "reveal"]},
        {"role": "sales", "can": EVERYTHING, "hide": ["cost", "items.cost"], "read_only": ["rebate"]},
        {"role": "reader", "can": ["read"]},
    ],
}  # fmt: skip


@pytest.mark.requirement("F1", "F2", "F15", "F19")
def test_a_copy_takes_what_may_be_taken_and_names_the_rest(database_url: str, tmp_path: Path) -> None:
    """Fields, links, files and rows go along; numbers, unique values, states, secrets, and what is kept, do not."""
    keys = {"ENCRYPTION_KEYS": new_key("a")}
    with firm(database_url, ORDER, CUSTOMER, secrets=keys, files=str(tmp_path)) as app:
        customer = app.create("boss", "customer", name="acme")
        with app.host.session(app.host.actor("boss")) as context:
            paper = keep(context, "a.txt", "text/plain", b"x")["id"]
        rows = [{"what": "x", "price": "5", "cost": "3", "seen": "2026-03-01", "parts": [{"part": "p"}]}]
        made = app.create(
            "boss", "order", code="C1", title="first", customer=customer, others=[customer], month="2026-03",
            papers=[paper], signed="2026-03-01", cost="1", rebate="2", card="6222020200112233", sealed="kept", pin="s",
            items=rows, note=None,
        )  # fmt: skip
        app.ask("boss", "records.update", type="order", id=made, values={"stage": "sent"})

        def copied(who: str) -> dict[str, Any]:
            found: dict[str, Any] = app.ask(who, "records.copy", type="order", id=made)
            return found

        whole = copied("boss")
        assert {(each["field"], each["why"]) for each in whole["left"]} == {
            ("number", "numbered"), ("code", "unique"), ("month", "unique"), ("signed", "not_copied"),
            ("pin", "secret"), ("stage", "state"), ("items.seen", "not_copied"),
        }  # fmt: skip
        assert whole["hidden"] is False
        again = app.ask("boss", "records.create", type="order", values=whole["values"])
        told = app.ask("boss", "records.get", type="order", id=again["id"])
        assert (told["title"], told["customer"], told["others"], told["papers"], told["sealed"], told["cost"]) == (
            "first", customer, [customer], [paper], "kept", 1,
        )  # fmt: skip
        assert [told[name] for name in ("number", "code", "month", "stage", "signed", "note")] == [
            "O002", None, None, "draft", None, None,
        ]  # fmt: skip
        row = told["items"][0]
        assert (row["what"], row["price"], row["cost"], row["seen"], row["parts"][0]["part"]) == ("x", 5, 3, None, "p")
        part = copied("ann")
        assert part["hidden"] is True and "cost" not in part["values"] and "cost" not in part["values"]["items"][0]
        assert {
            ("rebate", "fixed"), ("card", "masked"), ("customer", "unreadable"), ("others", "unreadable"),
        } < {(each["field"], each["why"]) for each in part["left"]}  # fmt: skip
        assert "cost" not in {each["field"] for each in part["left"]}
        app.ask("ann", "records.create", type="order", values=part["values"])
        for who, identity, error in (("rea", made, Forbidden), ("ann", 999, NotFound)):
            with pytest.raises(error):
                app.ask(who, "records.copy", type="order", id=identity)
