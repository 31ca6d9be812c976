"""Bringing a database to a version of an app: plan, apply, undo, for a host.

The kernel compares schemas and carries out steps (`kernel.storage.migrate`); here documents are compiled, those that
were applied are read back, and what is computed is computed.

* here         a database brought to the documents a host was opened with, before it serves anybody
* `running`    the same while it serves: documents change, the host goes on with the new version, others follow
* `merging`    what was published while the app ran, laid over the folder it is started from again
* `operations` how that is asked: `app.plan`, `app.publish`, `app.plan_undo`, `app.undo`, `app.versions`
* `protocol`   which publishing from afar is spoken, by a host and by a command line of another version
* `holding`    checks and ranges that are new, and the records that are there and break them
* `roles`      roles that go, and the people who have them
* `parts`      parts that are switched, and what waits while they are off
* `former`     how one document was
* `listed`     which documents there are, and who changed each last
* `designed`   one document as two people designed it, brought together
* `settings`   what the designer of `app.json` asks
* `calendars`  what the designer of working calendars asks
* `switching`  how parts are listed and switched by hand
* `packages`   apps that are put into this one as parts of it
* `asked`      all of what is asked, for a host
* `behind`     what is said where a database lacks what the code that asks it needs
* `telling`    a plan as values, for pages and programs
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from lowcode.app import App, compile_app
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.definitions.diff import Change, diff
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Moment
from lowcode.kernel.records import indexing
from lowcode.kernel.records.filling import Filler
from lowcode.kernel.storage import StorageError
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import SECRET, Keyring
from lowcode.kernel.storage.migrate import ApplyBusy, ApplyStale, Plan, Progress, Target, make_plan, versions
from lowcode.kernel.storage.migrate.alone import alone
from lowcode.kernel.storage.migrate.apply import carry_out
from lowcode.kernel.storage.migrate.examine import LARGE, Effect
from lowcode.kernel.storage.migrate.finishing import finish, unfinished
from lowcode.kernel.storage.migrate.former import former_names
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.schema import schema_of
from lowcode.kernel.storage.migrate.versions import Applied
from lowcode.publishing.holding import Asking
from lowcode.publishing.merging import REPLACE, Over, laid_over
from lowcode.publishing.parts import parts_switched
from lowcode.publishing.roles import roles_taken

WAITS = 60
PAUSE = 0.5


class CannotUndo(StorageError):
    """There is nothing to go back to, or what an earlier version needs was purged."""


def silent(_words: dict[str, str], _done: int, _total: int) -> None:
    """Nobody watches."""


def publish(host: Any) -> None:
    """Bring the database to the host's documents when that takes consent for nothing; fast when nothing changed.

    What was published while the app ran stays (`merging`). Raises ConsentNeeded or CannotApply otherwise, Diverged when
    a document was changed here too, and ApplyBusy when another process applies and does not finish.
    """
    for attempt in range(WAITS):
        try:
            _stand(host)
            if unchanged(host) or apply(host, plan(host)):
                indexing.build(host)
                return
        except (ApplyBusy, ApplyStale):
            if attempt == WAITS - 1:
                raise
            time.sleep(PAUSE)


def plan(host: Any, allow: Iterable[str] = (), large: int = LARGE) -> Plan:
    """What applying the host's documents would do. Reads only. Raises Diverged.

    `allow` holds those consents that make it another plan: `purge:…`, and `replace:…` for documents that go over what
    was published while the app ran.
    """
    consents = tuple(allow)
    _stand(host, [each for each in consents if each.startswith(REPLACE)])
    purge = [each for each in consents if not each.startswith(REPLACE)]
    return plan_for(host, Wanted(host.documents, host.app, host.standing.over), purge, large)


@dataclass(frozen=True)
class Wanted:
    """Documents that a database is to be brought to: understood, and what of them stands over the folder."""

    documents: Documents
    app: App
    over: Over
    running: bool = False
    """Whether they are published while the app runs."""


def plan_for(host: Any, wanted: Wanted, purge: Iterable[str] = (), large: int = LARGE) -> Plan:
    """What bringing the database to some documents would do. Reads only."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand) if versions.known(hand) else None
        before = _documents(host, hand, applied, wanted.documents)
        changes: Sequence[Change] = diff(before, wanted.documents) if before is not None else ()
        try:
            made = make_plan(
                hand, applied, _target(host, wanted, changes=changes), at=host.clock.now(), changes=changes,
                purge=purge, before=lambda: _tables_of(host, hand, applied), large=large,
            )  # fmt: skip
            if made.empty:
                return made
            held: tuple[Effect, ...] = ()
            if before is not None:
                held = (
                    *roles_taken(hand, before, wanted.documents), *parts_switched(hand, before, wanted.app),
                    *_asking(host, wanted, hand, made).rules(before),
                )  # fmt: skip
            return replace(
                made, effects=(*made.effects, *held), afterwards=tuple(indexing.foreseen(wanted.app, hand, applied))
            )
        except Exception as error:
            stale = _stale(host, applied)
            if stale is None:
                raise
            raise stale from error


