"""The directory follows an organisation: read outside of any transaction, planned and applied inside of one.

`api.plan_sync` says what would change, `api.sync` does it; a timer asks for it as often as the document says. Doing it
twice changes nothing the second time. What came of it is kept, the newest runs of each organisation.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import ldap_people
from lowcode.api.advice import unreached
from lowcode.api.channels import remember
from lowcode.api.connectors.kind import Refused
from lowcode.api.connectors.organisation import Organisation, people_of
from lowcode.api.diagnostics import problem
from lowcode.api.ldap import LdapError
from lowcode.api.organising import Change, Changes, Known, planned
from lowcode.api.plan import Directory as LdapDirectory
from lowcode.api.plan import OrganisationPlan, plan_of
from lowcode.api.signing_in import Through
from lowcode.api.tables import account, member, section, sync
from lowcode.api.walking import Walk
from lowcode.kernel import reasons
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing, Parameters, Timer
from lowcode.kernel.diagnostics import NotFound, Rejected, Text, localized, nearest
from lowcode.kernel.identity import ADMINISTRATOR, APP
from lowcode.kernel.identity.org import directory
from lowcode.kernel.storage import Unit

PATIENCE = 120.0
"""Seconds that a walk may wait altogether where the service says that it is asked too often."""
LARGE = 64 * 1024 * 1024
SHOWN = 300
"""Changes and conflicts of a run that are kept."""
RUNS = 20
BUSY = frozenset({51, 52})
"""What an LDAP directory says that cannot answer at the moment."""
SOON = timedelta(minutes=15)
"""When a run that failed for the moment is tried again."""

ACCOUNTS = sa.select(account.c.account, account.c.user).where(account.c.connector == sa.bindparam("of_connector"))
SECTIONS = sa.select(section.c.key, section.c.department).where(section.c.connector == sa.bindparam("of_connector"))
MEMBERS = sa.select(member.c.account, member.c.left_at).where(member.c.connector == sa.bindparam("of_connector"))
FORGET_SECTION = sa.delete(section).where(
    section.c.connector == sa.bindparam("of_connector"), section.c.key == sa.bindparam("of_key")
)
LEFT = (
    sa.update(member)
    .where(member.c.connector == sa.bindparam("of_connector"), member.c.account == sa.bindparam("of_account"))
    .values(left_at=sa.bindparam("new_left", type_=member.c.left_at.type))
)
LOCK = sa.select(
    sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("of_connector", type_=sa.Text), 0))
)
RUNS_OF = sa.select(sync).where(sync.c.organisation == sa.bindparam("of_name")).order_by(sync.c.id.desc()).limit(RUNS)
OLD_RUNS = sa.delete(sync).where(sync.c.organisation == sa.bindparam("of_name"), sync.c.id < sa.bindparam("before_id"))
TITLE = {"en": "Left the organisation ({count}): {names}", "zh-CN": "{count} 人已离职：{names}"}
HAND_OVER = {
    "en": "They can no longer sign in. Hand over what they own: the menu at your name, Hand over.",
    "zh-CN": "已停用其账号。请在右上角菜单的“离职交接”中转交其负责的记录。",
}
FAILED = {"en": "The organisation '{name}' cannot be read", "zh-CN": "无法读取组织“{name}”"}


class OneOrganisation(Parameters):
    """An organisation, by its name."""

    name: str


class Sync(Parameters):
    """An organisation that the directory is to follow now. `all_leave`: agreed that many leave at once."""

    name: str
    all_leave: bool = False


class Runs(Parameters):
    """The runs of an organisation."""

    name: str
    limit: int = Key(RUNS, ge=1, le=RUNS)


def timers(organisations: Mapping[str, OrganisationPlan]) -> Iterator[Timer]:
    """When each organisation is looked at."""
    for each in organisations.values():
        yield Timer(f"api.sync.{each.name}", partial(_due, each.name), every=each.every)


def _due(name: str, context: Context, since: datetime, until: datetime) -> None:
    if _secrets_known(context, _organisation(context, name)):
        context.later("api.sync", key=f"api.sync:{name}:{until.timestamp()}", name=name)


def organisations(context: Context, _: Nothing) -> Items:
    """The organisations the directory follows, each with its last run."""
    found = []
    for each in plan_of(context).organisations.values():
        last = next(iter(context.unit.fetch(RUNS_OF, of_name=each.name)), None)
        found.append(
            {
                "name": each.name, "title": localized(each.title, context.actor.locale), "kind": each.kind,
                "minutes": int(each.every.total_seconds() // 60), "ready": _secrets_known(context, each),
                "last": _shown(context, last) if last is not None else None,
            }
        )  # fmt: skip
    return {"items": found}


def runs(context: Context, params: Runs) -> Items:
    """What came of the last runs, the newest first."""
    _organisation(context, params.name)
    return {
        "items": [_shown(context, each) for each in context.unit.fetch(RUNS_OF, of_name=params.name)][: params.limit]
    }


def plan_sync(context: Context, params: OneOrganisation, through: Through) -> dict[str, Any]:
    """What would change, without a change: `{"departments", "people", "conflicts", "counts"}`."""
    return previewed(context, _organisation(context, params.name), through)


def previewed(context: Context, organisation: OrganisationPlan, through: Through) -> dict[str, Any]:
    """The same for an organisation as it would be, behind a connection that is published."""
    try:
        found = _read(context, organisation, through)
    except _Later as later:
        raise Rejected(problem("not-read", "/name", name=organisation.name, reason=later.reason)) from None
    return _told(context, _planned(context, context.unit, organisation, found, all_leave=False))


def follow(context: Context, params: Sync, through: Through) -> dict[str, Any]:
    """Let the directory follow now; what came of it, as `runs` shows it. What fails for the moment is tried again."""
    organisation = _organisation(context, params.name)
    try:
        found = _read(context, organisation, through)
    except Rejected as refused:
        reason: Text = reasons.of_refusal(refused)
        return _written(context, lambda unit: _failed(context, unit, organisation, reason, again=False))
    except _Later as later:
        reason = later.reason
        return _written(context, lambda unit: _failed(context, unit, organisation, reason, again=True))
    return _written(context, lambda unit: _applied(context, unit, organisation, found, all_leave=params.all_leave))


def _written(context: Context, work: Callable[[Unit], dict[str, Any]]) -> dict[str, Any]:
    written: dict[str, Any] = context.host.write(work)
    return written


class _Later(Exception):
    """The service cannot be read at the moment, and why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(localized(reason))
        self.reason = reason


