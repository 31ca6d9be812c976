"""The mirror of one host: whether there is one, brought up to date before it is asked."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from lowcode.kernel.definitions.application import MirrorDefinition
from lowcode.kernel.storage import Unit
from lowcode.reports import tables as t
from lowcode.reports.mirror import notes
from lowcode.reports.mirror.columns import CopiedTable, copied_tables
from lowcode.reports.mirror.kept import Kept, State
from lowcode.reports.mirror.places import Place, place_of
from lowcode.reports.mirror.source import Reading, Source
from lowcode.reports.mirror.warehouse import Unfit

log = logging.getLogger("lowcode.reports")

BACKLOG = 20_000
"""Changes that are copied while somebody waits; more of them are copied aside, and the database answers meanwhile."""

ATTEMPTS = 5
"""So often a copy is looked at again that another process changed meanwhile."""

RESTS = 30.0
"""Seconds for which a warehouse is left alone that could not be reached."""

LOOKED_AT = 60.0
"""Seconds for which a table that was found small is taken for small."""


class NotNow(Exception):
    """The mirror cannot answer at this moment; the database can."""


@dataclass
class Told:
    """What became of questions, for whoever looks: answered here, or left to the database because of what."""

    answered: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str) -> None:
        """Count a question that is left to the database."""
        self.left[why] = self.left.get(why, 0) + 1


class Mirror:
    """The copy of a host's database, and what keeps it right. It belongs to the thread that holds its lock."""

    def __init__(self, host: Any, definition: MirrorDefinition) -> None:
        self.host, self.least = host, definition.rows
        self.place: Place = place_of(host, definition)
        self.told = Told()
        self.source = Source(host.database, host.database.table(t.change).name)
        self._app: Any = None
        self._learn()
        self.copy: Kept | None = None
        self.large: frozenset[str] = frozenset()
        """The tables with so many rows that the copy answers."""
        self.broken = False
        self.trouble: str | None = None
        """What went wrong last, for whoever looks."""
        self._rests = 0.0
        """Until when a warehouse that could not be reached is left alone."""
        self._lock = threading.RLock()
        self._aside: threading.Thread | None = None
        self._seen: WeakKeyDictionary[Unit, bool] = WeakKeyDictionary()
        self._small: dict[str, float] = {}
        self._at: Any = None
        """The version of the database that the copy is as new as."""

    # -- asked --------------------------------------------------------------------------------------------------------

    @property
    def lowering(self) -> str:
        """How questions are lowered for the copy."""
        try:
            return self.place.lowering
        except Unfit as unfit:
            self.broken, self.trouble = True, str(unfit)
            return "portable"

    def current(self, unit: Unit, table: sa.Table) -> Kept:
        """What to put questions about a table to, as the database is now. Raises NotNow."""
        if self.broken or not self.source.possible:
            raise NotNow("there is no mirror of such a database")
        if time.monotonic() < self._rests:
            raise NotNow("the warehouse cannot be reached")
        with self._lock:
            if self._app is not self.host.app and not (self._aside is not None and self._aside.is_alive()):
                self._learn()
            if self.copy is None and self._aside is None and self._is_small(unit, table):
                raise NotNow("a small table")
            if not self._seen.get(unit):
                self._follow()
                self._seen[unit] = True
            if table.name not in self.large:
                raise NotNow("a small table")
            assert self.copy is not None
            return self.copy

    def _learn(self) -> None:
        """Know what is copied of the version of the app that runs; a copy of another one is made anew."""
        self._app, self._at = self.host.app, None
        self.tables: Mapping[str, CopiedTable] = copied_tables(self.host.types, self.host.database)
        shapes = "\n".join(f"{each.name}: {each.shape}" for each in self.tables.values())
        self.shape = hashlib.blake2b(shapes.encode(), digest_size=12).hexdigest()

    def failed(self, error: Exception) -> None:
        """The copy did not answer. A warehouse may be back in a while; until then nobody waits for it."""
        if self.place.far and isinstance(error, sa.exc.DBAPIError | sa.exc.TimeoutError | OSError):
            self.trouble = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            self._rests = time.monotonic() + RESTS
            self._at = None

    def _is_small(self, unit: Unit, table: sa.Table) -> bool:
        """Whether nobody needs a copy yet; looked at now and then, and counted no further than necessary."""
        now = time.monotonic()
        if now - self._small.get(table.name, -LOOKED_AT) < LOOKED_AT:
            return True
        counted = sa.select(sa.literal(1)).select_from(table).limit(max(1, self.least)).subquery()
        row = unit.one(sa.select(sa.func.count().label("rows")).select_from(counted))
        small = row is not None and row["rows"] < self.least
        if small:
            self._small[table.name] = now
        return small

    def _follow(self) -> None:
        """Come to this moment, or have that done aside."""
        if self._aside is not None and self._aside.is_alive():
            raise NotNow("it is being made")
        if self.copy is None:
            self._begin(self._open)
            raise NotNow("it is being opened")
        version = self.source.version()  # first: what is committed meanwhile makes another one
        if version == self._at:
            return
        try:
            brought = self._brought(self.copy, BACKLOG)
        except self.source.errors as error:  # of tables that another version of the app has changed meanwhile
            raise NotNow(f"it cannot read the database: {str(error).splitlines()[0]}") from None
        if not brought:
            self._begin(lambda: self._brought(self._copy(), None))
            raise NotNow("much has changed")
        self._at = version

    def _begin(self, work: Callable[[], Any]) -> None:
        """Do something that takes long, while the database answers."""

        def run() -> None:
            try:
                work()
            except Exception as error:
                self.failed(error)
                self.broken = time.monotonic() >= self._rests
                self.trouble = str(error).splitlines()[0]
                log.exception("the mirror cannot be kept; the database answers instead")
            else:
                self.trouble = None

        self._aside = threading.Thread(target=run, name="lowcode mirror", daemon=True)
        self._aside.start()

    def wait(self, seconds: float = 600) -> None:
        """Wait for what is done aside."""
        if self._aside is not None:
            self._aside.join(seconds)

    def _copy(self) -> Kept:
        assert self.copy is not None
        return self.copy

    # -- kept ---------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        copy = self.place.open(self.tables)
        self._brought(copy, None)
        self.copy = copy

    def _brought(self, copy: Kept, most: int | None) -> bool:
        """Bring the copy to this moment; False when that is more than may be waited for."""
        for _ in range(ATTEMPTS):
            state = copy.state()  # before the reading: another process brings it no further than to its own
            with self.source.reading() as reading:
                noted = self._noted(reading)
                moved = self._moved(copy, state, reading, most) if noted else None
            if moved is not None:
                return moved
            if noted:
                continue
            if most is not None:
                return False
            self.host.database.write(lambda unit: notes.set_up(unit, list(self.tables)))
        raise RuntimeError("the triggers that note changes cannot be made, or others always change the copy first")

    def _noted(self, reading: Reading) -> bool:
        """Whether the database notes every change."""
        there = {str(row[0]) for row in reading.rows(notes.there(self.host.database))}
        return notes.trigger_names(self.tables).keys() <= there

    def _moved(self, copy: Kept, state: State | None, reading: Reading, most: int | None) -> bool | None:
        """Bring a copy from a state to a reading; None when it is in that state no longer."""
        name = self.host.database.table(t.mirror).name
        identity, purged = reading.rows(f'SELECT identity, purged FROM "{name}"')[0]
        mark = reading.mark()
        if state is None or state[:2] != (identity, self.shape) or state[2] < purged or state[2] > mark:
            if most is not None:
                return False
            if not copy.fill(reading, self.tables, (identity, self.shape, mark)):
                return None
            self._measure(copy)
            return True
        changed = _changed(self.source, reading, state[2], self.tables)
        if most is not None and sum(len(each) for each in changed.values()) > most:
            return False
        if (changed or state[2] != mark) and not copy.follow(reading, self.tables, changed, state, mark):
            return None
        if changed or not self.large:
            self._measure(copy)
        return True

    def _measure(self, copy: Kept) -> None:
        sizes = copy.sizes(self.tables)
        self.large = frozenset(name for name, rows in sizes.items() if rows >= self.least)

    def rebuild(self) -> None:
        """Make the copy anew, whatever it holds."""
        with self._lock:
            self.broken, self.trouble, self._at, self._rests = False, None, None, 0.0
            self.host.database.write(lambda unit: notes.set_up(unit, list(self.tables)))
            if self.copy is None:
                self._open()
            else:
                self._brought(self.copy, None)

    def close(self) -> None:
        """Give the file back."""
        self.wait()
        with self._lock:
            self.source.close()
            if self.copy is not None:
                self.copy.close()
                self.copy = None


def _changed(
    source: Source, reading: Reading, since: int, tables: Mapping[str, CopiedTable]
) -> dict[str, Sequence[int]]:  # fmt: skip
    """The rows that were noted since, by table."""
    new = "id > ?" if source.database.dialect_name == "sqlite" else '"transaction" >= ?'
    found: dict[str, list[int]] = {}
    for name, row in reading.rows(f'SELECT DISTINCT "name", "row" FROM "{source.change}" WHERE {new}', since):
        if name in tables:
            found.setdefault(str(name), []).append(int(row))
    return dict(found)
