"""Notices gathered and told as one: each day at its hour, for each person, whichever rules they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.calendar.working import Calendar
from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity.hours import calendar_of
from lowcode.kernel.links import link_to
from lowcode.kernel.storage import sealing
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

PLACE = "rule_digest"
DUE = (
    sa.select(t.digest)
    .where(
        t.digest.c.user == sa.bindparam("of_user"),
        t.digest.c.digest == sa.bindparam("of_digest"),
        t.digest.c.due_at <= sa.bindparam("until", type_=t.digest.c.due_at.type),
    )
    .order_by(t.digest.c.id)
)
TAKEN = sa.delete(t.digest).where(
    t.digest.c.user == sa.bindparam("of_user"),
    t.digest.c.digest == sa.bindparam("of_digest"),
    t.digest.c.id <= sa.bindparam("last"),
    t.digest.c.due_at <= sa.bindparam("until", type_=t.digest.c.due_at.type),
)


def _insert_once(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    names = ("digest", "user", "due_at", "notice", "key")
    values = {name: sa.bindparam(name, type_=t.digest.c[name].type) for name in names}
    return insert(t.digest).values(values).on_conflict_do_nothing(index_elements=["key"])


INSERT = {dialect: _insert_once(dialect) for dialect in ("sqlite", "postgresql")}


class Told(Parameters):
    """What waits for a person in a digest."""

    digest: str
    user: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When a digest is told: at an hour, each day or on some (0 is Monday); `working`: where its reader does not work
    that day, on the next on which they do."""

    at: time
    days: frozenset[int] = frozenset()
    working: bool = False


YEAR = 366
"""Whoever works on no day of a year is told on the day itself."""


def next_at(now: datetime, hours: Hours, calendar: Calendar) -> datetime:
    """The next time it is that hour, on one of the days, where somebody works by this calendar."""
    zone, at = calendar.zone, hours.at
    local = now.astimezone(zone)
    first = local.date() if local.time() < at else local.date() + timedelta(days=1)
    days = [first + timedelta(days=ahead) for ahead in range(YEAR)]
    meant = next(each for each in days if not hours.days or each.weekday() in hours.days)
    if hours.working:
        meant = next((each for each in days if each >= meant and calendar.is_working_day(each)), meant)
    return datetime.combine(meant, at, zone).astimezone(UTC)


def gather(context: Context, digest: str, hours: Hours, notice: Mapping[str, Any]) -> None:
    """Keep a notice for each of its people until the digest is due where they are."""
    unit, kept = context.unit, sealing.seal(context.host, dict(notice), PLACE)
    for user in notice["to"]:
        due = next_at(context.now(), hours, calendar_of(context, user))
        key = f"{notice['key']}:{user}" if notice.get("key") else None
        unit.run(INSERT[unit.database.dialect_name], digest=digest, user=user, due_at=due, notice=kept, key=key)
        context.as_app().later(
            "rules.digest", at=due, key=f"rules.digest:{digest}:{user}:{due.isoformat()}",
            digest=digest, user=user, until=due.isoformat(),
        )  # fmt: skip


def opened(context: Context, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notice of a row. Raises SealError where its key is gone."""
    found: Mapping[str, Any] = sealing.opened(context.host, row["notice"], PLACE)
    return found


def tell(context: Context, params: Told) -> int:
    """Tell a person everything of a digest as one notice; how many it holds."""
    asked = {"of_user": params.user, "of_digest": params.digest, "until": params.until}
    rows = context.unit.fetch(DUE, **asked)
    if not rows:
        return 0
    context.unit.run(TAKEN, last=rows[-1]["id"], **asked)
    notices = [opened(context, row) for row in rows]
    one = notices[0] if len(notices) == 1 else _together(context, notices)
    key = f"digest:{params.digest}:{params.user}:{params.until.isoformat()}"
    channels = tuple(dict.fromkeys(each for notice in notices for each in notice["channels"]))
    context.ask("rules.tell", notice={**one, "to": [params.user], "key": key, "channels": channels})
    return len(notices)


def _together(context: Context, notices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One notice that lists the titles and texts of several, in every language of the app."""
    languages: Sequence[str] = context.app.definition.languages
    title = notices[-1].get("digest_title") or words.DIGEST
    return {
        "title": {
            language: (localized(title, language) or "").replace("{count}", str(len(notices))) for language in languages
        },
        "text": {language: "\n".join(_line(context, each, language) for each in notices) for language in languages},
        "form": None,
        "record": None,
    }


def _line(context: Context, notice: Mapping[str, Any], language: str) -> str:
    """Title, text and address of a notice."""
    parts = [f"• {localized(notice['title'], language)}", localized(notice.get("text"), language)]
    parts.append(link_to(context, notice.get("form"), notice.get("record")))
    return "\n  ".join(each for each in parts if each)


OPERATIONS = (
    Operation("rules.digest", tell, Told, "internal", summary={"en": "Tell a digest", "zh-CN": "发送汇总通知"}),
)