def _asking(host: Any, wanted: Wanted, hand: Hand, made: Plan) -> Asking:
    app = wanted.app
    moment = Moment(host.clock.now(), app.zone, calendar=app.calendar)
    return Asking(hand, app.types, moment, made.effects)


def _stale(host: Any, applied: Applied | None) -> ApplyStale | None:
    """Why rows could not be read: another process applied meanwhile, and what was looked for is something else now."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        now = versions.latest(hand) if versions.known(hand) else None
    if (now.version if now else 0) == (applied.version if applied else 0):
        return None
    return ApplyStale("the database was applied to while the plan was made; plan again")


def plan_undo(host: Any, large: int = LARGE) -> tuple[Plan, Documents]:
    """What going back to the version before would do, and the documents of that version. Raises CannotUndo."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand) if versions.known(hand) else None
        if applied is None:
            raise CannotUndo("nothing was applied to this database yet")
        previous, gone = _previous(hand, applied)
        reasons = [each for row in gone for each in _purged(row, applied)]
        if reasons:
            raise CannotUndo(
                f"version {previous.version} needs what was purged since: {', '.join(reasons)}; it cannot come back"
            )
        kept = versions.kept(hand, previous.version)
        documents = load(versions.contents(kept), Report(), engines=folders(host))
        wanted = Wanted(documents, host.compile(documents), kept.get("over") or {}, "running" in kept)
        before = _applied_documents(host, hand, applied)
        made = make_plan(
            hand, applied, _target(host, wanted, previous.digest), at=host.clock.now(), undoes=gone[-1].version,
            former=former_names(gone), changes=diff(before, documents),
            before=lambda: _tables_of(host, hand, applied), large=large,
        )  # fmt: skip
        held = (*roles_taken(hand, before, documents), *parts_switched(hand, before, wanted.app))
        return replace(made, effects=(*made.effects, *held)), documents


def apply(
    host: Any, plan: Plan, allow: Iterable[str] = (), progress: Progress = silent, command: str = "lowcode apply …",
    actor: int | None = None,
) -> bool:  # fmt: skip
    """Carry out a plan; True when the database is at its version. Raises ConsentNeeded, CannotApply, ApplyBusy.

    `actor` is the person it is recorded under; none for the command line and for publishing.
    """
    if carry(host, plan, allow, progress, command, actor) and plan.undoes is None:
        host.standing.version = plan.version
        indexing.build(host, progress)  # after an undo the host of the earlier documents does it
    return True


def carry(
    host: Any, plan: Plan, allow: Iterable[str] = (), progress: Progress = silent, command: str = "lowcode apply …",
    actor: int | None = None, swapped: Callable[[], object] = tuple,
) -> bool:  # fmt: skip
    """Carry out a plan, but for what is done when its version is in use; whether there was anything to do. `swapped` is
    called as soon as the version is in use."""
    _finish(host, progress)
    if plan.empty:
        return False
    consents = [each for each in allow if not each.startswith(REPLACE)]
    plan.check((*consents, "retire:*") if plan.undoes is not None else consents, command)

    def in_use() -> None:
        host.forget()
        swapped()

    carry_out(host.database, replace(plan.order, row=replace(plan.order.row, actor=actor)), progress, in_use)
    return True


def _stand(host: Any, replace: Iterable[str] = ()) -> None:
    """Lay what was published while the app ran over the documents the host was opened with."""
    standing = host.standing
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        found = versions.in_use(hand) if versions.known(hand) else None
        if found is None or found[1] == host.documents.digest:
            return
        kept = versions.kept(hand, found[0])
    documents, standing.over = laid_over(standing.folder, kept, replace, folders(host))
    if documents.digest != host.documents.digest:
        host.take(documents)


