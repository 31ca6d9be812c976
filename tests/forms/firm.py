"""A small firm to try forms in: customers with owners, a quote with lines, on any database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
APP_DOCUMENT = {
    "name": "firm",
    "title": "Firm",
    "version": "1.0.0",
    "zone": "Asia/Shanghai",
    "languages": ["zh-CN", "en"],
    "roles": [{"name": each} for each in ("sales", "supervisor", "reader")],
}
EVERYTHING = ["create", "read", "edit", "delete", "export", "import"]
CUSTOMER: dict[str, Any] = {
    "name": "customer",
    "title": {"zh-CN": "客户", "en": "Customer"},
    "label": "name",
    "fields": [
        {"name": "name", "type": "text", "required": True, "search": True, "title": {"zh-CN": "名称", "en": "Name"}},
        {"name": "phone", "type": "phone", "title": {"zh-CN": "电话", "en": "Phone"}},
        {"name": "email", "type": "email", "title": {"zh-CN": "邮箱", "en": "E-mail"}},
        {
            "name": "grade",
            "type": "select",
            "title": {"zh-CN": "级别", "en": "Grade"},
            "options": [
                {"name": "a", "title": {"zh-CN": "重点", "en": "Key"}},
                {"name": "b", "title": {"zh-CN": "普通", "en": "Plain"}},
            ],
        },
        {"name": "budget", "type": "money", "min": 0, "title": {"zh-CN": "预算", "en": "Budget"}},
        {"name": "share", "type": "percent", "title": {"zh-CN": "占比", "en": "Share"}},
        {"name": "since", "type": "date", "title": {"zh-CN": "起始", "en": "Since"}},
        {"name": "called_at", "type": "datetime", "title": {"zh-CN": "致电", "en": "Called"}},
        {"name": "head", "type": "link", "to": "customer", "title": {"zh-CN": "总部", "en": "Head office"}},
        {"name": "agent", "type": "member", "title": {"zh-CN": "业务员", "en": "Agent"}},
        {"name": "tags", "type": "tags", "title": {"zh-CN": "标签", "en": "Tags"}},
        {"name": "secret", "type": "text", "title": {"zh-CN": "机密", "en": "Secret"}},
        {"name": "double", "type": "formula", "expression": "budget * 2", "scale": 2},
    ],
    "unique": [{"fields": ["email"]}],
    "duplicates": [{"fields": ["phone"], "match": "exact"}, {"fields": ["name"], "match": "similar"}],
    "checks": [
        {
            "name": "sane",
            "expression": "budget < 1000000",
            "field": "budget",
            "message": {"zh-CN": "太大", "en": "too much"},
        }
    ],
    "permissions": [
        {"role": "sales", "can": EVERYTHING, "where": "owner = ME()", "hide": ["secret"]},
        {"role": "supervisor", "can": EVERYTHING},
        {"role": "reader", "can": ["read"]},
    ],
    "views": [
        {"name": "key", "columns": ["name", "budget", "head.name"], "where": 'grade = "a"', "sort": ["-budget"]},
        {"name": "boss", "columns": ["name", "secret"], "roles": ["supervisor"]},
    ],
}
QUOTE = {
    "name": "quote",
    "label": "number",
    "fields": [
        {"name": "number", "type": "serial", "pattern": "Q{yyyy}-{0000}"},
        {"name": "customer", "type": "link", "to": "customer", "required": True},
        {
            "name": "items",
            "type": "lines",
            "fields": [
                {"name": "what", "type": "text"},
                {"name": "quantity", "type": "integer", "min": 1},
                {"name": "price", "type": "money"},
                {"name": "amount", "type": "formula", "expression": "ROUND(quantity * price, 2)", "scale": 2},
            ],
        },
        {"name": "total", "type": "formula", "expression": "SUM(items.amount)", "scale": 2},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": EVERYTHING}],
}
PEOPLE: tuple[dict[str, Any], ...] = (
    {"login": "boss", "name": "Boss", "roles": ["supervisor"]},
    {"login": "ann", "name": "Ann", "roles": ["sales"]},
    {"login": "ben", "name": "Ben", "roles": ["sales"]},
    {"login": "rea", "name": "Rea", "roles": ["reader"]},
)


class Firm:
    """The host, with people to act as."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def ask(self, login: str | None, operation: str, /, **parameters: Any) -> Any:
        """Ask as a person (None: as the app)."""
        return self.host.ask(self.host.actor(login) if login else APP, operation, **parameters)

    def create(self, login: str | None, form: str, /, **values: Any) -> int:
        """A new record; its id."""
        return int(self.ask(login, "records.create", type=form, values=values)["id"])

    def person(self, login: str) -> int:
        """The id of a person."""
        return self.host.directory().by_login[login].id


@contextmanager
def firm(url: str, *forms: Mapping[str, Any], **options: Any) -> Iterator[Firm]:
    """The firm on a database; closed at the end."""
    documents: dict[str, Any] = {"app.json": APP_DOCUMENT}
    documents.update({f"forms/{each['name']}.json": each for each in forms or (CUSTOMER, QUOTE)})
    host = Host(documents, url, clock=options.pop("clock", None) or FrozenClock(START), engines=[Forms()], **options)
    try:
        host.publish()
        with host.session(APP) as context:
            for person in PEOPLE:
                context.ask("identity.save_person", **person)
        host.forget_directory()
        yield Firm(host)
    finally:
        host.close()