def _read(context: Context, organisation: OrganisationPlan, through: Through) -> Organisation:
    """The organisation as the service has it. Raises Rejected for what somebody has to change, else _Later."""
    directory = plan_of(context).directories.get(organisation.connector)
    if directory is not None:
        return _read_directory(context, organisation, directory)
    target = plan_of(context).targets[organisation.connector]
    reads = people_of(target.kind)
    assert reads is not None
    walk = Walk(
        context, through.tokens, through.kept, target, patience=PATIENCE, limit=LARGE, timeout=float(target.timeout)
    )
    try:
        return walk.through(reads(target.document, walk.keys))
    except Refused as refused:
        reason = refused.verdict.reason
        if refused.verdict.outcome == "again":
            raise _Later(reason) from None
        raise Rejected(problem("not-read", "/name", name=organisation.name, reason=reason)) from None
    except (OSError, http.client.HTTPException, KeyError, TypeError, ValueError) as error:
        raise _Later(unreached(error)) from None


def _read_directory(context: Context, organisation: OrganisationPlan, ldap: LdapDirectory) -> Organisation:
    try:
        return ldap_people.organisation(context, ldap.document)
    except LdapError as refused:
        if refused.code is None or refused.code in BUSY:
            raise _Later(refused.reason) from None
        raise Rejected(problem("not-read", "/name", name=organisation.name, reason=refused.reason)) from None
    except OSError as error:
        raise _Later(unreached(error)) from None


