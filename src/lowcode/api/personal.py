"""Calendars that people subscribe to, and cards they take along: as much as the person may see, and no more.

The address of a calendar is its key, for no calendar program signs in: a long word, of which only the digest is kept.
Whoever loses it opens the calendar anew, and the old address ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import personal_files as files
from lowcode.api.diagnostics import problem
from lowcode.api.plan import CalendarPlan, plan_of
from lowcode.api.tables import calendar as table
from lowcode.kernel.answers import File, Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, localized, nearest
from lowcode.kernel.expressions import Expression
from lowcode.kernel.identity.rates import Rates, network
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.links import link_to, public_url
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.visible import visible_facts, visible_facts_of

MOST = 2000
"""Events of one calendar: those that begin first."""
PER_MINUTE = 60
OWN = sa.select(table.c.name, table.c.created_at).where(table.c.user == sa.bindparam("of_user"))
BY_DIGEST = sa.select(table).where(table.c.digest == sa.bindparam("of_digest"))
CLOSE = sa.delete(table).where(table.c.user == sa.bindparam("of_user"), table.c.name == sa.bindparam("of_name"))


class OneCalendar(Parameters):
    """A calendar of the app."""

    name: str


class CalendarFile(Parameters):
    """The word of an address; `address` is where the request comes from."""

    word: str = Key(max_length=100)
    address: str = ""


class OneCard(Parameters):
    """A record as a card: vCard 4.0, or 3.0 for programs that read no newer one."""

    name: str
    id: int
    version: files.Version = "4.0"


def calendars(context: Context, _: Nothing) -> Items:
    """The calendars a person can subscribe to, and since when each of them has an address."""
    _by_person(context)
    opened = {row["name"]: row["created_at"] for row in context.unit.fetch(OWN, of_user=context.actor.id)}
    return {
        "items": [
            {"name": each.name, "title": each.title, "opened_at": opened.get(each.name)}
            for each in plan_of(context).calendars.values()
            if _may_read(context, each.form)
        ]
    }


def open_calendar(context: Context, params: OneCalendar) -> Annotated[dict[str, Any], has(path=str, url=str | None)]:
    """A new address of a calendar; an earlier one of the same person ends. It is told this once."""
    _by_person(context)
    plan = _calendar(context, params.name)
    word = fresh()
    context.unit.run(CLOSE, of_user=context.actor.id, of_name=plan.name)
    context.unit.insert(table, user=context.actor.id, name=plan.name, digest=digest(word), created_at=context.now())
    path = f"api/calendars/{word}.ics"
    url = public_url(context.host)
    return {"path": path, "url": f"{url}/{path}" if url else None}


def close_calendar(context: Context, params: OneCalendar) -> None:
    """The address of a calendar ends."""
    _by_person(context)
    context.unit.run(CLOSE, of_user=context.actor.id, of_name=params.name)


def calendar_file(context: Context, params: CalendarFile, rates: Rates) -> dict[str, Any]:
    """What a calendar program gets under an address: `{"body", "name"}`. Raises NotFound for an address that ended."""
    rates.take(f"calendar {network(params.address)}", PER_MINUTE, context.now(), "api.too-many")
    row = context.unit.one(BY_DIGEST, of_digest=digest(params.word))
    plan = plan_of(context).calendars.get(row["name"]) if row is not None else None
    if row is None or plan is None:
        raise NotFound(problem("calendar-closed"))
    try:
        acting = context.as_user(row["user"])
    except Forbidden:
        raise NotFound(problem("calendar-closed")) from None
    events = _events(acting, plan) if _may_read(acting, plan.form) else ()
    return {"body": files.calendar(localized(plan.title, acting.actor.locale), events), "name": f"{plan.name}.ics"}


def _events(context: Context, plan: CalendarPlan) -> Iterator[files.Event]:
    fields = tuple(each for each in ("id", "version", "updated_at", plan.starts, plan.ends) if each is not None)
    rows: list[dict[str, Any]] = []
    after = None
    while len(rows) < MOST:
        page = context.ask(
            "records.list", type=plan.form, where=plan.where, sort=(plan.starts,), fields=fields, after=after,
            limit=min(1000, MOST - len(rows)),
        )  # fmt: skip
        rows += page["items"]
        after = page["next"]
        if after is None:
            break
    templates = (plan.summary, plan.place, plan.description)
    needs = [expression for each in templates for expression in each.expressions]
    facts = visible_facts_of(context, plan.form, [row["id"] for row in rows], needs) if rows else {}
    moment, locale = context.moment(), context.actor.locale
    for row in rows:
        begins, until = _span(plan, row)
        known = facts.get(row["id"], {})
        summary, place, description = (each.render(known, moment, locale).strip() for each in templates)
        yield files.Event(
            _uid(context, plan.form, row["id"]), row["version"], row["updated_at"], begins, until, summary or plan.name,
            place, description, link_to(context, plan.form, row["id"]), plan.remind,
        )  # fmt: skip


def _span(plan: CalendarPlan, row: Mapping[str, Any]) -> tuple[Any, Any]:
    """When an event begins and, exclusive, ends; an end before its beginning counts as none."""
    begins, ends = row[plan.starts], row[plan.ends] if plan.ends is not None else None
    if plan.by_day:
        last = ends if ends is not None and ends >= begins else begins
        return begins, last + timedelta(days=1)
    return begins, ends if ends is not None and ends > begins else begins + timedelta(minutes=plan.minutes)


def card(context: Context, params: OneCard) -> File:
    """A record as a card: `{"content", "name", "media_type"}`. Raises NotFound where the person may not read it."""
    plan = plan_of(context).cards.get(params.name)
    if plan is None:
        known = plan_of(context).cards
        raise NotFound(problem("no-card", "/name", name=params.name, near=nearest(params.name, known) or ""))
    templates = (plan.display_name, plan.organization, plan.job_title, plan.address, plan.note)
    read = [*plan.mobiles, *plan.phones, *plan.emails, *((plan.birthday,) if plan.birthday else ())]
    own = Needs(frozenset((*read, "updated_at")), frozenset())
    needs: list[Expression | Needs] = [own, *(part for each in templates for part in each.expressions)]
    facts = visible_facts(context, plan.form, params.id, needs)
    moment, locale = context.moment(), context.actor.locale
    name, organization, job_title, address, note = (each.render(facts, moment, locale).strip() for each in templates)
    made = files.Card(
        _uid(context, plan.form, params.id), facts.get("updated_at") or datetime.combine(moment.today, time()),
        name or str(params.id), organization, job_title, _texts(facts, plan.mobiles), _texts(facts, plan.phones),
        _texts(facts, plan.emails), address, facts.get(plan.birthday or ""), note,
        link_to(context, plan.form, params.id),
    )  # fmt: skip
    content = files.card(made, params.version)
    return {"content": content, "name": f"{name or plan.name}.vcf", "media_type": "text/vcard"}


def _texts(facts: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(facts[name]) for name in names if facts.get(name))


def _uid(context: Context, form: str, identity: int) -> str:
    """The same over all downloads, and another's in another app."""
    place = public_url(context.host).partition("//")[2].partition("/")[0] or context.app.definition.name
    return f"{form}-{identity}@{place}"


