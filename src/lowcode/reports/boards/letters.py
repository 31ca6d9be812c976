"""Boards on a schedule, by mail or by chat: as the subscriber may see them at that hour, only if there is reason to.

A letter holds the board as a picture. A chat gets the numbers in words (`summaries`) with a link to the board, and the
picture as well where the channel shows pictures. In a room others read it too: it says what its subscriber may see, as
a link that is shared does.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from html import escape
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from cronsim import CronSim, CronSimError
from pydantic import Field

from lowcode.kernel.answers import Items, has
from lowcode.kernel.calendar.cron import wrong_cron
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters, Timer
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, localized
from lowcode.kernel.events.timers import occurrences
from lowcode.kernel.links import public_url
from lowcode.kernel.storage.types import Instant, Json
from lowcode.reports.boards.sheets import Drawers, sheet
from lowcode.reports.boards.summaries import summary
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.reading import answered, board_plan, report_of
from lowcode.reports.pictures import PicturesMissing, png
from lowcode.reports.plan import DashboardPlan
from lowcode.reports.tables import subscription

MAIL = "mail"
MOST = 50
EVERY = timedelta(minutes=1)
ALL = sa.select(subscription).order_by(subscription.c.id)
MINE = ALL.where(subscription.c.person == sa.bindparam("of_person"))
ONE = sa.select(subscription).where(subscription.c.id == sa.bindparam("of_id"))
SENT = (
    sa.update(subscription)
    .where(subscription.c.id == sa.bindparam("of_id"))
    .values(sent_at=sa.bindparam("at", type_=Instant), unsent=sa.bindparam("why", type_=Json))
)
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
    """A board by mail, or by a channel of the app. The schedule is a cron expression of five fields, in the app's
    zone."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    schedule: str = Field(max_length=100, description="Five fields, as crontab(5) says: `0 8 * * 1-5`.")
    condition: Condition | None = None
    channel: str = Field(MAIL, max_length=100, description="`mail`, or the name of a connector that reaches people.")


class OneSubscription(Parameters):
    """A subscription."""

    id: int


class Letter(Parameters):
    """A letter that is due."""

    subscription: int
    occasion: datetime


def subscribe(context: Context, params: Subscribe) -> Annotated[dict[str, Any], has(id=int)]:
    """Order a board on a schedule; ordered again in the very same way, it is sent once as before."""
    if context.actor.id is None:
        raise Forbidden(problem("not-for-you"))
    board_plan(context, params.dashboard)
    channel = _channel(context, params.channel) if params.channel != MAIL else None
    if channel is not None and channel["reach"] == "room" and context.actor.key:
        raise Forbidden(problem("not-for-you"))  # as for links that are shared
    try:
        CronSim(params.schedule, context.now())
    except CronSimError as error:
        raise Rejected(
            problem("bad-schedule", schedule=params.schedule, reason=wrong_cron(params.schedule, error))
        ) from None
    if params.condition is not None:
        _holds(context, params.condition, params.filters)
    ordered = {
        "dashboard": params.dashboard, "filters": dict(params.filters), "schedule": params.schedule,
        "condition": params.condition.model_dump(mode="json") if params.condition is not None else None,
        "channel": None if channel is None else params.channel,
    }  # fmt: skip
    mine = context.unit.fetch(MINE, of_person=context.actor.id)
    known = next((row for row in mine if all(row[name] == value for name, value in ordered.items())), None)
    if known is not None:
        return {"id": known["id"]}
    if len(mine) >= MOST:
        raise Rejected(problem("too-many-subscriptions", most=MOST))
    identity = context.unit.insert(
        subscription, **ordered, person=context.actor.id, made_at=context.now(), sent_at=None, unsent=None
    )
    return {"id": identity}


def subscriptions(context: Context, _: Nothing) -> Items:
    """What this person gets, by which channel, when last, and why not."""
    kept = ("id", "dashboard", "filters", "schedule", "condition", "sent_at", "unsent")
    rows = context.unit.fetch(MINE, of_person=context.actor.id or 0)
    return {"items": [{**{name: row[name] for name in kept}, "channel": row["channel"] or MAIL} for row in rows]}


def ways(context: Context, _: Nothing) -> Items:
    """The channels a board can be sent by: mail first, then those of the app."""
    return {"items": [{"name": MAIL, "title": MAIL, "reach": "email", "pictures": True}, *_channels(context)]}


def _channels(context: Context) -> list[dict[str, Any]]:
    if "api.channels" not in context.app.operations:
        return []
    found = context.ask("api.channels")["items"]
    return [each for each in found if each["name"] not in ("app", MAIL) and each["reach"] not in ("phone", "device")]


