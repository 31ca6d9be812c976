"""Whom of the directory somebody would be who comes by a way to sign in, found in the very way in which they are
recognised, and taken back at once; and what the service says of them."""

from __future__ import annotations

from typing import Any

from lowcode.api.recognising import Method, recognise
from lowcode.api.sign_in.kind import NotSignedIn, Person
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import APP
from lowcode.kernel.identity.directory import Directory
from lowcode.kernel.storage import Unit

LONG = 200
"""Characters of what a service says of a person that are told."""
MANY = 40
"""Parts of it that are told."""


class _Undone(Exception):
    """What was written to see who somebody would be is taken back."""


def meant(context: Context, method: Method, person: Person) -> dict[str, Any]:
    """Whom of the directory somebody would be who comes by a method now: `user` with `roles` and `department`, whether
    they would be `new`; or why nobody is meant (`refused`, and `detail` in both languages). Nothing stays of it."""
    found: dict[str, Any] = {}

    def work(unit: Unit) -> None:
        there = Directory.read(unit).users
        identity = recognise(context.host.context(unit, APP, now=context.now()), method, person)
        people = Directory.read(unit)
        now = people.users[identity]
        section = people.departments.get(now.department) if now.department is not None else None
        found.update(
            user={"login": now.login, "name": now.name}, new=identity not in there, roles=sorted(now.roles),
            department=section.name if section is not None else None, refused=None, detail=None,
        )  # fmt: skip
        raise _Undone

    try:
        context.host.write(work)
    except _Undone:
        pass
    except NotSignedIn as refused:
        return refusal(refused)
    return found


def said(person: Person) -> dict[str, Any]:
    """What a service says of somebody, as it is shown."""
    values = {name: _shortened(value) for name, value in list(person.values.items())[:MANY]}
    return {
        "account": person.account, "login": person.login, "name": person.name, "email": person.email,
        "phone": person.phone, "verified": sorted(person.verified), "values": values,
    }  # fmt: skip


def _shortened(value: Any) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, (list, tuple, set, frozenset)) else str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def refusal(refused: NotSignedIn) -> dict[str, Any]:
    """Why nobody is meant, as `meant` says it."""
    return {"user": None, "new": False, "roles": [], "department": None, "refused": refused.reason,
            "detail": refused.detail}  # fmt: skip


def told(found: dict[str, Any], locale: str | None) -> dict[str, Any]:
    """What `meant` found, for somebody to read."""
    return {**found, "detail": localized(found["detail"], locale) if found["detail"] else None}