def _planned(
    context: Context, unit: Unit, organisation: OrganisationPlan, found: Organisation, *, all_leave: bool
) -> Changes:
    name = organisation.connector
    known = Known(
        {row["key"]: row["department"] for row in unit.fetch(SECTIONS, of_connector=name)},
        {row["account"]: row["user"] for row in unit.fetch(ACCOUNTS, of_connector=name)},
        {row["account"]: row["left_at"] is None for row in unit.fetch(MEMBERS, of_connector=name)},
    )
    people = directory(context.host.context(unit, APP, now=context.now()))
    return planned(organisation.document, found, people, known, all_leave=all_leave)


def _applied(
    context: Context, unit: Unit, organisation: OrganisationPlan, found: Organisation, *, all_leave: bool
) -> dict[str, Any]:
    """All changes in one transaction; two runs at once do it one after the other."""
    name, now = organisation.connector, context.now()
    unit.begin()
    if unit.database.dialect_name == "postgresql":
        unit.fetch(LOCK, of_connector=f"api.sync:{name}")
    row = unit.insert(sync, organisation=organisation.name, at=now, by=context.actor.id, error=None, told={}, counts={})
    assert row is not None
    context.host.forget_directory(unit)
    changes = _planned(context, unit, organisation, found, all_leave=all_leave)
    acting = context.host.context(unit, APP, now=now)
    saved = acting.ask(
        "identity.save_many",
        departments=[{"name": each.known_as, **each.sets} for each in changes.departments],
        people=[{"login": each.known_as, **each.sets} for each in changes.people if each.sets],
    )
    _remember(acting, unit, name, found, changes, saved)
    left = [each for each in changes.people if each.does == ("leaves",)]
    for each in left:
        unit.run(LEFT, of_connector=name, of_account=each.key, new_left=now)
    if left:
        _tell(acting, TITLE, HAND_OVER, {"count": len(left), "names": "、".join(each.name for each in left[:10])},
              f"sync:{organisation.name}:{row}")  # fmt: skip
    told = _told(acting, changes)
    unit.run(
        sa.update(sync).where(sync.c.id == row).values(told={key: told[key] for key in told if key != "counts"},
                                                       counts=told["counts"])
    )  # fmt: skip
    return _swept(context, unit, organisation.name, row)


def _remember(
    context: Context, unit: Unit, name: str, found: Organisation, changes: Changes, saved: Mapping[str, Any]
) -> None:
    """Whose accounts are whose, which department is which, and who was seen."""
    people = directory(context)
    known = {row["account"]: row["left_at"] for row in unit.fetch(MEMBERS, of_connector=name)}
    accounts = {row["account"]: row["user"] for row in unit.fetch(ACCOUNTS, of_connector=name)}
    for each in found.people:
        login = changes.accounts.get(each.account)
        if login is None or not each.active:
            continue
        user = people.by_login[login].id
        if accounts.get(each.account) != user:
            remember(context, name, each.account, user)
        if each.account not in known:
            unit.insert(member, connector=name, account=each.account, left_at=None)
        elif known[each.account] is not None:
            unit.run(LEFT, of_connector=name, of_account=each.account, new_left=None)
    sections = {row["key"]: row["department"] for row in unit.fetch(SECTIONS, of_connector=name)}
    numbers = {each.name: each.id for each in people.departments.values()}
    for key, called in changes.linked.items():
        if sections.get(key) != numbers[called]:
            unit.run(FORGET_SECTION, of_connector=name, of_key=key)
            unit.insert(section, connector=name, key=key, department=numbers[called])


