"""Everything that connects an app with other programs, as an administrator looks at it: `api.connections`.

What it says, it says by name: which secrets are needed and whether they are there, never what they are; where an
address leads, without what stands behind its `?`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import sqlalchemy as sa

from lowcode.api import mailboxes
from lowcode.api.advice import advised
from lowcode.api.connectors.kind import channel_of, secrets_of
from lowcode.api.deliveries import BACKOFF
from lowcode.api.offers.connected import Connected
from lowcode.api.plan import ApiPlan, Intake, Secret, Target, plan_of
from lowcode.api.secret_uses import told_secret
from lowcode.api.tables import delivery, request
from lowcode.kernel import reasons
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing
from lowcode.kernel.diagnostics import localized

OPEN = ("waiting", "dead")
COUNTED = (
    sa.select(delivery.c.target, delivery.c.state, sa.func.count().label("number"))
    .where(delivery.c.target.in_(sa.bindparam("targets", expanding=True)))
    .where(delivery.c.state.in_(OPEN))
    .group_by(delivery.c.target, delivery.c.state)
)
REFUSED = (
    sa.select(request.c.intake, sa.func.count().label("number"))
    .where(request.c.intake.in_(sa.bindparam("intakes", expanding=True)), request.c.state == "refused")
    .group_by(request.c.intake)
)
LAST = ("target", "state", "status", "error", "tried_at")


def connections(
    context: Context, _: Nothing
) -> Annotated[
    dict[str, Any],
    has(connectors=list[dict], intakes=list[dict], mailboxes=list[dict], endpoints=list[dict], ways=list[dict]),
]:
    """Ways out (`connectors`, with webhooks among them), ways in (`intakes`, `mailboxes`, `endpoints`), by what people
    sign in and whom they follow (`ways`), and what is switched off (`off`); `attempts` is how often a message is
    tried."""
    plan = plan_of(context)
    return {
        "connectors": _targets(context, plan),
        "intakes": _intakes(context, plan),
        "mailboxes": mailboxes.states(context, Nothing())["items"],
        "endpoints": _endpoints(context, plan),
        "ways": _ways(context, plan),
        "off": _off(context),
        "attempts": 1 + len(BACKOFF),
    }


def _targets(context: Context, plan: ApiPlan) -> list[dict[str, Any]]:
    names = list(plan.targets)
    counts: dict[str, dict[str, int]] = {}
    for row in context.unit.fetch(COUNTED, targets=names) if names else ():
        counts.setdefault(row["target"], {})[row["state"]] = row["number"]
    last = {row["target"]: row for row in context.unit.fetch(_last(names))} if names else {}
    events = {each.target: each for each in plan.watched}
    found = []
    for each in plan.targets.values():
        channel = channel_of(each.kind, each.document)
        watched = events.get(each.name)
        found.append(
            {
                "name": each.name,
                "title": localized(each.title, context.actor.locale),
                "type": "webhook" if each.kind is None else each.kind.name,
                **_address(each),
                "method": each.method,
                "timeout": each.timeout,
                "limit": each.limit,
                "reach": None if channel is None else channel.reach,
                "offers": isinstance(each.document, Connected),
                "on": None if watched is None else {"form": watched.form, "event": watched.event},
                "secrets": _secrets(context, each.secrets),
                "used_by": _used_by(context, each),
                **{state: counts.get(each.name, {}).get(state, 0) for state in OPEN},
                "last": _told(context, last.get(each.name)),
            }
        )
    return found


def _last(names: Iterable[str]) -> sa.CompoundSelect[Any]:
    """The newest attempt of each, found by the index of attempts."""
    columns = [delivery.c[name] for name in LAST]
    parts = [
        sa.select(*columns).where(delivery.c.target == name, delivery.c.tried_at.is_not(None))
        .order_by(delivery.c.tried_at.desc()).limit(1).subquery().select()
        for name in names
    ]  # fmt: skip
    return sa.union_all(*parts)


def _told(context: Context, row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    locale = context.actor.locale
    hint = advised(row["status"]) if row["error"] else None
    return {
        "at": row["tried_at"], "state": row["state"], "status": row["status"],
        "error": reasons.told(row["error"], locale), "hint": None if hint is None else localized(hint, locale),
    }  # fmt: skip


def _address(target: Target) -> dict[str, str | None]:
    """Where it leads: without a login and without what stands behind `?` or `#`, which may prove who asks; one that is
    a secret by its name."""
    if isinstance(target.url, Secret):
        return {"address": None, "address_secret": target.url.name}
    parts = urlsplit(target.url)
    shown = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return {"address": shown + ("?…" if parts.query else ""), "address_secret": None}


def _secrets(context: Context, names: Iterable[str]) -> list[dict[str, Any]]:
    return [told_secret(context.host, name) for name in names]


def _used_by(context: Context, target: Target) -> list[dict[str, Any]]:
    """The documents that name it: rules, flows, ways to sign in, organisations."""
    app: Any = context.app
    what = "webhook" if target.kind is None else "connector"
    paths = {place.document for sort, name, place in app.scope.named if (sort, name) == (what, target.name)}
    return [
        {"kind": each.kind, "name": each.name,
         "title": localized(each.data.get("title") or each.name, context.actor.locale)}
        for each in app.documents
        if each.path in paths
    ]  # fmt: skip


def _intakes(context: Context, plan: ApiPlan) -> list[dict[str, Any]]:
    names = list(plan.intakes)
    refused = {row["intake"]: row["number"] for row in context.unit.fetch(REFUSED, intakes=names)} if names else {}
    return [
        {
            "name": each.name,
            "title": localized(each.title, context.actor.locale),
            "form": each.form,
            "path": f"api/intake/{each.name}",
            "proof": _proof(each),
            "origins": sorted(each.origins),
            "limit": None if _proof(each) == "key" else each.limit,
            "limit_total": each.limit_total if each.public else None,
            "secrets": _secrets(context, () if each.signed is None else (each.signed.secret.name,)),
            "refused": refused.get(each.name, 0),
        }
        for each in plan.intakes.values()
    ]


def _proof(intake: Intake) -> str:
    """How it is known who sends."""
    return "public" if intake.public else "signed" if intake.signed is not None else "key"


def _endpoints(context: Context, plan: ApiPlan) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "title": localized(each.title, context.actor.locale),
            "method": each.method,
            "path": f"api/endpoints/{each.path}",
            "by": [word for word in ("public", "key", "session") if getattr(each, word)],
            "limit": each.limit,
            "limit_total": each.limit_total,
        }
        for each in plan.endpoints.values()
    ]


def _ways(context: Context, plan: ApiPlan) -> list[dict[str, Any]]:
    """By what people sign in beside their own password, and which organisations they follow."""
    found: list[tuple[Any, str, Iterable[str]]] = [
        *((each, each.kind.name, secrets_of(each.document)) for each in plan.sign_ins.values()),
        *((each, "ldap", each.secrets) for each in plan.directories.values()),
        *((each, "organisation", ()) for each in plan.organisations.values()),
    ]
    return [
        {"name": each.name, "title": localized(each.title, context.actor.locale), "type": kind,
         "connector": getattr(each, "connector", None), "secrets": _secrets(context, secrets)}
        for each, kind, secrets in found
    ]  # fmt: skip


def _off(context: Context) -> list[dict[str, Any]]:
    """Documents that are there and do nothing, as they say `"enabled": false`."""
    app: Any = context.app
    return [
        {"name": each.name, "title": localized(each.data.get("title") or each.name, context.actor.locale),
         "type": each.data.get("type")}
        for each in app.documents.of("api")
        if each.data.get("enabled") is False
    ]  # fmt: skip
