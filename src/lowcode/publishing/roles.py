"""Roles that a version takes away, and the people who have them: counted before it is applied. Reads only.

Nobody loses the role itself: it stands in the directory, lets nobody do anything, and counts again when a later version
has it again.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.convert import SAMPLES
from lowcode.kernel.storage.migrate.examine import Effect
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.words import said, sentence

HOLDERS = (
    sa.select(t.user.c.id, t.user.c.login, t.user.c.name, sa.func.count().over().label("count"))
    .join(t.membership, t.membership.c.user == t.user.c.id)
    .where(t.membership.c.role == sa.bindparam("of_role"), t.user.c.active)
    .order_by(t.user.c.id)
    .limit(SAMPLES)
)


def roles_taken(hand: Hand, before: Documents, after: Documents) -> Iterator[Effect]:
    """Each role that goes while people who may sign in have it, with their number; it takes the consent `role:NAME`."""
    wanted = _roles(after)
    for role, title in _roles(before).items():
        holders = hand.unit.fetch(HOLDERS, of_role=role) if role not in wanted else ()
        if not holders:
            continue
        step, count = s.TakeRole(role, title), holders[0]["count"]
        words = said(
            "拥有此角色的人员：{count}，他们将失去该角色带来的权限",
            "people who have it: {count}; what only this role lets them do, they can do no longer",
            count=str(count),
        )
        samples = tuple((each["login"], each["name"]) for each in holders)
        yield Effect(step, sentence(step), "none", 0, (Finding("warning", words, count, samples),), (f"role:{role}",))


def _roles(documents: Documents) -> dict[str, Text]:
    written = documents.app.data.get("roles", ())
    return {str(each["name"]): each.get("title") or "" for each in written}
