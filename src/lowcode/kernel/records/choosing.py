"""Which people may be chosen anew: those who are still there, and have the role that the field asks for."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, localized
from lowcode.kernel.records import words
from lowcode.kernel.records.plan import RecordType


def unfit(context: Context, record_type: RecordType, pointer: str, identity: int) -> Problem | None:
    """Why somebody cannot be chosen, where they are known. What the app itself does is its author's to decide."""
    host: Any = context.host
    person = None if context.actor.is_app else host.directory(context.unit).users.get(identity)
    if person is None:
        return None
    if not person.active:
        return words.problem("person-left", pointer, name=person.name)
    role = _role_asked(record_type, pointer)
    if role is None or role in person.roles:
        return None
    titles = {each.name: each.title or each.name for each in context.app.definition.roles}
    title = localized(titles.get(role, role), context.actor.locale)
    return words.problem("person-without-role", pointer, name=person.name, role=title)


def _role_asked(record_type: RecordType, pointer: str) -> str | None:
    """The role that the field at a place asks for; rows lie on the way."""
    owner: RecordType | None = record_type
    field = None
    for step in pointer.split("/")[1:]:
        if owner is not None and not step.isdecimal():
            field = owner.fields.get(step)
            owner = None if field is None else field.rows
    return getattr(field.options, "role", None) if field is not None else None
