"""Templates that people upload: kept in the database version by version, beside those of the app's folder.

A template of the app goes before one of the same name that was uploaded, so an exported template that has become part
of the app is used from there (`docs/decisions/0066`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound, Report
from lowcode.printing.plan import PrintingPlan, TemplatePlan
from lowcode.printing.tables import own_template

latest = (
    sa.select(own_template.c.name, sa.func.max(own_template.c.version).label("version"))
    .group_by(own_template.c.name)
    .subquery()
)
in_use = (
    sa.select(own_template)
    .join(latest, sa.and_(latest.c.name == own_template.c.name, latest.c.version == own_template.c.version))
    .order_by(own_template.c.name)
)
SEEN = "own-templates-seen"
SECONDS = 2.0
"""So long whoever only reads relies on what it saw last: other processes follow within seconds, as with versions of the
app. Every page of a record asks."""


@dataclass
class Seen:
    """Which version was uploaded last, as this process saw it, and until when it relies on that."""

    last: int | None = None
    until: float = 0.0


stamp = sa.select(sa.func.max(own_template.c.id).label("last"))


def with_own(context: Context, plan: PrintingPlan) -> PrintingPlan:
    """The templates of the app and those that were uploaded; understood once per set of them and version of the app."""
    last = _last(context)
    if last is None:
        return plan
    host: Any = context.host
    found: PrintingPlan = host.cached(
        ("own-templates", context.app.digest, last), lambda: _merged(context, plan)
    )  # fmt: skip
    return found


def _last(context: Context) -> int | None:
    """The number of the version uploaded last, which tells one set of them from another."""
    host: Any = context.host
    seen: Seen = host.cached(SEEN, Seen)
    if context.unit.only_reads and time.monotonic() < seen.until:
        return seen.last
    row = context.unit.one(stamp)
    last = row["last"] if row is not None else None
    if context.unit.only_reads:
        seen.last, seen.until = last, time.monotonic() + SECONDS
    return last


def uploaded(context: Context) -> None:
    """A version is added in this transaction: after its commit this process knows of it at once."""
    host: Any = context.host
    context.unit.after_commit.append(lambda: setattr(host.cached(SEEN, Seen), "until", 0.0))


def _merged(context: Context, plan: PrintingPlan) -> PrintingPlan:
    understood = {}
    for row in context.unit.fetch(in_use):
        if row["retired"] or row["name"] in plan.templates:
            continue
        found, _ = understand(context, plan, row)
        if found is not None:
            understood[found.name] = found
    return replace(plan, templates={**plan.templates, **understood}, own=frozenset(understood))


def understand(context: Context, plan: PrintingPlan, row: Mapping[str, Any]) -> tuple[TemplatePlan | None, Report]:
    """An uploaded template in the app as it is now, and what is wrong with it: a form may have changed since."""
    host: Any = context.host
    report = Report()
    if plan.understand is None:
        return None, report
    try:
        files = {row["path"]: host.files.get(row["content"])}
    except NotFound:
        files = {}
    return plan.understand(row["document"], files, context.app.scope, report), report