def _channel(context: Context, name: str) -> dict[str, Any]:
    """A channel of the app by its name. A text message is too short for a board. Raises Rejected."""
    known = next((each for each in _channels(context) if each["name"] == name), None)
    if known is None:
        raise Rejected(problem("no-channel", channel=name))
    return known


def unsubscribe(context: Context, params: OneSubscription) -> None:
    """End a subscription of one's own."""
    context.unit.run(REMOVE, of_id=params.id, of_person=context.actor.id or 0)


def letter(drawers: Drawers, context: Context, params: Letter) -> bool:
    """Write what is due, and put off sending it; whether there was reason to."""
    row = context.unit.one(ONE, of_id=params.subscription)
    if row is None:
        return False
    host: Any = context.host
    actor = host.directory(context.unit).actor(row["person"])
    if actor is None:
        return False
    inside = host.context(context.unit, actor, now=context.now())
    send = _mail if row["channel"] is None else _chat
    try:
        if row["condition"] is not None and not _holds(inside, Condition(**row["condition"]), row["filters"]):
            return False
        refused = send(drawers, inside, row, f"reports:{params.subscription}:{params.occasion.isoformat()}")
    except Rejected as error:  # the board or the channel is gone, or no longer for this person
        refused = error.problems[0]
    unsent = {each: refused.words(each) for each in context.app.definition.languages} if refused is not None else None
    context.unit.run(SENT, of_id=params.subscription, at=row["sent_at"] if unsent else context.now(), why=unsent)
    return unsent is None


def _mail(drawers: Drawers, context: Context, row: Mapping[str, Any], name: str) -> Problem | None:
    """By letter; why not, if not."""
    host: Any = context.host
    person = host.directory(context.unit).users[row["person"]]
    if not person.email or "mail.send" not in context.app.operations:
        return problem("no-address", channel=MAIL)
    content = _content(drawers, context, row)
    context.as_app().later(
        "mail.send", key=f"mail.send:{name}", to=person.email, name=person.name, message=_name(name), **content
    )
    return None


def _chat(drawers: Drawers, context: Context, row: Mapping[str, Any], name: str) -> Problem | None:
    """By a channel of the app; why not, if not."""
    channel = _channel(context, row["channel"])
    plan, title, filters = _board(context, row)
    address = public_url(context.host)
    picture = ""
    if channel["pictures"]:
        with suppress(PicturesMissing):
            picture = base64.b64encode(png(sheet(drawers, context, title, plan.tiles, filters), 1)).decode()
    found = context.as_app().ask(
        "api.message", channel=channel["name"], to=() if channel["reach"] == "room" else (row["person"],),
        title=_subject(context, title), text=summary(context, plan.tiles, filters), picture=picture, key=name,
        link=f"{address}/#/dashboard/{row['dashboard']}" if address else "",
    )  # fmt: skip
    return problem("no-address", channel=channel["title"]) if found["unreached"] else None


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


def _board(context: Context, row: Mapping[str, Any]) -> tuple[DashboardPlan, str, dict[str, Any]]:
    """The board of a subscription, what it is called, and its filters."""
    plan = board_plan(context, row["dashboard"])
    filters = {each["name"]: row["filters"].get(each["name"], each["value"]) for each in plan.filters}
    return plan, localized(plan.title, context.actor.locale), filters


def _subject(context: Context, title: str) -> str:
    return f"{title} · {context.moment().today:%Y-%m-%d}"


def _content(drawers: Drawers, context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """Subject, words, and the board as a picture inside the letter."""
    plan, title, filters = _board(context, row)
    subject = _subject(context, title)
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
        latest = next(occurrences(row["schedule"], max(since, row["made_at"]), until, zone, latest_first=True), None)
        if latest is not None:
            key = f"reports.letter:{row['id']}:{latest.isoformat()}"
            context.later("reports.letter", key=key, subscription=row["id"], occasion=latest)


TIMER = Timer("reports.letters", due, every=EVERY)


def operations(drawers: Drawers) -> Iterable[Operation]:
    """Each operation."""
    yield Operation("reports.subscribe", subscribe, Subscribe, summary="A board on a schedule, by mail or chat")
    yield Operation("reports.subscriptions", subscriptions, Nothing, writes=False, summary="Boards one gets")
    yield Operation("reports.ways", ways, writes=False, summary="The channels a board can be sent by")
    yield Operation("reports.unsubscribe", unsubscribe, OneSubscription, summary="End a subscription")
    yield Operation("reports.letter", partial(letter, drawers), Letter, "internal")
