"""The app that saves, lists and HTTP are measured with: one form as a firm would have it, with twenty armed rules."""

from __future__ import annotations

from typing import Any

GRADES = ("A", "B", "C", "D")


VISIT = {
    "name": "visit",
    "fields": [
        {"name": "customer", "type": "link", "to": "customer"},
        {"name": "at", "type": "datetime", "index": True},
        {"name": "cost", "type": "money"},
        {"name": "notes", "type": "long_text"},
    ],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit", "delete"], "where": "owner in TEAM()"}],
}
"""A form that links to customers."""


def app(*more: dict[str, Any]) -> dict[str, Any]:
    """A form of twelve fields, a row permission, a check, formulas and twenty rules; `more`: further forms."""
    fields: list[dict[str, Any]] = [
        {"name": "name", "type": "text", "required": True, "search": True},
        {"name": "email", "type": "email"},
        {"name": "phone", "type": "phone"},
        {"name": "company", "type": "text"},
        {"name": "level", "type": "select", "options": [{"name": grade} for grade in GRADES]},
        {"name": "status", "type": "select", "options": [{"name": each} for each in ("active", "asleep", "lost")]},
        {"name": "amount", "type": "money", "min": 0, "index": True},
        {"name": "discount", "type": "percent", "max": "0.5"},
        {"name": "employees", "type": "integer"},
        {"name": "signed_on", "type": "date"},
        {"name": "next_visit", "type": "datetime"},
        {"name": "notes", "type": "long_text"},
        {"name": "net", "type": "formula", "expression": "ROUND(amount * (1 - discount), 2)", "scale": 2},
        {"name": "size", "type": "formula", "expression": 'IF(employees > 500, "large", "small")'},
    ]
    documents: dict[str, Any] = {
        "app.json": {"name": "bench", "zone": "Asia/Shanghai", "roles": [{"name": "sales"}]},
        "forms/customer.json": {
            "name": "customer",
            "fields": fields,
            "checks": [
                {"name": "discount", "expression": "discount <= 0.3 or amount < 100000", "field": "discount",
                 "message": {"en": "too much"}}
            ],
            "permissions": [{"role": "sales", "can": ["create", "read", "edit", "delete"], "where": "owner in TEAM()"}],
        },
        "seed/people.json": {
            "departments": [{"name": "sales", "title": "Sales"}],
            "users": [
                {"login": f"person{n}", "name": f"Person {n}", "roles": ["sales"], "department": "sales"}
                for n in range(20)
            ],
        },
    }  # fmt: skip
    documents |= {f"forms/{each['name']}.json": each for each in more}
    for number in range(20):
        documents[f"rules/rule_{number}.json"] = {
            "name": f"rule_{number}", "title": f"Rule {number}", "form": "customer",
            "on": {"becomes": f"amount > {10_000_000 + number} and level = \"{GRADES[number % 4]}\""},
            "actions": [{"notify": {"to": ["owner"], "title": "Look", "text": "{{ name }}"}}],
        }  # fmt: skip
    return documents


def values(number: int) -> dict[str, Any]:
    """What a person sends for one record."""
    return {
        "name": f"Customer {number}", "email": f"c{number}@example.com", "phone": f"1380000{number % 10000:04d}",
        "company": "示例仪表有限公司", "level": GRADES[number % 4], "status": "active",
        "amount": f"{number % 90000}.50",
        "discount": "0.1", "employees": number % 900, "signed_on": "2026-03-02", "next_visit": "2026-04-01T09:00:00Z",
        "notes": "华东区重点客户，关注交期。",
    }  # fmt: skip