def unchanged(host: Any) -> bool:
    """Whether documents and tables are those applied last. Costs one row and a hash."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        found = versions.fingerprint(hand) if versions.known(hand) else None
    if found is None:
        return False
    number, digest, shape, state = found
    wanted = schema_of(_tables(host, host.app), host.prefix, host.database.dialect_name)
    if digest != host.documents.digest or state != "applied" or shape != wanted.digest:
        return False
    host.standing.version = number
    return True


def _tables(host: Any, app: App) -> tuple[sa.Table, ...]:
    """Every table but the one that keeps the versions: that one is there before anything can be compared."""
    versions_table = host.database.table(t.applied)
    return (*(each for each in host.database.tables if each is not versions_table), *app.metadata.sorted_tables)


def _target(host: Any, wanted: Wanted, digest: str | None = None, changes: Sequence[Change] = ()) -> Target:
    database, app = host.database, wanted.app
    moment = Moment(host.clock.now(), app.zone, calendar=app.calendar)
    kept = versions.packed(wanted.documents)
    if wanted.over:
        kept["over"] = dict(wanted.over)
    if wanted.running:
        kept["running"] = [{"kind": each.kind, "words": each.words} for each in changes]
    return Target(
        digest or wanted.documents.digest, kept, _tables(host, app), app.zone,
        Filler(app.types, database.table, database.dialect_name, moment),
        lambda: Keyring.parse(host.secret(SECRET) or ""),
    )  # fmt: skip


def folders(host: Any) -> tuple[str, ...]:
    """The folders that a host's engines read."""
    return tuple(each.name for each in host.engines)


def _documents(host: Any, hand: Hand, applied: Applied | None, wanted: Documents) -> Documents | None:
    """The documents that were applied, when they are others."""
    if applied is None or applied.digest == wanted.digest:
        return None
    return _applied_documents(host, hand, applied)


def _applied_documents(host: Any, hand: Hand, applied: Applied) -> Documents:
    """The documents that were applied: the host's own, where it runs them."""
    if applied.digest == host.documents.digest:
        own: Documents = host.documents
        return own
    return versions.documents(hand, applied.version, folders(host))


def _tables_of(host: Any, hand: Hand, applied: Applied | None) -> Iterable[sa.Table]:
    """The tables of the applied version: how its values were made. None when this library cannot read it any more."""
    if applied is None:
        return ()
    if applied.digest == host.documents.digest:
        return tuple(host.app.metadata.sorted_tables)
    documents = versions.documents(hand, applied.version, folders(host))
    app = compile_app(
        documents, host.engines, host.operations, prefix=host.prefix, report=Report(), kinds=host.kinds
    )  # fmt: skip
    return () if app is None else app.metadata.sorted_tables


# -- going back -----------------------------------------------------------------------------------------------------


def _previous(hand: Hand, applied: Applied) -> tuple[Applied, list[Applied]]:
    """The version whose documents were in use before those that are, and every version since, the newest first."""
    gone: list[Applied] = []
    for number in reversed(versions.stack(hand)):
        row = versions.version(hand, number)
        if gone and row.digest != applied.digest:
            return row, gone
        gone.append(row)
    raise CannotUndo("there is no version before the one that is applied")


def _purged(row: Applied, applied: Applied) -> Iterable[str]:
    """What a version retired that is not kept any more."""
    there = {each.name for each in applied.schema.tables}
    there |= {column.name for table in applied.schema.tables for column in table.columns}
    # What came back since and was hidden again has another name now, and the same id.
    tables = {each.id for each in applied.schema.tables if each.retired}
    columns = {(table.id, each.id) for table in applied.schema.tables for each in table.columns if each.retired}
    for step in row.steps:
        if step["step"] not in ("RetireColumn", "RetireTable") or step["hidden"]["name"] in there:
            continue
        table = step["table"]
        if "column" in step:
            if (table["id"], step["column"]["id"]) not in columns:
                yield f"{table['name']}.{step['column']['name']}"
        elif table["id"] not in tables:
            yield table["name"]


# -- finishing ------------------------------------------------------------------------------------------------------


def _finish(host: Any, progress: Callable[[dict[str, str], int, int], None]) -> None:
    """Do what an apply left that broke off in its last part."""
    database = host.database
    with database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand) if versions.known(hand) else None
        if applied is None or applied.state != "finishing":
            return
        documents = versions.documents(hand, applied.version, folders(host))
    later = unfinished(applied)
    filler = _target(host, Wanted(documents, host.compile(documents), {})).fills
    with alone(database):
        finish(database, applied, later, filler, progress)