def _failed(
    context: Context, unit: Unit, organisation: OrganisationPlan, reason: Text, *, again: bool
) -> dict[str, Any]:
    """Write down that the service could not be read; administrators are told when it begins."""
    before = next(iter(unit.fetch(RUNS_OF, of_name=organisation.name)), None)
    row = unit.insert(
        sync,
        organisation=organisation.name,
        at=context.now(),
        by=context.actor.id,
        error=reasons.kept(reason),
        told={},
        counts={},
    )
    assert row is not None
    acting = context.host.context(unit, APP, now=context.now())
    if again and context.actor.is_app:
        acting.later("api.sync", at=context.now() + SOON, key=f"api.sync:{organisation.name}:again:{row}",
                     name=organisation.name)  # fmt: skip
    if not again and (before is None or before["error"] is None):
        names = {"name": organisation.name}
        _tell(acting, FAILED, reason, names, f"sync:{organisation.name}:failed:{row}")
    return _swept(context, unit, organisation.name, row)


def _tell(context: Context, title: Text, text: Text, values: Mapping[str, Any], key: str) -> None:
    administrators = tuple(each.id for each in directory(context).with_role(ADMINISTRATOR))
    assert isinstance(title, Mapping)
    filled = {locale: pattern.format(**values) for locale, pattern in title.items()}
    context.ask("notifications.send", to=administrators, title=filled, text=text, key=key)


def _swept(context: Context, unit: Unit, name: str, row: int) -> dict[str, Any]:
    """The run that was written, as it is shown; those of long ago are gone."""
    found = unit.fetch(RUNS_OF, of_name=name)
    unit.run(OLD_RUNS, of_name=name, before_id=found[-1]["id"])
    return _shown(context, next(each for each in found if each["id"] == row))


def _shown(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    error = reasons.told(row["error"], context.actor.locale)
    return {"id": row["id"], "at": row["at"], "by": row["by"], "error": error, "counts": row["counts"],
            "departments": [], "people": [], "conflicts": [], **row["told"]}  # fmt: skip


def _told(context: Context, changes: Changes) -> dict[str, Any]:
    """Changes as the page shows them; of very many the first, and how many there are of each sort."""
    counts: dict[str, int] = {}
    for sort, listed in (("department", changes.departments), ("person", changes.people)):
        for each in listed:
            for does in each.does:
                counts[f"{sort}_{does}"] = counts.get(f"{sort}_{does}", 0) + 1
    counts["conflicts"] = len(changes.conflicts)
    titles = _titles(context, changes)
    return {
        "departments": [_row(each, titles) for each in changes.departments[:SHOWN]],
        "people": [_row(each, titles) for each in changes.people[:SHOWN]],
        "conflicts": [asdict(each) for each in changes.conflicts[:SHOWN]],
        "counts": counts,
    }


def _titles(context: Context, changes: Changes) -> dict[str, dict[str, Text]]:
    """What departments, people and roles are called, by the names that changes hold."""
    people = directory(context)
    departments = {each.name: each.title for each in people.departments.values()}
    departments |= {each.known_as: each.sets["title"] for each in changes.departments if "title" in each.sets}
    persons: dict[str, Text] = {login: user.name for login, user in people.by_login.items()}
    persons |= {each.known_as: each.name for each in changes.people}
    roles = {each.name: each.title or each.name for each in context.app.definition.roles}
    return {"department": departments, "parent": departments, "manager": persons, "head": persons, "roles": roles}


def _row(change: Change, titles: Mapping[str, Mapping[str, Text]]) -> dict[str, Any]:
    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            called = titles.get(name, {})
            many = [called.get(each, each) for each in value] if isinstance(value, tuple) else None
            found[name] = many if many is not None else called.get(value, value) if isinstance(value, str) else value
        return found

    return {
        "does": list(change.does), "key": change.key, "name": change.name, "known_as": change.known_as,
        "user": change.user, "sets": shown(change.sets), "was": shown(change.was),
    }  # fmt: skip


def _secrets_known(context: Context, organisation: OrganisationPlan) -> bool:
    return all(context.host.secret(name) for name in organisation.secrets)


def _organisation(context: Context, name: str) -> OrganisationPlan:
    known = plan_of(context).organisations
    if name not in known:
        raise NotFound(problem("no-organisation", "/name", name=name, near=nearest(name, known) or ""))
    return known[name]
