"""Logs are trimmed by night, set-wise and in pieces: what lies further back than its log is kept goes.

How long that is says the table (`storage.trimmed`), unless the app says otherwise in `keep_days`. A piece is a job and
a transaction of its own, so that nobody waits for a long one, and a night that was broken off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters, Timer
from lowcode.kernel.storage import loose
from lowcode.kernel.storage.trimmed import Trimmed, logs_of

HOUR = "10 3 * * *"
PIECE = 5000
"""So many rows go in one transaction."""
NEWEST = 2**62


FILES = 500
"""So many files go in one transaction."""
LOOKED_AT = 1000
"""Rows of a log come nearly in order, as clocks and transactions let them: among the first is the oldest."""
DAY = timedelta(days=1)


class OfLog(Parameters):
    """A log by its name; files that nothing refers to are looked at behind the number `after`."""

    log: str
    after: int = 0


class OfContents(Parameters):
    """Contents of files that were collected, by their digests."""

    digests: tuple[str, ...]


def logs(context: Context) -> Mapping[str, tuple[Trimmed, sa.Table]]:
    """The logs of the kernel and of the engines of an app."""
    host: Any = context.host
    found: Mapping[str, tuple[Trimmed, sa.Table]] = host.cached("logs", lambda: logs_of(loose.tables_of(context.app)))
    return found


def days_of(context: Context, log: Trimmed) -> int | None:
    """How many days a log is kept; None: for ever."""
    kept: int | None = context.app.definition.keep_days.get(log.name, log.days)
    return kept


def by_night(context: Context, since: datetime, until: datetime) -> None:
    """Have each log trimmed that holds something too old."""
    for name in logs(context):
        if _old(context, name) is not None:
            context.as_app().later("logs.trim", key=f"logs.trim:{name}:{until.timestamp()}", log=name)


def trim(context: Context, params: OfLog) -> int:
    """Take away the oldest piece of what is too old, and put off the next; how many rows went."""
    found = _old(context, params.log)
    if found is None:
        return 0
    if logs(context)[params.log][0].loose:
        return _collect(context, params, found)
    gone = context.unit.run(*_statement(context, "trim", params.log), before_at=found)
    if gone == PIECE:
        context.as_app().later("logs.trim", log=params.log)
    return gone


def _collect(context: Context, params: OfLog, before: datetime) -> int:
    """Take away a piece of the files that nothing refers to, and put off the next, and what becomes of their contents:
    a day later, as somebody may be keeping the same at this moment."""
    gone, digests, behind = loose.take(context.unit, loose.tables_of(context.app), before, params.after, FILES)
    acting = context.as_app()
    if digests:
        acting.later("files.discard", at=context.now() + DAY, digests=digests)
    if behind is not None:
        acting.later("logs.trim", log=params.log, after=behind)
    return gone


def discard(context: Context, params: OfContents) -> None:
    """Take away contents that nothing refers to, after the commit; those that somebody kept within a day wait for the
    next."""
    host: Any = context.host
    unused = loose.unused_contents(context.unit, loose.tables_of(context.app), params.digests)
    young = [each for each in unused if not host.files.discard(each, DAY.total_seconds())]
    if young:
        context.as_app().later("files.discard", at=context.now() + DAY, digests=young)


def kept(context: Context, params: Nothing) -> Items:
    """How long each log is kept: `{"items": [{"log", "table", "days", "oldest"}]}`; `days` is None for ever."""
    items = []
    for name, (log, table) in sorted(logs(context).items()):
        row = context.unit.one(*_statement(context, "oldest", name))
        oldest = row["oldest"] if row is not None else None
        items.append({"log": name, "table": table.name, "days": days_of(context, log), "oldest": oldest})
    return {"items": items}


def _old(context: Context, name: str) -> datetime | None:
    """Before when the rows of a log are too old, if there is any such row."""
    log, _ = logs(context)[name]
    days = days_of(context, log)
    if days is None:
        return None
    before = context.now() - timedelta(days=days)
    return before if context.unit.one(*_statement(context, "any", name), before_at=before) is not None else None


def _statement(context: Context, what: str, name: str) -> tuple[Any]:
    host: Any = context.host
    make = {"any": _any, "trim": _trim, "oldest": _oldest}[what]

    def made() -> Any:
        log, table = logs(context)[name]
        counts = loose.unheld(loose.tables_of(context.app)) if log.loose else sa.true()
        return make(log, table, counts)

    return (host.cached(("log", what, name), made),)


def _oldest(log: Trimmed, table: sa.Table, counts: Any) -> Any:
    """When the oldest row came, without going through all of them where they are numbered as they come; of files that
    nothing refers to, among the newest."""
    first = sa.select(table.c[log.at].label("at"))
    if log.loose:  # what is loose is young: what is older was looked at by night
        young = sa.select(table.c.id).order_by(table.c.id.desc()).limit(loose.LOOKED_AT)
        first = first.where(table.c.id.in_(young), counts)
    elif "id" in table.c:
        first = first.order_by(table.c.id).limit(LOOKED_AT)
    return sa.select(sa.func.min(first.subquery().c.at, type_=table.c[log.at].type).label("oldest"))


def _too_old(log: Trimmed, table: sa.Table, counts: Any) -> Any:
    """The rows that may go, the oldest first where rows are numbered as they come."""
    at = table.c[log.at]
    found = sa.select(*table.primary_key).where(at < sa.bindparam("before_at", type_=at.type), counts)
    if log.only is not None:
        found = found.where(table.c[log.only[0]].in_(log.only[1]))
    if log.blank is not None:
        found = found.where(table.c[log.blank].is_(None))
    if "id" in table.c:
        # Numbers grow with time: the first that is not too old ends the search, which would go through all others.
        first = sa.select(table.c.id).where(at >= sa.bindparam("before_at", type_=at.type))
        first = first.order_by(table.c.id).limit(1)
        found = found.where(table.c.id < sa.func.coalesce(first.scalar_subquery(), NEWEST)).order_by(table.c.id)
    return found


def _any(log: Trimmed, table: sa.Table, counts: Any) -> Any:
    return _too_old(log, table, sa.true() if log.loose else counts).limit(1)


def _trim(log: Trimmed, table: sa.Table, counts: Any) -> Any:
    (key,) = table.primary_key
    return sa.delete(table).where(key.in_(_too_old(log, table, counts).limit(PIECE)))


TIMER = Timer("logs.trim", by_night, cron=HOUR)
OPERATIONS = (
    Operation("logs.trim", trim, OfLog, "internal"),
    Operation("files.discard", discard, OfContents, "internal"),
    Operation(
        "logs.kept", kept, Nothing, "administrator", writes=False,
        summary={"en": "How long logs are kept", "zh-CN": "日志保留时间"},
    ),
)  # fmt: skip
