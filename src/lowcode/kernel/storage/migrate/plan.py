"""A plan: what applying a version would do, said before anything runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from lowcode.kernel.definitions.diff import Change
from lowcode.kernel.diagnostics import Text, nearest
from lowcode.kernel.storage.crypto import Keyring
from lowcode.kernel.storage.database import StorageError
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.apply import Order
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.compare import compare
from lowcode.kernel.storage.migrate.conversion import Converter
from lowcode.kernel.storage.migrate.examine import LARGE, Effect, Examiner
from lowcode.kernel.storage.migrate.former import Former
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.online import Fills
from lowcode.kernel.storage.migrate.options import as_held
from lowcode.kernel.storage.migrate.schema import ColumnShape, FieldFacts, Schema, TableShape, schema_of
from lowcode.kernel.storage.migrate.versions import Applied
from lowcode.kernel.storage.types import json_text


def stray(known: Iterable[str], allow: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """What was allowed that is none of the consents there could be, with the nearest of them."""
    consents = tuple(known)
    return tuple((each, nearest(each, consents)) for each in allow if "*" not in each and each not in consents)


class ConsentNeeded(StorageError):
    """Applying would hide, lose or strand data, and nobody allowed it; `needed` names each consent, `stray` what was
    allowed that no step asks for, with the consent nearest to it."""

    def __init__(self, needed: Iterable[str], command: str, stray: Iterable[tuple[str, str | None]] = ()) -> None:
        self.needed, self.stray = tuple(needed), tuple(stray)
        allowing = " ".join(f"--allow {each}" for each in self.needed)
        slips = "".join(
            f"\nNo step asks for {seen}" + (f"; was {near} meant?" if near else ".") for seen, near in self.stray
        )
        super().__init__(
            f"this version needs consent for {', '.join(self.needed)}; nothing was done.{slips}\n"
            f"Look at the plan, then run: {command} {allowing}"
        )


class CannotApply(StorageError):
    """Rows that are there break what the new version demands; `findings` says which."""

    def __init__(self, findings: Iterable[tuple[Effect, Finding]]) -> None:
        self.findings = tuple(findings)
        listed = "\n".join(f"  {effect.words['en']}: {found.words['en']}" for effect, found in self.findings)
        super().__init__(f"the rows that are there do not allow this version; nothing was done.\n{listed}")


@dataclass(frozen=True)
class Kept:
    """Something retired: what consent purges it, and how many rows hold a value."""

    consent: str
    title: Text
    since: int
    replaced: bool
    key: str
    """What `compare` calls it."""


@dataclass(frozen=True)
class Afterwards:
    """Work that begins when the version is in use: some hundred rows at a time, while people read and write; what
    breaks off goes on with the next start."""

    words: Mapping[str, str]
    rows: int
    seconds: int
    """About how long it takes."""


@dataclass(frozen=True)
class Plan:
    """What would be done. `changes` are those of the documents, `effects` the steps on the database, `afterwards` what
    is built when they are done."""

    base: int
    version: int
    undoes: int | None
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    kept: tuple[Kept, ...]
    same_documents: bool
    order: Order
    afterwards: tuple[Afterwards, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.same_documents and not self.effects

    @property
    def consents(self) -> tuple[str, ...]:
        """Everything that must be allowed."""
        return tuple(dict.fromkeys(each for effect in self.effects for each in effect.consents))

    @property
    def digest(self) -> str:
        """One hash of base, documents and steps: `apply --plan` refuses when it has become another."""
        parts = [self.base, self.order.row.digest, [s.step_json(each.step) for each in self.effects]]
        return hashlib.sha256(json_text(parts).encode()).hexdigest()

    def needed(self, allow: Iterable[str]) -> tuple[str, ...]:
        """The consents that are still missing; `*` allows several: `retire:*`."""
        patterns = tuple(allow)
        return tuple(each for each in self.consents if not any(fnmatchcase(each, pattern) for pattern in patterns))

    def check(self, allow: Iterable[str], command: str) -> None:
        """Refuse what must not run. Raises CannotApply or ConsentNeeded."""
        allow = tuple(allow)
        wrong = [(effect, each) for effect in self.effects for each in effect.findings if each.severity == "error"]
        if wrong:
            raise CannotApply(wrong)
        needed = self.needed(allow)
        if needed:
            known = (*self.consents, *(each.consent for each in self.kept))
            raise ConsentNeeded(needed, command, stray(known, allow))


@dataclass(frozen=True)
class Target:
    """The version that is wanted: its documents (packed and hashed), its tables, and how its values are made."""

    digest: str
    documents: Mapping[str, Any]
    tables: tuple[sa.Table, ...]
    zone: ZoneInfo
    fills: Fills
    keys: Callable[[], Keyring]
    """Those of encrypted fields. Raises SealError where the host has none."""


def make_plan(
    hand: Hand, applied: Applied | None, target: Target, *, at: datetime, actor: int | None = None,
    before: Callable[[], Iterable[sa.Table]] = tuple, changes: Iterable[Change] = (), purge: Iterable[str] = (),
    undoes: int | None = None, former: Former | None = None, large: int = LARGE,
) -> Plan:  # fmt: skip
    """Compare, and look at the rows. `before` gives the tables of the applied documents, for converting back."""
    wanted = schema_of(target.tables, hand.prefix, hand.database.dialect_name)
    if former is not None:
        wanted = former.in_schema(wanted)
    base = applied.version if applied is not None else 0
    schema = as_held(hand, applied.schema, wanted) if applied is not None else found_schema(hand, wanted)
    patterns = tuple(purge)
    kept = tuple(kept_of(schema))
    keys = [each.key for each in kept if any(fnmatchcase(each.consent, pattern) for pattern in patterns)]
    comparison = compare(schema, wanted, base + 1, keys, former.hidden if former is not None else ())
    converters = _Converters(target.tables, before, hand.prefix, target.zone, cache(target.keys))
    effects = tuple(Examiner(hand, comparison.steps, tuple(wanted.tables), converters, large).effects())
    row = Applied(
        base + 1, at, actor, target.digest, wanted.digest, "applied", undoes, None, comparison.result,
        tuple(s.step_json(each) for each in comparison.steps),
    )  # fmt: skip
    tables = {table.name.removeprefix(hand.prefix): table for table in target.tables}
    order = Order(
        base, schema, comparison.steps, row, target.documents, tables, converters, target.fills, large
    )  # fmt: skip
    changes = tuple(changes)
    alike = applied is not None and (applied.digest == target.digest or not changes) and applied.shape == wanted.digest
    same = alike and undoes is None
    return Plan(base, base + 1, undoes, changes, effects, kept, same, order)


class _Converters:
    """The converters of a change of type, forward and, for values that come back, the way they had gone."""

    def __init__(
        self, tables: Iterable[sa.Table], before: Callable[[], Iterable[sa.Table]], prefix: str, zone: ZoneInfo,
        keys: Callable[[], Keyring],
    ) -> None:  # fmt: skip
        self.zone = zone
        self.prefix = prefix
        self.keys = keys
        self._after = _accepted(tables, prefix)
        self._tables_before = before
        self._before: dict[tuple[str, str], Any] | None = None

    def __call__(self, step: s.Retype) -> tuple[Converter, Converter | None]:
        accept = self._after.get((step.table.name, step.after.name))
        forward = Converter(step.before, step.after, accept, self.zone, self.keys)
        if step.returning is None:
            return forward, None
        if self._before is None:
            self._before = _accepted(self._tables_before(), self.prefix)
        known = self._before.get((step.source.name, step.before.name))
        return forward, Converter(step.returning, step.before, known, self.zone, self.keys)


def _accepted(tables: Iterable[sa.Table], prefix: str) -> dict[tuple[str, str], Any]:
    found = {}
    for table in tables:
        for column in table.columns:
            facts: FieldFacts | None = column.info.get("field")
            if facts is not None and facts.convert is not None:
                found[(table.name.removeprefix(prefix), column.name)] = facts.convert
    return found


def kept_of(schema: Schema) -> Iterable[Kept]:
    """What is retired, with the consent that purges it."""
    for table in schema.tables:
        if table.retired is not None:
            yield Kept(f"purge:{table.record}", table.title, table.retired.version, False, table.name)
            continue
        for column in table.columns:
            if column.retired is not None and table.role != "own":
                yield Kept(
                    f"purge:{table.record}.{column.retired.name}", column.title, column.retired.version,
                    column.retired.replaced, f"{table.name}.{column.name}",
                )  # fmt: skip


def found_schema(hand: Hand, wanted: Schema) -> Schema:
    """What is there of what is wanted, in a database that was filled before versions were kept."""
    found = []
    there = hand.tables(each.name for each in wanted.tables)
    for table in wanted.tables:
        if table.name not in there:
            continue
        columns, indexes = hand.columns(table.name), hand.indexes(table.name)
        found.append(_there(table, columns, set(indexes)))
    return Schema(tuple(found))


def _there(table: TableShape, columns: set[str], indexes: set[str]) -> TableShape:
    kept: tuple[ColumnShape, ...] = tuple(each for each in table.columns if each.name in columns)
    return replace(table, columns=kept, indexes=tuple(each for each in table.indexes if each.name in indexes))
