"""The app that files, wide pages and roll-ups are measured with: customers, and deals of twenty columns that are linked
to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

STAGES = ("lead", "offer", "won", "lost")
AT = datetime(2026, 1, 1, 8, tzinfo=UTC)
EVERYTHING = ["create", "read", "edit", "delete", "export", "import"]
FIELDS: list[dict[str, Any]] = [
    {"name": "number", "type": "text", "required": True},
    {"name": "title", "type": "text"},
    {"name": "customer", "type": "link", "to": "customer"},
    {"name": "stage", "type": "select", "options": [{"name": each} for each in STAGES]},
    {"name": "amount", "type": "money", "min": 0},
    {"name": "cost", "type": "money"},
    {"name": "discount", "type": "percent", "max": "0.5"},
    {"name": "quantity", "type": "integer", "min": 0},
    {"name": "weight", "type": "number", "scale": 3},
    {"name": "signed_on", "type": "date"},
    {"name": "due_on", "type": "date"},
    {"name": "called_at", "type": "datetime"},
    {"name": "email", "type": "email"},
    {"name": "phone", "type": "phone"},
    {"name": "city", "type": "text"},
    {"name": "street", "type": "text"},
    {"name": "source", "type": "text"},
    {"name": "urgent", "type": "boolean"},
    {"name": "rating", "type": "rating"},
    {"name": "notes", "type": "long_text"},
]
"""The twenty columns of a file."""


def app(*more: dict[str, Any], customer: tuple[dict[str, Any], ...] = (), relations: bool = False) -> dict[str, Any]:
    """Both forms, one check and a row permission; `more`: further fields of a deal."""
    back = [{"name": "deals", "form": "deal", "by": "customer", "title": "Deals"}] if relations else []
    line = [{"role": "sales", "can": EVERYTHING, "where": "owner in TEAM()"}]
    return {
        "app.json": {"name": "bench", "zone": "Asia/Shanghai", "roles": [{"name": "sales"}]},
        "forms/customer.json": {
            "name": "customer", "label": "name", "relations": back, "permissions": line,
            "fields": [
                {"name": "name", "type": "text", "required": True}, {"name": "grade", "type": "text"},
                {"name": "region", "type": "text"}, *customer,
            ],
        },
        "forms/deal.json": {
            "name": "deal", "label": "number", "fields": [*FIELDS, *more], "permissions": line,
            "checks": [
                {"name": "discount", "expression": "discount <= 0.3 or amount < 100000", "field": "discount",
                 "message": {"en": "too much"}}
            ],
        },
        "seed/people.json": {
            "departments": [{"name": "sales", "title": "Sales"}],
            "users": [
                {"login": f"person{n}", "name": f"Person {n}", "roles": ["sales"], "department": "sales"}
                for n in range(20)
            ],
        },
    }  # fmt: skip


def values(number: int, customer: Any) -> dict[str, Any]:
    """One deal, its values as Python has them."""
    return {
        "number": f"D{number:07}", "title": f"示例仪表项目 {number}", "customer": customer,
        "stage": STAGES[number % 4], "amount": Decimal(number % 90000) + Decimal("0.50"),
        "cost": Decimal(number % 70000), "discount": Decimal("0.1"), "quantity": number % 900,
        "weight": Decimal(number % 1000) / 8, "signed_on": date(2026, 1, 1) + timedelta(days=number % 300),
        "due_on": date(2026, 6, 1), "called_at": AT + timedelta(minutes=number % 100_000),
        "email": f"c{number}@example.com", "phone": f"1380000{number % 10000:04d}", "city": "杭州",
        "street": f"文三路 {number % 500} 号", "source": "展会", "urgent": number % 7 == 0, "rating": number % 5 + 1,
        "notes": "华东区重点客户，关注交期。",
    }  # fmt: skip
