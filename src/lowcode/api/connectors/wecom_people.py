"""The departments and people of a WeCom organisation: all departments at once, people department by department."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.connectors.organisation import Department, Member, Organisation, only_a_part, read, rows

ROOT = 1
ACTIVE = (1, 4)
"""Activated, and not activated yet; the others are disabled or have left."""


def people(document: Any, keys: Keys) -> Steps[Organisation]:
    """All of it. Raises Refused where the application sees a part only."""
    found = rows((yield from _asked(document, keys, "/cgi-bin/department/list")), "department")
    numbers = [each["id"] for each in found]
    if ROOT not in numbers:
        raise only_a_part()
    members: dict[str, Member] = {}
    heads: dict[int, str] = {}
    for number in numbers:
        said = yield from _asked(document, keys, "/cgi-bin/user/list", department_id=str(number))
        for each in rows(said, "userlist"):
            members.setdefault(each["userid"], _member(each, number))
            leads = dict(zip(each.get("department") or (), each.get("is_leader_in_dept") or (), strict=False))
            if leads.get(number):
                heads.setdefault(number, each["userid"])
    departments = tuple(
        Department(
            str(each["id"]), str(each.get("name") or each["id"]),
            str(each["parentid"]) if each.get("parentid") in numbers else None,
            next(iter(each.get("department_leader") or ()), heads.get(each["id"])),
        )
        for each in found
    )  # fmt: skip
    return Organisation(departments, tuple(members.values()))


def _member(found: Mapping[str, Any], number: int) -> Member:
    main = found.get("main_department") or next(iter(found.get("department") or ()), number)
    return Member(
        account=found["userid"], name=str(found.get("name") or ""), login=found["userid"],
        email=str(found.get("biz_mail") or ""), phone=str(found.get("mobile") or ""),
        title=str(found.get("position") or ""), department=str(main),
        manager=next(iter(found.get("direct_leader") or ()), None), active=found.get("status", 1) in ACTIVE,
        values=found,
    )  # fmt: skip


def _asked(document: Any, keys: Keys, path: str, **asked: str) -> Steps[Mapping[str, Any]]:
    query = f"?{urlencode(asked)}" if asked else ""
    reply = yield Ask(Call(f"{keys.value(document.url).rstrip('/')}{path}{query}", "GET"), token=True)
    return read(reply, None)
