"""A small app with ways in and out, and people, for the tests of the api engine, the web door and embedding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.contract import Engine
from lowcode.kernel.identity import APP, Actor

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning in Shanghai."""

APPLICATION = {
    "name": "small",
    "title": {"en": "Small", "zh-CN": "小应用"},
    "version": "1.0.0",
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "languages": ["en", "zh-CN"],
    "roles": [{"name": name} for name in ("sales", "supervisor", "administrator")],
    "menus": [{"title": "Work", "items": [{"form": "lead"}, {"form": "contract"}]}],
}
LEAD = {
    "name": "lead",
    "title": {"en": "Lead", "zh-CN": "线索"},
    "label": "company",
    "fields": [
        {"name": "company", "type": "text", "required": True, "search": True},
        {"name": "phone", "type": "phone"},
        {"name": "email", "type": "email"},
        {"name": "grade", "type": "select", "options": [{"name": "A"}, {"name": "B"}, {"name": "C"}]},
        {"name": "source", "type": "text", "default": "hand"},
        {"name": "employees", "type": "integer"},
        {"name": "budget", "type": "money"},
        {"name": "since", "type": "date"},
        {"name": "secret_note", "type": "text"},
        {"name": "earlier", "type": "link", "to": "lead"},
        {"name": "files", "type": "attachment"},
        {"name": "double", "type": "formula", "expression": "budget * 2", "scale": 2},
    ],
    "duplicates": [{"fields": ["phone"], "match": "exact"}, {"fields": ["email"], "match": "exact"}],
    "relations": [{"name": "contracts", "form": "contract", "by": "lead", "title": "Contracts"}],
    "views": [
        {"name": "all", "type": "grid", "title": "All", "columns": ["company", "grade"], "sort": ["company"]},
        {"name": "good", "type": "grid", "title": "Good", "columns": ["company"], "where": 'grade = "A"'},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit"], "where": "owner in TEAM()", "hide": ["secret_note"]},
        {"role": "supervisor", "can": ["create", "read", "edit", "delete", "export"]},
    ],
}
CONTRACT = {
    "name": "contract",
    "title": {"en": "Contract", "zh-CN": "合同"},
    "label": "number",
    "fields": [
        {"name": "number", "type": "text", "unique": True},
        {"name": "lead", "type": "link", "to": "lead"},
        {"name": "total", "type": "money"},
        {"name": "signed_on", "type": "date"},
        {
            "name": "stage",
            "type": "state",
            "initial": "draft",
            "states": [{"name": name} for name in ("draft", "signed", "ended")],
            "transitions": [{"from": "draft", "to": "signed"}, {"from": "signed", "to": "ended"}],
        },
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit", "delete"]}],
}
WEBSITE = {
    "name": "website",
    "type": "intake",
    "title": {"en": "Website", "zh-CN": "官网"},
    "form": "lead",
    "payload": {
        "type": "object",
        "additionalProperties": False,
        "required": ["company"],
        "properties": {
            "company": {"type": "string", "minLength": 2},
            "phone": {"type": "string"},
            "email": {"type": "string", "format": "email"},
            "employees": {"type": "integer"},
            "budget": {"type": "number", "minimum": 0},
            "since": {"type": "string", "format": "date"},
            "grade": {"enum": ["A", "B"]},
            "contact": {"type": "object", "properties": {"mobile": {"type": "string"}}},
        },
    },
    "values": {
        "company": "payload.company",
        "phone": "COALESCE(payload.phone, payload.contact.mobile)",
        "email": "payload.email",
        "employees": "payload.employees",
        "budget": "payload.budget",
        "since": "payload.since",
        "grade": "payload.grade",
        "source": '"website"',
    },
    "duplicates": "update",
    "authentication": {"key": True},
}
PUBLIC = {
    **WEBSITE,
    "name": "landing_page",
    "authentication": {
        "public": True,
        "origins": ["https://www.example.com"],
        "honeypot": "homepage",
        "limit": 3,
    },
}
SIGNED = {
    "name": "contract_signed",
    "type": "webhook",
    "on": {"form": "contract", "event": "becomes", "when": 'stage = "signed"'},
    "url": {"secret": "ERP_URL"},
    "secret": {"secret": "ERP_KEY"},
    "body": {"number": "number", "customer": "lead.company", "total": "total", "signed_on": "signed_on"},
}
NOBODY = Actor(id=None)
PEOPLE = [
    ("head", ["supervisor"], None),
    ("li", ["sales"], "head"),
    ("zhao", ["sales"], "head"),
    ("root", ["administrator"], None),
]


def documents(*api: Mapping[str, Any], **files: Any) -> dict[str, Any]:
    """The whole app."""
    return {
        "app.json": APPLICATION,
        "forms/lead.json": LEAD,
        "forms/contract.json": CONTRACT,
        **{f"api/{each['name']}.json": each for each in api},
        **files,
    }


class Shop:
    """A host with people in it, and short ways to let them act."""

    def __init__(
        self,
        *api: Mapping[str, Any],
        database: Any = "sqlite://",
        prefix: str = "",
        secrets: Mapping[str, str] | Callable[[str], str | None] | None = None,
        bounds: Mapping[str, str] | None = None,
        allow_private: bool | Iterable[str] = False,
        files: Any = None,
        more: Mapping[str, Any] | None = None,
        engines: Iterable[Engine] | None = None,
    ) -> None:
        self.clock = FrozenClock(MONDAY)
        self.host = Host(
            documents(*api, **(more or {})),
            database,
            clock=self.clock,
            prefix=prefix,
            secrets=secrets or {},
            bounds=bounds,
            allow_private=allow_private,
            files=files,
            engines=engines,
        )
        self.host.publish()
        with self.host.session(APP) as context:
            context.ask("identity.save_department", name="trade", title="Trade")
            for login, roles, manager in PEOPLE:
                context.ask(
                    "identity.save_person",
                    login=login,
                    name=login.title(),
                    roles=roles,
                    department="trade",
                    manager=manager,
                    email=f"{login}@example.com",
                    password=f"{login}-password",
                    locale="zh-CN" if login == "zhao" else "en",
                )
        self.host.forget_directory()

    def chinese(self, login: str, operation: str, /, **parameters: Any) -> Any:
        """The same, by somebody who reads Chinese."""
        return self.host.ask(replace(self.host.actor(login), locale="zh-CN"), operation, **parameters)

    def ask(self, login: str, operation: str, /, **parameters: Any) -> Any:
        """One person asks one thing."""
        return self.host.ask(self.host.actor(login), operation, **parameters)

    def key(self, login: str, *scopes: str, **more: Any) -> str:
        """A key of a person."""
        return str(self.ask(login, "api.create_key", name="test", scopes=scopes or ("*",), **more)["key"])

    def acting(self, key: str) -> Any:
        """The actor a key stands for."""
        return self.host.ask(APP, "api.key", key=key, address="198.51.100.1")["actor"]

    def send(self, key: str | None, name: str, body: bytes, **headers: str) -> dict[str, Any]:
        """Something comes in."""
        actor = self.acting(key) if key else NOBODY
        sent = {
            "content-type": "application/json",
            **{word.replace("_", "-"): value for word, value in headers.items()},
        }
        found: dict[str, Any] = self.host.ask(
            actor, "api.intake", name=name, headers=sent, body=body, address="203.0.113.9"
        )
        return found


@contextmanager
def shops() -> Iterator[Callable[..., Shop]]:
    """Makes shops, and closes them at the end."""
    opened: list[Shop] = []

    def make(*api: Mapping[str, Any], **options: Any) -> Shop:
        opened.append(Shop(*api, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.host.close()


@pytest.fixture
def open_shop() -> Iterator[Callable[..., Shop]]:
    """Makes shops, and closes them when the test ends."""
    with shops() as make:
        yield make


@pytest.fixture(scope="module")
def share_shop() -> Iterator[Callable[..., Shop]]:
    """Makes shops for all tests of a file, which make what they look at themselves."""
    with shops() as make:
        yield make
