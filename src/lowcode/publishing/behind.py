"""A database that is at another version than the code that asks it: said as that, with what to run.

It costs next to nothing while all is well: only when a table or column is not there is it looked whether one should be,
and on SQLite, which takes any value into any column, when the tables are others than they were (`look`). Where
another process published meanwhile, the host follows it then, so that who tries again is answered: a program that only
calls `host.ask` looks for new versions at no other time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from lowcode import publishing
from lowcode.kernel.diagnostics import Conflict, Problem, Rejected, Unavailable
from lowcode.kernel.expressions import NotPushable
from lowcode.kernel.records import words
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.troubles import lacks, planned_before, unavailable
from lowcode.kernel.storage.unit import StaleWrite, Unit
from lowcode.publishing import running

RETRY_SECONDS = 2
EMPTY = {
    "en": "nothing was published to this database yet; bring it to the app: lowcode apply {app} --database …, "
    "or host.publish() in a program",
    "zh-CN": "该数据库尚未发布过应用；请先发布：lowcode apply {app} --database …，或在程序中调用 host.publish()",
}
BEHIND = {
    "en": "the database is at version {version}, from before this state of the app or of the library; bring it here: "
    "lowcode apply {app} --database …, or host.publish() in a program",
    "zh-CN": "数据库仍是第 {version} 版，早于当前的应用或程序库；请先升级：lowcode apply {app} --database …，"
    "或在程序中调用 host.publish()",
}
AHEAD = {
    "en": "version {version} was published by another process meanwhile; try again",
    "zh-CN": "其他进程刚发布了第 {version} 版，请重试",
}
UNREADABLE = {
    "en": "version {version} is in use, which this process cannot read: its library is older, or an extension is "
    "missing; nothing is written until it is brought up to date and started again",
    "zh-CN": "正在使用的第 {version} 版无法被本进程读取：程序库较旧或缺少扩展；请升级并重启，在此之前不写入任何数据",
}
BEYOND_IT = {
    "en": "the database cannot look for that: {reason}. Ask in another way, or keep the result in a formula field and "
    "ask for that",
    "zh-CN": "数据库无法按此查询：{reason}。请换一种写法，或先用公式字段保存结果，再按该字段查询",
}


@contextmanager
def clearly(host: Any) -> Iterator[None]:
    """Within this block the driver's errors that mean a refusal become it."""
    try:
        yield
    except Rejected:
        raise
    except Exception as error:
        found = refusal(host, error)
        if found is None:
            raise
        raise found from error


def refusal(host: Any, error: Exception) -> Rejected | None:
    """The refusal that an error means: somebody changed it first, the database cannot carry out what is asked, cannot
    do it now, or is at another version of the app. None for an error of another kind."""
    if isinstance(error, NotPushable):
        return Rejected(Problem("expressions.not-in-database", dict(BEYOND_IT), values={"reason": error.said.text}))
    if isinstance(error, StaleWrite):  # PostgreSQL is told at the commit what nobody had to wait for
        return Conflict(words.problem("changed-meanwhile", ""))
    return unavailable(host.database, error) or _behind(host, error)


def _behind(host: Any, error: Exception) -> Rejected | None:
    """The refusal a driver's error means where the database lacks what this version of the app needs. None for an error
    of another kind, and where the database is just as the app needs it: then the statement is wrong."""
    if not lacks(error):
        return None
    if _just_went_on(host):
        return _ahead(host, host.standing.version)
    if publishing.unchanged(host):
        return _ahead(host, host.standing.version) if planned_before(error) else None
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        found = versions.in_use(hand) if versions.known(hand) else None
    app = host.documents.app.name
    if found is None:
        return Unavailable(Problem("storage.unpublished", dict(EMPTY), values={"app": app}))
    version = found[0]
    if host.standing.version and version > host.standing.version:
        return _ahead(host, version)
    return Unavailable(Problem("storage.behind", dict(BEHIND), values={"version": version, "app": app}))


def _just_went_on(host: Any) -> bool:
    """Whether what was asked may have begun with the version before."""
    return time.monotonic() - host.standing.went_on < RETRY_SECONDS  # type: ignore[no-any-return]


def replanning(host: Any, unit: Unit) -> None:
    """What was asked had been planned for other tables: it is planned anew only by the version in use. Raises
    Unavailable."""
    if _just_went_on(host):
        raise _ahead(host, host.standing.version)
    look(host, unit)


def _replanning(host: Any) -> Callable[[Unit], None]:
    """Looks before a statement is planned anew: one for all units of a host."""
    found: Callable[[Unit], None] = partial(replanning, host)
    host.standing.again = found
    return found


def current(host: Any, unit: Unit) -> None:
    """Look, where the tables are others than they were, or something is to be written by a host that cannot read the
    version in use; and have it looked at where a statement is planned anew. Raises Unavailable."""
    standing = host.standing
    unit.again = standing.again or _replanning(host)
    changed = unit.schema is not None and unit.schema != standing.schema
    if changed or (standing.unreadable and not unit.only_reads):
        look(host, unit)


def look(host: Any, unit: Unit) -> None:
    """The tables are others than when it was looked last, or in use is what this process cannot read: nothing is
    written by a version that is not in use any more. Raises Unavailable."""
    hand = Hand(unit)
    found = versions.in_use(hand) if versions.known(hand) else None
    if found is not None and host.standing.version and found[0] > host.standing.version:
        raise _ahead(host, found[0])
    host.standing.schema = unit.schema


def _ahead(host: Any, version: int) -> Unavailable:
    """Another process published meanwhile: the host follows, and who asked may try again, unless it cannot follow."""
    if version == host.standing.unreadable:
        return Unavailable(Problem("storage.unreadable", dict(UNREADABLE), values={"version": version}))
    running.follow(host, aside=True, at_once=True)
    problem = Problem("storage.republished", dict(AHEAD), values={"version": version})
    return Unavailable(problem, retry_after=RETRY_SECONDS)
