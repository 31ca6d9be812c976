"""Boards by mail on a schedule: as the subscriber may see them at that hour, and only if there is reason to."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from cronsim import CronSim, CronSimError
from pydantic import Field

from lowcode.kernel.contract import Context, Nothing, Operation, Parameters, Timer
from lowcode.kernel.diagnostics import Forbidden, Rejected, localized
from lowcode.kernel.events.timers import occurrences
from lowcode.reports.boards.sheets import Drawers, sheet
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.reading import answered, board_plan, report_of
from lowcode.reports.pictures import PicturesMissing, png
from lowcode.reports.tables import subscription

MOST = 50
EVERY = timedelta(minutes=1)
ALL = sa.select(subscription).order_by(subscription.c.id)
MINE = ALL.where(subscription.c.person == sa.bindparam("of_person"))
ONE = sa.select(subscription).where(subscription.c.id == sa.bindparam("of_id"))
SENT = sa.update(subscription).where(subscription.c.id == sa.bindparam("of_id")).values(sent_at=sa.bindparam("at"))
REMOVE = sa.delete(subscription).where(
    subscription.c.id == sa.bindparam("of_id"), subscription.c.person == sa.bindparam("of_person")
)


class Condition(Parameters):
    """A letter is sent only if the total of a measure is so."""

    report: str
    measure: str
    compared: Literal["more", "less", "equal"] = "more"
    value: Decimal = Decimal(0)


class Subscribe(Parameters):
    """A board by mail. The schedule is a cron expression of five fields, in the app's zone."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    schedule: str = Field(max_length=100, description="Five fields, as crontab(5) says: `0 8 * * 1-5`.")
    condition: Condition | None = None


class OneSubscription(Parameters):
    """A subscription."""

    id: int


class Letter(Parameters):
    """A letter that is due."""

    subscription: int
    occasion: datetime


def subscribe(context: Context, params: Subscribe) -> dict[str, Any]:
    """Order a board by mail."""
    if context.actor.id is None:
        raise Forbidden(problem("not-for-you", report=params.dashboard))
    board_plan(context, params.dashboard)
    try:
        CronSim(params.schedule, context.now())
    except CronSimError as error:
        raise Rejected(problem("bad-schedule", schedule=params.schedule, reason=str(error))) from None
    if params.condition is not None:
        _holds(context, params.condition, params.filters)
    if len(context.unit.fetch(MINE, of_person=context.actor.id)) >= MOST:
        raise Rejected(problem("too-many-subscriptions", most=MOST))
    condition = params.condition.model_dump(mode="json") if params.condition is not None else None
    identity = context.unit.insert(
        subscription, person=context.actor.id, dashboard=params.dashboard, filters=dict(params.filters),
        schedule=params.schedule, condition=condition, made_at=context.now(), sent_at=None,
    )  # fmt: skip
    return {"id": identity}


def subscriptions(context: Context, _: Nothing) -> dict[str, Any]:
    """What this person gets by mail."""
    kept = ("id", "dashboard", "filters", "schedule", "condition", "sent_at")
    rows = context.unit.fetch(MINE, of_person=context.actor.id or 0)
    return {"items": [{name: row[name] for name in kept} for row in rows]}


def unsubscribe(context: Context, params: OneSubscription) -> None:
    """End a subscription of one's own."""
    context.unit.run(REMOVE, of_id=params.id, of_person=context.actor.id or 0)


def letter(drawers: Drawers, context: Context, params: Letter) -> bool:
    """Write a letter that is due, and put off sending it; whether there was reason to."""
    row = context.unit.one(ONE, of_id=params.subscription)
    if row is None:
        return False
    host: Any = context.host
    person = host.directory(context.unit).users.get(row["person"])
    actor = host.directory(context.unit).actor(row["person"])
    if actor is None or person is None or not person.email or "mail.send" not in context.app.operations:
        return False
    inside = host.context(context.unit, actor, now=context.now())
    try:
        if row["condition"] is not None and not _holds(inside, Condition(**row["condition"]), row["filters"]):
            return False
        content = _content(drawers, inside, row)
    except Rejected:
        return False  # the board is gone, or no longer for this person
    name = f"reports:{params.subscription}:{params.occasion.isoformat()}"
    context.later(
        "mail.send", key=f"mail.send:{name}", to=person.email, name=person.name, message=_name(name), **content
    )
    context.unit.run(SENT, of_id=params.subscription, at=context.now())
    return True


def _name(text: str) -> str:
    return "".join(sign if sign.isalnum() else "." for sign in text)


def _holds(context: Context, condition: Condition, filters: Mapping[str, Any]) -> bool:
    """Whether the total of a measure is so, as this person may see it."""
    result = answered(context, report_of(context, condition.report), filters)
    names = [column["name"] for column in result["columns"] if column["role"] == "measure"]
    if condition.measure not in names:
        raise Rejected(problem("no-measure", measure=condition.measure, report=condition.report))
    at = next(place for place, column in enumerate(result["columns"]) if column["name"] == condition.measure)
    totals = result["totals"] or (result["rows"][0] if len(result["rows"]) == 1 else None)
    value = Decimal(str((totals[at] if totals is not None else 0) or 0))
    match condition.compared:
        case "more":
            return value > condition.value
        case "less":
            return value < condition.value
        case "equal":
            return value == condition.value


def _content(drawers: Drawers, context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """Subject, words, and the board as a picture inside the letter."""
    plan = board_plan(context, row["dashboard"])
    locale = context.actor.locale
    title = localized(plan.title, locale)
    filters = {each["name"]: row["filters"].get(each["name"], each["value"]) for each in plan.filters}
    subject = f"{title} · {context.moment().today:%Y-%m-%d}"
    try:
        picture = png(sheet(drawers, context, title, plan.tiles, filters), 1)
    except PicturesMissing:
        return {"subject": subject, "text": subject}
    html = (
        f'<p style="font-family:sans-serif">{escape(subject)}</p>'
        f'<img src="cid:board" alt="{escape(title)}" style="max-width:100%;height:auto">'
    )
    return {
        "subject": subject,
        "text": subject,
        "html": html,
        "pictures": {"board": base64.b64encode(picture).decode()},
    }


def due(context: Context, since: datetime, until: datetime) -> None:
    """Put off a letter for each subscription that is due; after a downtime once, not once for each missed hour."""
    zone: ZoneInfo = context.app.zone
    for row in context.unit.fetch(ALL):
        found = list(occurrences(row["schedule"], max(since, row["made_at"]), until, zone))
        if found:
            key = f"reports.letter:{row['id']}:{found[-1].isoformat()}"
            context.later("reports.letter", key=key, subscription=row["id"], occasion=found[-1])


TIMER = Timer("reports.letters", due, every=EVERY)


def operations(drawers: Drawers) -> Iterable[Operation]:
    """Each operation."""
    yield Operation("reports.subscribe", subscribe, Subscribe, summary="A board by mail on a schedule")
    yield Operation("reports.subscriptions", subscriptions, Nothing, writes=False, summary="What one gets by mail")
    yield Operation("reports.unsubscribe", unsubscribe, OneSubscription, summary="End a subscription")
    yield Operation("reports.letter", partial(letter, drawers), Letter, "internal")
