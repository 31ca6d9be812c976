"""An app that asks a billing program, and that program."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.api.vendors import Answer, Asked, Service

BILLING = (Path(__file__).parent / "billing.yaml").read_text(encoding="utf-8")

ORDER = {
    "name": "order",
    "title": "Order",
    "label": "number",
    "fields": [
        {"name": "number", "type": "text"},
        {"name": "company", "type": "text"},
        {"name": "employees", "type": "integer"},
        {"name": "budget", "type": "money"},
        {"name": "since", "type": "date"},
        {"name": "there", "type": "integer"},
        {"name": "there_number", "type": "text"},
        {"name": "there_total", "type": "money"},
        {"name": "paid_on", "type": "date"},
        {"name": "why_not", "type": "text"},
        {"name": "items", "type": "lines", "fields": [
            {"name": "name", "type": "text"}, {"name": "amount", "type": "money"}, {"name": "count", "type": "integer"},
        ]},
    ],
    "permissions": [{"role": ["sales", "supervisor"], "can": ["create", "read", "edit", "delete"]}],
}  # fmt: skip
INVOICE: dict[str, Any] = {
    "connector": "billing", "operation": "createInvoice",
    "body": {
        "customer": "company", "amount": "budget", "due": "since", "draft": True,
        "lines": {"for_each": "items", "where": "amount > 0",
                  "body": {"text": "name", "amount": "amount", "count": "count"}},
    },
    "set": {"there": "answer.id", "there_number": "answer.number", "there_total": "answer.total",
            "paid_on": "answer.paid_on"},
    "refused": {"why_not": "refusal.reason", "there": "refusal.status"},
}  # fmt: skip
SECURITY = {
    "token": {"secret": "TOKEN"},
    "login": {"user": "lowcode", "password": {"secret": "PASSWORD"}},
    "query_key": {"secret": "KEY"},
    "client": {"client": "id 1", "client_secret": {"secret": "CLIENT"}, "scopes": ["read"]},
}
SECRETS = {"TOKEN": "bearer-1", "PASSWORD": "pass:word", "KEY": "k&y", "CLIENT": "s%cret"}


def connector(**more: Any) -> dict[str, Any]:
    """The connector `billing`."""
    found = {"name": "billing", "type": "openapi", "document": "openapi/billing.yaml", "security": SECURITY, **more}
    return {name: value for name, value in found.items() if value is not None}


def rule(request: dict[str, Any], name: str = "ask") -> dict[str, Any]:
    """A rule that asks when an order is made."""
    return {"name": name, "form": "order", "on": {"created": True}, "actions": [{"request": request}]}


def files(*requests: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form and the rules, beside the connector."""
    rules = {f"rules/ask{at}.json": rule(each, f"ask{at}") for at, each in enumerate(requests)}
    return {"forms/order.json": ORDER, "openapi/billing.yaml": BILLING, **rules, **more}


class Billing(Service):
    """The program as its document describes it; it checks who asks in its own way."""

    def answer(self, asked: Asked) -> Answer:
        given = asked.headers.get("authorization", "")
        match asked.method, asked.path.removeprefix("/live"):
            case "POST", "/oauth/token":
                pair = base64.b64decode(given.removeprefix("Basic ")).decode()
                if pair != "id%201:s%25cret" or asked.form != {"grant_type": "client_credentials", "scope": "read"}:
                    return 401, {"error": "invalid_client", "error_description": "who is that?"}
                return 200, {"access_token": self.token(3600), "token_type": "Bearer", "expires_in": 3600}
            case "GET", "/rates":
                return (200, {"EUR": 7.8}) if self.good(given.removeprefix("Bearer ")) else (401, {})
            case "POST", "/session":
                good = base64.b64decode(given.removeprefix("Basic ")).decode() == "lowcode:pass:word"
                return (204, None) if good else (401, {})
            case "GET", "/invoices/search":
                good = asked.query.get("api_key") == "k&y"
                return (200, [{"id": 7, "number": "R-7", "total": 1.5}]) if good else (403, {})
            case _ if given != "Bearer bearer-1":
                return 401, {"message": "no bearer"}
            case "POST", "/invoices":
                self.got.append(asked.json)
                if asked.json["customer"] == "Nobody":
                    return 422, {"detail": "the customer is unknown"}
                total = sum(each.get("amount", 0) for each in asked.json["lines"])
                return 201, {"id": 41, "number": "R-41", "total": total, "paid_on": None}
            case "GET", path if path.startswith("/customers/"):
                self.got.append(asked.query)
                return 200, {"number": path.rpartition("/")[2], "name": "Acme", "credit": None, "since": "2020-01-31"}
        return 404, {}