def _calendar(context: Context, name: str) -> CalendarPlan:
    known = plan_of(context).calendars
    found = known.get(name)
    if found is None or not _may_read(context, found.form):
        raise NotFound(problem("no-calendar", "/name", name=name, near=nearest(name, known) or ""))
    return found


def _may_read(context: Context, form: str) -> bool:
    host: Any = context.host
    return bool(host.grant(host.types[form], context.actor).may("read"))


def _by_person(context: Context) -> None:
    """An address outlives the key that would ask for it."""
    if context.actor.key or context.actor.id is None:
        raise Forbidden(problem("keys-by-key"))


def describe(context: Context, _: Nothing) -> Annotated[dict[str, Any], has(cards=dict)]:
    """What a page offers: the cards of each form."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in plan_of(context).cards.values():
        found.setdefault(each.form, []).append({"name": each.name, "title": each.title})
    return {"cards": found}


OPERATIONS = (
    Operation("api.describe", describe, access="anyone", writes=False),
    Operation("api.calendars", calendars, writes=False, summary={"en": "Calendars", "zh-CN": "日历订阅"}),
    Operation(
        "api.open_calendar", open_calendar, OneCalendar,
        summary={"en": "Subscribe to a calendar", "zh-CN": "订阅日历"},
    ),
    Operation(
        "api.close_calendar", close_calendar, OneCalendar,
        summary={"en": "End a calendar's address", "zh-CN": "停用日历地址"},
    ),
    Operation("api.card", card, OneCard, writes=False, summary={"en": "A record as a card", "zh-CN": "导出名片"}),
)  # fmt: skip
