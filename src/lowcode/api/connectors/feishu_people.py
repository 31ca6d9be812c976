"""The departments and people of a Feishu organisation: page by page, fifty at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.connectors.organisation import Department, Member, Organisation, read, rows

ROOT = "0"
PAGE = "50"
GONE = ("is_frozen", "is_resigned", "is_exited")


def people(document: Any, keys: Keys) -> Steps[Organisation]:
    """All of it, below the root, which is the firm itself."""
    path = f"/open-apis/contact/v3/departments/{ROOT}/children"
    found = yield from _pages(document, keys, path, fetch_child="true")
    known = {each["open_department_id"] for each in found}
    departments = tuple(
        Department(
            each["open_department_id"], str(each.get("name") or each["open_department_id"]),
            each["parent_department_id"] if each.get("parent_department_id") in known else None,
            each.get("leader_user_id") or None,
        )
        for each in found
    )  # fmt: skip
    members: dict[str, Member] = {}
    for key in (ROOT, *(each.key for each in departments)):
        path = "/open-apis/contact/v3/users/find_by_department"
        for each in (yield from _pages(document, keys, path, department_id=key)):
            members.setdefault(each["open_id"], _member(each, key, known))
    return Organisation(departments, tuple(members.values()))


def _member(found: Mapping[str, Any], key: str, known: set[str]) -> Member:
    orders = rows(found, "orders")
    main = next((each["department_id"] for each in orders if each.get("is_primary_dept")), None)
    main = main or next(iter(found.get("department_ids") or ()), key)
    status = found.get("status") or {}
    return Member(
        account=found["open_id"], name=str(found.get("name") or ""),
        login=str(found.get("user_id") or found["open_id"]), email=str(found.get("enterprise_email") or ""),
        phone=str(found.get("mobile") or ""), title=str(found.get("job_title") or ""),
        department=main if main in known else None, manager=found.get("leader_user_id") or None,
        active=not any(status.get(each) for each in GONE), values=found,
    )  # fmt: skip


def _pages(document: Any, keys: Keys, path: str, **asked: str) -> Steps[list[Mapping[str, Any]]]:
    """Every item, of however many pages."""
    found: list[Mapping[str, Any]] = []
    ids = {"department_id_type": "open_department_id", "user_id_type": "open_id", "page_size": PAGE}
    after: dict[str, str] = {}
    while True:
        query = urlencode({**asked, **ids, **after})
        reply = yield Ask(Call(f"{keys.value(document.url).rstrip('/')}{path}?{query}", "GET"), token=True)
        data = read(reply, "data")
        found += rows(data, "items")
        token = data.get("page_token")
        if not data.get("has_more") or not token or token == after.get("page_token"):
            return found
        after = {"page_token": str(token)}
