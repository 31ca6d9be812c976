"""A small app with people, for running flows in a host."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Context
from lowcode.kernel.identity import APP

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning in Shanghai."""

APPLICATION = {
    "name": "small",
    "title": "Small",
    "version": "1.0.0",
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "languages": ["en", "zh-CN"],
    "roles": [{"name": name} for name in ("sales", "supervisor", "finance", "director", "administrator")],
    "menus": [],
}
QUOTE = {
    "name": "quote",
    "title": "Quote",
    "label": "number",
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "total", "type": "money"},
        {"name": "note", "type": "text"},
        {"name": "approved_by", "type": "text"},
        {
            "name": "stage",
            "type": "state",
            "initial": "draft",
            "states": [{"name": name} for name in ("draft", "approving", "approved", "rejected")],
            "transitions": [
                {"from": "draft", "to": "approving", "roles": ["sales"]},
                {"from": "approving", "to": "approved", "roles": ["director"]},
                {"from": "approving", "to": "rejected", "roles": ["director"]},
                {"from": ["approving", "rejected"], "to": "draft", "roles": ["director"]},
            ],
        },
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit", "delete"], "where": "owner = ME()"},
        {"role": ["supervisor", "finance", "director"], "can": ["read", "edit"]},
    ],
}
CONTRACT = {
    "name": "contract",
    "title": "Contract",
    "fields": [
        {"name": "title", "type": "text", "required": True},
        {"name": "amount", "type": "money"},
        {"name": "quote", "type": "link", "to": "quote"},
    ],
    "permissions": [{"role": ["sales", "director"], "can": ["create", "read", "edit"]}],
}

PEOPLE = [
    ("boss", ["director"], "top", None),
    ("head", ["supervisor"], "trade", "boss"),
    ("li", ["sales"], "trade", "head"),
    ("zhao", ["sales"], "trade", "head"),
    ("fang", ["finance"], "money", "boss"),
    ("feng", ["finance"], "money", "boss"),
    ("root", ["administrator"], "top", None),
]


def document(name: str = "approval", nodes: Any = None, **keys: Any) -> dict[str, Any]:
    """A flow on quotes."""
    return {
        "name": name,
        "title": "Approval",
        "form": "quote",
        "start": {"on": "transition", "field": "stage", "to": "approving"},
        "subject": "Quote {{ number }}",
        "withdraw": {"values": {"stage": '"draft"'}},
        "nodes": nodes or [],
        **keys,
    }


def approval(*approvers: Any, **keys: Any) -> list[dict[str, Any]]:
    """Start, one approval, and what follows it."""
    return [
        {"id": "start", "type": "start", "to": "ask"},
        {
            "id": "ask",
            "type": "approve",
            "title": "Check the price",
            "approvers": list(approvers),
            "approved": "mark",
            "rejected": "return",
            **keys,
        },
        {"id": "mark", "type": "set", "values": {"stage": '"approved"'}, "to": "end"},
        {"id": "return", "type": "set", "values": {"stage": '"rejected"'}, "to": "refused"},
        {"id": "end", "type": "end", "outcome": "approved"},
        {"id": "refused", "type": "end", "outcome": "rejected"},
    ]


def documents(*flows: Mapping[str, Any]) -> dict[str, Any]:
    """The whole app."""
    return {
        "app.json": APPLICATION,
        "forms/quote.json": QUOTE,
        "forms/contract.json": CONTRACT,
        **{f"flows/{flow['name']}.json": flow for flow in flows},
    }


class Office:
    """A host with people in it, and short ways to let them act."""

    def __init__(
        self,
        *flows: Mapping[str, Any],
        database: Any = "sqlite://",
        prefix: str = "",
        more: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.clock = FrozenClock(MONDAY)
        self.host = Host({**documents(*flows), **(more or {})}, database, clock=self.clock, prefix=prefix, **options)
        self.host.publish()
        with self.host.session(APP) as context:
            settle_people(context)
        self.host.forget_directory()

    def ask(self, login: str, operation: str, /, **parameters: Any) -> Any:
        """One person asks one thing."""
        return self.host.ask(self.host.actor(login), operation, **parameters)

    def id(self, login: str) -> int:
        """The id of a person, also of one who left."""
        return int(self.host.directory().by_login[login].id)

    def quote(self, total: Any = 500, login: str = "li", **values: Any) -> int:
        """A new quote."""
        made = self.ask(login, "records.create", type="quote", values={"number": "Q1", "total": total, **values})
        return int(made["id"])

    def submit(self, quote: int, login: str = "li") -> None:
        """Send a quote for approval."""
        self.ask(login, "records.update", type="quote", id=quote, values={"stage": "approving"})

    def submitted(self, total: Any = 500, login: str = "li", **values: Any) -> int:
        """A quote in approval."""
        quote = self.quote(total, login, **values)
        self.submit(quote, login)
        return quote

    def tasks(self, login: str, state: str = "open", **which: Any) -> list[dict[str, Any]]:
        """Somebody's tasks."""
        found: list[dict[str, Any]] = self.ask(login, "flows.list_tasks", state=state, **which)["items"]
        return found

    def decide(self, login: str, decision: str = "approve", **parameters: Any) -> dict[str, Any]:
        """Somebody decides the task on top of the list."""
        task = self.tasks(login)[0]["id"]
        found: dict[str, Any] = self.ask(login, "flows.decide", task=task, decision=decision, **parameters)
        return found

    def stage(self, quote: int) -> str:
        """Where a quote stands."""
        return str(self.ask("boss", "records.get", type="quote", id=quote)["stage"])

    def history(self, quote: int, login: str = "root") -> list[dict[str, Any]]:
        """The instances of a quote."""
        found: list[dict[str, Any]] = self.ask(login, "flows.history", form="quote", id=quote)["items"]
        return found

    def waiting(self) -> dict[str, int]:
        """How much waits for whom."""
        counts = {login: len(self.tasks(login)) for login, *_ in PEOPLE}
        return {login: count for login, count in counts.items() if count}


def settle_people(context: Context) -> None:
    """Departments and people, superiors first."""
    for name, parent in (("top", None), ("trade", "top"), ("money", "top")):
        context.ask("identity.save_department", name=name, title=name, parent=parent)
    for login, roles, department, manager in PEOPLE:
        context.ask(
            "identity.save_person",
            login=login,
            name=login.title(),
            roles=roles,
            department=department,
            manager=manager,
        )
    for name, head in (("top", "boss"), ("trade", "head"), ("money", "fang")):
        context.ask(
            "identity.save_department", name=name, title=name, parent=None if name == "top" else "top", head=head
        )
