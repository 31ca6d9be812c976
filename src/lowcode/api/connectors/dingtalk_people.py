"""The departments and people of a DingTalk organisation: department by department, a hundred people at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from lowcode.api.connectors.kind import Ask, Call, Keys, Steps
from lowcode.api.connectors.organisation import Department, Member, Organisation, read, rows

ROOT = 1
PAGE = 100


def people(document: Any, keys: Keys) -> Steps[Organisation]:
    """All of it, from the root down."""
    root = yield from _asked(document, keys, "/topapi/v2/department/get", dept_id=ROOT)
    departments: dict[int, tuple[str, int | None]] = {ROOT: (str(root.get("name", "")), None)}
    waiting = [ROOT]
    while waiting:
        above = waiting.pop(0)
        reply = yield _ask(document, keys, "/topapi/v2/department/listsub", dept_id=above)
        for each in rows(read(reply, None), "result"):
            if each["dept_id"] not in departments:
                departments[each["dept_id"]] = str(each["name"]), above
                waiting.append(each["dept_id"])
    heads: dict[int, str] = {}
    members: dict[str, Member] = {}
    for number in departments:
        cursor: int | None = 0
        while cursor is not None:
            found = yield from _asked(
                document, keys, "/topapi/v2/user/list", dept_id=number, cursor=cursor, size=PAGE
            )  # fmt: skip
            for each in rows(found, "list"):
                members.setdefault(each["userid"], _member(each, number))
                if each.get("leader"):
                    heads.setdefault(number, each["userid"])
            after = found.get("next_cursor")
            cursor = after if found.get("has_more") and isinstance(after, int) and after > cursor else None
    return Organisation(tuple(_departments(departments, heads)), tuple(members.values()))


def _departments(found: Mapping[int, tuple[str, int | None]], heads: Mapping[int, str]) -> Iterator[Department]:
    for number, (name, above) in found.items():
        yield Department(str(number), name, str(above) if above is not None else None, heads.get(number))


def _member(found: Mapping[str, Any], number: int) -> Member:
    first = next(iter(found.get("dept_id_list") or ()), number)
    return Member(
        account=found["userid"], name=str(found.get("name") or ""), login=found["userid"],
        email=str(found.get("org_email") or ""), phone=str(found.get("mobile") or ""),
        title=str(found.get("title") or ""), department=str(first), values=found,
    )  # fmt: skip


def _ask(document: Any, keys: Keys, path: str, **asked: Any) -> Ask:
    url = f"{keys.value(document.url).rstrip('/')}{path}"
    return Ask(Call(url, "POST", {"Content-Type": "application/json"}, orjson.dumps(asked)), token=True)


def _asked(document: Any, keys: Keys, path: str, **asked: Any) -> Steps[Mapping[str, Any]]:
    return read((yield _ask(document, keys, path, **asked)), "result")
