"""Carrying out a plan: whole or not at all, by one process at a time.

While tables are small everything is one transaction, the row of `lc_applied` included.
Large tables take three parts, and the row says in which one they are: *preparing* (new columns are filled
under hidden names; the old version is in use, and a crash leaves it so), the swap (one short transaction), *finishing*
(computed columns and indexes; the new version is in use, and the next apply finishes what a crash left).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.storage.database import Database, StorageError
from lowcode.kernel.storage.migrate import online, versions
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.alone import ApplyBusy, alone
from lowcode.kernel.storage.migrate.carry_out import Hands
from lowcode.kernel.storage.migrate.convert import Conversion
from lowcode.kernel.storage.migrate.examine import LARGE, Converters
from lowcode.kernel.storage.migrate.finishing import ROWS, Later, finish
from lowcode.kernel.storage.migrate.hand import HELD, Hand, sqlstate
from lowcode.kernel.storage.migrate.schema import Schema, TableShape
from lowcode.kernel.storage.migrate.versions import Applied
from lowcode.kernel.storage.migrate.words import Words, said, sentence

LOCK_TIMEOUT = "3s"
PATIENCE = "30s"
"""So long it is waited for others who change or clean up a table, while nobody waits for us."""
ATTEMPTS = 8
Progress = Callable[[Words, int, int], None]
"""What is being done, and how much of how much of it is done."""


class ApplyStale(StorageError):
    """The database was applied to since the plan was made; make a new plan."""


@dataclass(frozen=True)
class Order:
    """Everything an apply needs: what is there, the steps, where they lead, and how to convert and compute."""

    base: int
    """The version the plan was made against; 0 for a database that was never applied to."""
    applied: Schema
    steps: tuple[s.Step, ...]
    row: Applied
    documents: Mapping[str, Any]
    tables: Mapping[str, sa.Table]
    converters: Converters
    fills: online.Fills
    large: int = LARGE


def carry_out(database: Database, order: Order, progress: Progress, swapped: Callable[[], object] = tuple) -> None:
    """Apply. Raises ApplyBusy, ApplyStale, or what the database refused; then nothing has happened. `swapped` is called
    when the new version is in use: of large tables, columns may still be computed and indexes made then."""
    with alone(database):
        _Applying(database, order, progress, swapped).run()


class _Applying:
    def __init__(self, database: Database, order: Order, progress: Progress, swapped: Callable[[], object]) -> None:
        self.database = database
        self.order = order
        self.progress = progress
        self.swapped = swapped
        self.large: set[str] = set()

    def run(self) -> None:
        with self.database.transaction() as unit:
            hand = Hand(unit)
            versions.prepare(hand)
            clean(hand)
            self.large = {name for name in self._touched() if hand.roughly(name) >= self.order.large}
        if self.large:
            self._prepare()
        self._retrying(self._swap)
        self.database.forget_statements()
        self.swapped()
        if self.large:
            finish(self.database, self.order.row, self._later(), self.order.fills, self.progress)

    def _touched(self) -> set[str]:
        """The tables, as they are called now, whose rows are written or read as a whole."""
        before = {id(step.after): step.before.name for step in self.order.steps if isinstance(step, s.RenameTable)}
        names = {step.source.name for step in self.order.steps if isinstance(step, s.Retype)}
        for step in self.order.steps:
            if isinstance(step, (s.Fill, s.AddIndex)):
                names.add(before.get(id(step.table), step.table.name))
                names |= self._read_by(step)
            elif isinstance(step, (s.RenameField, s.Conceal)) and step.history is not None:
                names.add(step.history)
        return names & {each.name for each in self.order.applied.live}

    def _read_by(self, step: s.Step) -> set[str]:
        """The tables that are read to compute a column, as they are called now."""
        if not isinstance(step, s.Fill):
            return set()
        before = {each.after.name: each.before.name for each in self.order.steps if isinstance(each, s.RenameTable)}
        return {before.get(each.name, each.name) for each in s.gathered(step, self.order.row.schema.live)}

    def _is_large(self, step: s.Fill | s.AddIndex | s.RenameField | s.Conceal) -> bool:
        if isinstance(step, (s.RenameField, s.Conceal)):
            return step.history in self.large
        before = {id(each.after): each.before.name for each in self.order.steps if isinstance(each, s.RenameTable)}
        return bool({before.get(id(step.table), step.table.name), *self._read_by(step)} & self.large)

    # -- the parts ----------------------------------------------------------------------------------------------------

    def _online(self) -> list[tuple[s.Retype, Conversion]]:
        return [
            (step, self._conversion(step))
            for step in self.order.steps
            if isinstance(step, s.Retype) and step.source.name in self.large and step.source.keyed
        ]

    def _prepare(self) -> None:
        conversions = self._online()
        with self.database.transaction() as unit:
            hand = Hand(unit)
            self._check(hand)
            versions.insert(hand, replace(self.order.row, state="preparing"), self.order.documents)
        for step, conversion in conversions:
            self._retrying(lambda hand, step=step: self._expand(hand, step))  # type: ignore[misc]
            words = sentence(step)
            online.convert_online(
                self.database,
                conversion,
                lambda done, total, words=words: self.progress(words, done, total),  # type: ignore[misc]
            )

    def _expand(self, hand: Hand, step: s.Retype) -> None:
        _alone(hand, [step.source.name])
        self._hands(hand).build(step)
        table = step.source.name
        online.watch(hand, table, {each.building for each, _ in self._online() if each.source.name == table})

    def _swap(self, hand: Hand) -> None:
        order, hands = self.order, self._hands(hand)
        versions.prepare(hand)
        self._check(hand)
        self._lock(hand)
        online_steps = [step for step, _ in self._online()]
        for _, conversion in self._online():
            online.quietly(hand)
            online.catch_up(hand, conversion)
        for name in dict.fromkeys(step.source.name for step in online_steps):
            online.unwatch(hand, name)
        total = len(order.steps)
        for done, each in enumerate(order.steps):
            if isinstance(each, s.Retype) and each not in online_steps:
                self.progress(sentence(each), done, total)
                hands.build(each)
                self._conversion(each).all(hand)
        later = self._later()
        hands.carry_out(later.at_once(order.steps), later=later.holds)
        for done, each in enumerate(order.steps):
            self.progress(sentence(each), done, total)
            if isinstance(each, s.Fill) and not later.holds(each):
                online.fill_all(hand, each, order.fills)
        versions.delete(hand, order.row.version)
        versions.insert(hand, replace(order.row, state="finishing" if later else "applied"), order.documents)
        self.progress(
            said("记录版本 {version}", "record version {version}", version=str(order.row.version)), total, total
        )

    def _check(self, hand: Hand) -> None:
        now = versions.latest(hand)
        if (now.version if now is not None else 0) != self.order.base:
            raise ApplyStale("the database was changed by another apply since this plan was made; plan again")

    def _lock(self, hand: Hand) -> None:
        """Take every table that changes at once and in one order, so that two cannot wait for one another."""
        if not hand.postgresql:
            return
        names = {
            getattr(step, key).name
            for step in self.order.steps
            for key in ("table", "source", "before", "hidden")
            if isinstance(getattr(step, key, None), TableShape)
        }
        there = sorted(hand.tables(names))
        _alone(hand, there)
        if there:
            hand.run(f"LOCK TABLE {', '.join(map(hand.table, there))} IN ACCESS EXCLUSIVE MODE")

    def _hands(self, hand: Hand) -> Hands:
        return Hands(hand, self.order.tables, self.order.applied, self.order.row.schema)

    def _conversion(self, step: s.Retype) -> Conversion:
        forward, origin = self.order.converters(step)
        return Conversion(
            step.source.name, step.before.name, step.building, forward, step.source.keyed,
            origin if step.returning is not None else None,
        )  # fmt: skip

    # -- what is left for afterwards ----------------------------------------------------------------------------------

    def _later(self) -> Later:
        """What is done when the new version is in use."""
        return Later.of(self.order.steps, lambda step: isinstance(step, ROWS) and self._is_large(step))

    def _retrying(self, work: Callable[[Hand], None]) -> None:
        """A transaction that gives way when people hold a table for long, and tries again."""
        for attempt in range(ATTEMPTS):
            try:
                with self.database.transaction() as unit:
                    work(Hand(unit))
                return
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise ApplyBusy("another process is writing to this database; try again when it is done") from None
                raise
            except Exception as error:
                if sqlstate(error) not in HELD:
                    raise
                time.sleep(min(0.2 * 2**attempt, 5))
        raise ApplyBusy(
            "a table is in use without a break, so it could not be changed; nothing happened. "
            "Try again at a quieter time"
        )


def _alone(hand: Hand, tables: Sequence[str]) -> None:
    """Have nobody else clean up or change some tables, before a lock is asked for that everybody waits behind: the
    server takes a second to send away who cleans up (autovacuum), and meanwhile people read and write on. For the
    locks after it is waited for a moment only."""
    if not hand.postgresql:
        return
    if tables:
        hand.run(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        hand.run(f"LOCK TABLE {', '.join(map(hand.table, tables))} IN SHARE UPDATE EXCLUSIVE MODE")
    hand.run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def clean(hand: Hand) -> None:
    """Take away what an apply left that broke off while it prepared: of it nothing was ever seen."""
    left = versions.preparing(hand)
    if left is None:
        return
    for step in left.steps:
        if step["step"] != "Retype":
            continue
        table, building = step["source"]["name"], s.hidden_name("new", step["after"]["name"])
        if hand.has_table(table):
            online.unwatch(hand, table)
            if building in hand.columns(table):
                hand.run(f'ALTER TABLE {hand.table(table)} DROP COLUMN "{building}"')
    versions.delete(hand, left.version)
