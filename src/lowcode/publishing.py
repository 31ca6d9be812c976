"""Bringing a database to a version of an app: plan, apply, undo, for a host.

The kernel compares schemas and carries out steps (`kernel.storage.migrate`); here documents are compiled, those that
were applied are read back, and what is computed is computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from lowcode.app import App, compile_app
from lowcode.kernel.definitions import Documents
from lowcode.kernel.definitions.diff import Change, diff
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Moment
from lowcode.kernel.records import indexing
from lowcode.kernel.records.filling import Filler
from lowcode.kernel.storage import StorageError
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate import ApplyBusy, ApplyStale, Plan, Progress, Target, make_plan, versions
from lowcode.kernel.storage.migrate.apply import alone, carry_out, finish, unfinished
from lowcode.kernel.storage.migrate.examine import LARGE
from lowcode.kernel.storage.migrate.former import former_names
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.schema import schema_of
from lowcode.kernel.storage.migrate.versions import Applied

WAITS = 60
PAUSE = 0.5


class CannotUndo(StorageError):
    """There is nothing to go back to, or what an earlier version needs was purged."""


def silent(_words: dict[str, str], _done: int, _total: int) -> None:
    """Nobody watches."""


def publish(host: Any) -> None:
    """Bring the database to the host's documents when that takes consent for nothing; fast when nothing changed.

    Raises ConsentNeeded or CannotApply otherwise, and ApplyBusy when another process applies and does not finish.
    """
    for attempt in range(WAITS):
        try:
            if _unchanged(host) or apply(host, plan(host)):
                indexing.build(host)
                return
        except (ApplyBusy, ApplyStale):
            if attempt == WAITS - 1:
                raise
            time.sleep(PAUSE)


def plan(host: Any, purge: Iterable[str] = (), large: int = LARGE) -> Plan:
    """What applying the host's documents would do. Reads only."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        applied = versions.latest(hand) if versions.known(hand) else None
        before = _documents(host, hand, applied)
        changes: Iterable[Change] = diff(before, host.documents) if before is not None else ()
        try:
            made = make_plan(
                hand, applied, _target(host, host.app, host.documents), at=host.clock.now(), changes=changes,
                purge=purge, before=lambda: _tables_of(host, hand, applied), large=large,
            )  # fmt: skip
            return made if made.empty else replace(made, afterwards=tuple(indexing.foreseen(host, hand, applied)))
        except Exception as error:
            stale = _stale(host, applied)
            if stale is None:
                raise
            raise stale from error


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
        documents = versions.documents(hand, previous.version, _folders(host))
        app = host.compile(documents)
        made = make_plan(
            hand, applied, _target(host, app, documents, previous.digest), at=host.clock.now(), undoes=gone[-1].version,
            former=former_names(gone),
            changes=diff(versions.documents(hand, applied.version, _folders(host)), documents),
            before=lambda: _tables_of(host, hand, applied), large=large,
        )  # fmt: skip
        return made, documents


def apply(
    host: Any, plan: Plan, allow: Iterable[str] = (), progress: Progress = silent, command: str = "lowcode apply …",
    actor: int | None = None,
) -> bool:  # fmt: skip
    """Carry out a plan; True when the database is at its version. Raises ConsentNeeded, CannotApply, ApplyBusy.

    `actor` is the person it is recorded under; none for the command line and for publishing.
    """
    _finish(host, progress)
    if plan.empty:
        return True
    plan.check((*allow, "retire:*") if plan.undoes is not None else allow, command)
    carry_out(host.database, replace(plan.order, row=replace(plan.order.row, actor=actor)), progress)
    host.forget()
    if plan.undoes is None:  # after an undo the host of the earlier documents does it
        indexing.build(host, progress)
    return True


def _unchanged(host: Any) -> bool:
    """Whether documents and tables are those applied last. Costs one row and a hash."""
    with host.database.reading() as unit:
        hand = Hand(unit, within=False)
        found = versions.fingerprint(hand) if versions.known(hand) else None
    if found is None:
        return False
    _, digest, shape, state = found
    tables = _tables(host, host.app)
    return digest == host.documents.digest and state == "applied" and shape == schema_of(tables, host.prefix).digest


def _tables(host: Any, app: App) -> tuple[sa.Table, ...]:
    """Every table but the one that keeps the versions: that one is there before anything can be compared."""
    versions_table = host.database.table(t.applied)
    return (*(each for each in host.database.tables if each is not versions_table), *app.metadata.sorted_tables)


def _target(host: Any, app: App, documents: Documents, digest: str | None = None) -> Target:
    database = host.database
    moment = Moment(host.clock.now(), app.zone, calendar=app.calendar)
    return Target(
        digest or documents.digest, versions.packed(documents), _tables(host, app), app.zone,
        Filler(app.types, database.table, database.dialect_name, moment),
    )  # fmt: skip


def _folders(host: Any) -> tuple[str, ...]:
    """The folders its engines read."""
    return tuple(each.name for each in host.engines)


def _documents(host: Any, hand: Hand, applied: Applied | None) -> Documents | None:
    """The documents that were applied, when they are others."""
    if applied is None or applied.digest == host.documents.digest:
        return None
    return versions.documents(hand, applied.version, _folders(host))


def _tables_of(host: Any, hand: Hand, applied: Applied | None) -> Iterable[sa.Table]:
    """The tables of the applied version: how its values were made. None when this library cannot read it any more."""
    if applied is None:
        return ()
    documents = versions.documents(hand, applied.version, _folders(host))
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
        documents = versions.documents(hand, applied.version, _folders(host))
    fills, indexes = unfinished(applied)
    filler = _target(host, host.compile(documents), documents).fills
    with alone(database):
        finish(database, applied.version, fills, indexes, filler, progress)
