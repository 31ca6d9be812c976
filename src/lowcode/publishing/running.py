"""Publishing while the app runs: the host goes on with another version, and other hosts of the database follow.

What is under way ends with the version it began with; what comes next gets the new one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lowcode import publishing
from lowcode.app import App
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.records import indexing
from lowcode.kernel.storage.migrate import Plan, versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.publishing.merging import Over, differing

log = logging.getLogger("lowcode.publishing")

PURGE = "purge:"
SECONDS = 2.0
"""So often a host looks whether another one published."""


def plan_documents(
    host: Any, documents: Documents, allow: Iterable[str] = ()
) -> tuple[Plan, publishing.Wanted]:  # fmt: skip
    """What publishing documents would do, and what they are then. Raises DefinitionError.

    Of `allow`, those consents count that make it another plan: `purge:…`."""
    over = differing(host.standing.folder, documents)
    wanted = publishing.Wanted(documents, host.compile(documents), over, running=True)
    purge = [each for each in allow if each.startswith(PURGE)]
    return publishing.plan_for(host, wanted, purge), wanted


def publish(host: Any, plan: Plan, wanted: publishing.Wanted, allow: Iterable[str], actor: int | None) -> None:
    """Carry out a plan, and go on with what it leads to as soon as it is in use: of a large table, columns are computed
    and indexes made while people work with it. Raises ConsentNeeded, CannotApply, ApplyBusy, ApplyStale."""

    def go_on() -> None:
        _go_on(host, wanted.documents, wanted.app, plan.version, wanted.over)

    with host.standing.lock:
        if publishing.carry(host, plan, allow, command="app.publish", actor=actor, swapped=go_on):
            indexing.begin(host)


def undo(host: Any, plan: Plan, documents: Documents, allow: Iterable[str], actor: int | None) -> None:
    """Carry out the plan of an undo, and go on with the documents from before."""
    with host.standing.lock:
        app = host.compile(documents)

        def go_on() -> None:
            _go_on(host, documents, app, plan.version, differing(host.standing.folder, documents))

        if publishing.carry(host, plan, allow, command="app.undo", actor=actor, swapped=go_on):
            indexing.begin(host)


def follow(host: Any, *, aside: bool = False, at_once: bool = False) -> None:
    """Go on with the version that is in use, when another process brought the database to one.

    Looks every few seconds at most, unless `at_once`; with `aside`, what is new is read and understood in a thread of
    its own, for callers that cannot wait.
    """
    standing = host.standing
    now = time.monotonic()
    if not standing.version or (now - standing.looked < SECONDS and not at_once):
        return
    standing.looked = now
    if _newer(host) is None:
        return
    if aside:
        threading.Thread(target=_catch_up, args=(host,), name="lowcode follow", daemon=True).start()
    else:
        _catch_up(host)


@contextmanager
def at_work(host: Any) -> Iterator[None]:
    """A piece of work. When the host went on with another version meanwhile, this work may have left what it derived
    from the one before in the caches: it is dropped."""
    swaps = host.standing.swaps
    try:
        yield
    finally:
        after_work(host, swaps)


def after_work(host: Any, swaps: int) -> None:
    """A piece of work ended that began when the host had gone on `swaps` times; see `at_work`."""
    if host.standing.swaps != swaps:
        host.forget()


def _newer(host: Any) -> int | None:
    """The version in use, when it is another than the host's, and not one that it could not read."""
    with host.database.reading() as unit:
        found = versions.in_use(Hand(unit, within=False))
    known = (host.standing.version, host.standing.unreadable)
    return found[0] if found is not None and found[0] not in known else None


def _catch_up(host: Any) -> None:
    with host.standing.lock:
        number = None if host.standing.closed else _newer(host)
        if number is None:
            return
        with host.database.reading() as unit:
            kept = versions.kept(Hand(unit, within=False), number)
        try:
            documents = load(versions.contents(kept), Report(), engines=publishing.folders(host))
            app = host.app if documents.digest == host.documents.digest else host.compile(documents)
        except Exception:  # of a newer library, or with a plug-in that is not here
            log.exception("version %s is in use and cannot be read by this process: it writes nothing", number)
            host.standing.unreadable = number
            return
        host.database.forget_statements()
        host.database.ids_in_hand.clear()
        _go_on(host, documents, app, number, kept.get("over") or {})


def _go_on(host: Any, documents: Documents, app: App, number: int, over: Over) -> None:
    host.take(documents, app)
    host.standing.version, host.standing.over, host.standing.went_on = number, over, time.monotonic()
    host.standing.unreadable = 0
