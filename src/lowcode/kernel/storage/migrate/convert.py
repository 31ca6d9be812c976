"""Converting a column: counting what would become of it before anything runs, and writing what does.

What converts in SQL is one statement; the rest goes through Python: in batches, or, where all of a table is converted
at once on SQLite, as a function of the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lowcode.kernel.storage.crypto import MARK
from lowcode.kernel.storage.migrate.conversion import Converter, plain
from lowcode.kernel.storage.migrate.hand import Hand, reader, writer

BATCH = 5_000
SAMPLES = 20
UNTOLD = "******"
"""In place of values that are encrypted, before or after."""
Raw = tuple[Any, ...]


@dataclass(frozen=True)
class Sample:
    """A value that does not go over as it is: the record, what it was, what it becomes."""

    id: int | None
    before: Any
    after: Any


@dataclass
class Census:
    """What would become of the values of a column."""

    values: int = 0
    fails: int = 0
    loses: int = 0
    failing: list[Sample] = field(default_factory=list)
    losing: list[Sample] = field(default_factory=list)


@dataclass(frozen=True)
class Conversion:
    """One column of a table turned into another that stands beside it.

    `table` and `source` are called as they are now, `target` is the new column. With `origin`, `target` holds the
    values of an earlier time, and `origin` says what they had become then: a row where that still stands keeps them.
    """

    table: str
    source: str
    target: str
    convert: Converter
    keyed: bool = True
    origin: Converter | None = None

    def census(self, hand: Hand) -> Census:
        """Look at every value that does not convert in SQL. Reads only."""
        found = Census(values=hand.count(self.table, f'"{self.source}" IS NOT NULL'))
        read, stands = reader(self.convert.before.store, hand), self._stands(hand)
        rest = "" if self.origin else self._rest(hand)
        for rows in self._batches(hand, rest, kept=self.origin is not None):
            for identity, raw, *kept in rows:
                if kept and kept[0] is not None and stands(kept[0], raw):
                    continue
                value = read(raw)
                after, outcome = self.convert(value)
                if self.convert.confidential:
                    value = after = UNTOLD
                if outcome == "fails":
                    found.fails += 1
                    if len(found.failing) < SAMPLES:
                        found.failing.append(Sample(identity, value, None))
                elif outcome == "loses":
                    found.loses += 1
                    if len(found.losing) < SAMPLES:
                        found.losing.append(Sample(identity, value, after))
        return found

    def _stands(self, hand: Hand) -> Callable[[Any, Any], bool]:
        """Tells whether a row still holds what its kept value had become: both as the driver gives them."""
        origin = self.origin
        if origin is None:
            return lambda kept, raw: False
        read, read_kept = reader(self.convert.before.store, hand), reader(self.convert.after.store, hand)
        return lambda kept, raw: bool(origin(read_kept(kept))[0] == (None if raw is None else read(raw)))

    def _standing(self, hand: Hand) -> str:
        """The condition of rows of which the database can say by itself that they keep the value they had: most, where
        what was converted in SQL goes back. Blank where it cannot."""
        if self.origin is None:
            return ""
        kept = f'"{self.target}"'
        ways = plain(self.origin.before, self.origin.after, kept, postgresql=hand.postgresql)
        if ways is None:
            return ""
        same = "IS NOT DISTINCT FROM" if hand.postgresql else "IS"
        return f'CASE WHEN {kept} IS NOT NULL AND {ways[0]} THEN ({ways[1]}) {same} "{self.source}" ELSE false END'

    # -- writing ------------------------------------------------------------------------------------------------------

    def all(self, hand: Hand) -> None:
        """Convert every row within the transaction of `hand`."""
        if hand.postgresql or not self.keyed:
            self._plain(hand)
            for rows in self._batches(hand, self._left(hand), kept=self.origin is not None, blank=True):
                self.write(hand, rows)
            return
        self._plain(hand)
        connection = hand.connection
        connection.create_function("lc_convert", 2, self._function(hand))
        column, kept = f'"{self.source}"', f'"{self.target}"' if self.origin else "NULL"
        rest = self._left(hand) or f"{column} IS NOT NULL"
        if self.origin is not None:
            standing = self._standing(hand)
            rest = f"NOT {standing}" if standing else "1"
        connection.execute(
            f'UPDATE {hand.table(self.table)} SET "{self.target}" = lc_convert({column}, {kept}) WHERE {rest}'
        )

    def some(self, hand: Hand, condition: str) -> None:
        """Convert the rows for which a condition holds."""
        self._plain(hand, condition)
        kept, standing = f', "{self.target}"' if self.origin is not None else "", self._standing(hand)
        rest = self._left(hand) or ("true" if kept else f'"{self.source}" IS NOT NULL')
        rest = f"NOT {standing}" if standing else rest
        table = hand.table(self.table)
        self.write(hand, hand.rows(f'SELECT id, "{self.source}"{kept} FROM {table} WHERE {condition} AND {rest}'))

    def _plain(self, hand: Hand, within: str = "") -> None:
        ways = self._ways(hand)
        if ways is not None:
            condition, expression = ways
            limits = f"{within} AND " if within else ""
            hand.run(f'UPDATE {hand.table(self.table)} SET "{self.target}" = {expression} WHERE {limits}{condition}')

    def write(self, hand: Hand, rows: Sequence[Raw]) -> None:
        """Write the converted values of rows: (id, value) or (id, value, kept value), but for what stays as it is."""
        convert = self._function(hand)
        written = [(convert(row[1], row[2] if len(row) > 2 else None), row[0]) for row in rows]
        if self.origin is not None:
            written = [each for each, row in zip(written, rows, strict=True) if each[0] is not row[2]]
        write_values(hand, self.table, self.target, self.convert.after.store, written, keyed=self.keyed)

    def _function(self, hand: Hand) -> Callable[[Any, Any], Any]:
        """From the driver's values (current, kept) to the driver's new value."""
        read, write = reader(self.convert.before.store, hand), writer(self.convert.after.store, hand)
        convert, stands = self.convert, self._stands(hand)

        def run(raw: Any, kept: Any) -> Any:
            if kept is not None and stands(kept, raw):
                return kept
            return None if raw is None else write(convert(read(raw))[0])

        return run

    def _ways(self, hand: Hand) -> tuple[str, str] | None:
        if self.origin is not None:
            return None
        return plain(self.convert.before, self.convert.after, f'"{self.source}"', postgresql=hand.postgresql)

    def _rest(self, hand: Hand) -> str:
        """The condition of the rows whose values have to be tried: SQL does not convert them, or, of a column that is
        encrypted and else stays as it is, they look as if they were encrypted already."""
        if self.convert.seals:
            return f"substr(\"{self.source}\", 1, {len(MARK)}) = '{MARK}'"
        ways = self._ways(hand)
        return "" if ways is None else f'"{self.source}" IS NOT NULL AND NOT ({ways[0]})'

    def _left(self, hand: Hand) -> str:
        """The condition of the rows that SQL has not converted: the new column is blank to begin with."""
        return f'"{self.source}" IS NOT NULL AND "{self.target}" IS NULL' if self._ways(hand) is not None else ""

    def _batches(self, hand: Hand, condition: str, *, kept: bool, blank: bool = False) -> Iterator[list[Raw]]:
        key = "id" if self.keyed else ("ctid" if hand.postgresql else "rowid")
        columns = f'{key}, "{self.source}"' + (f', "{self.target}"' if kept else "")
        asked = condition or (f'("{self.source}" IS NOT NULL OR "{self.target}" IS NOT NULL)' if kept and blank else
                              f'"{self.source}" IS NOT NULL')  # fmt: skip
        standing = self._standing(hand) if kept else ""
        asked = f"{asked} AND NOT {standing}" if standing else asked
        select = f"SELECT {columns} FROM {hand.table(self.table)} WHERE {asked}"
        if not self.keyed:
            rows = hand.rows(select)
            if rows:
                yield rows
            return
        last = 0
        while True:
            rows = hand.rows(f"{select} AND id > ? ORDER BY id LIMIT {BATCH}", last)
            if not rows:
                return
            last = rows[-1][0]
            yield rows


def write_values(
    hand: Hand, table: str, column: str, store: str, rows: Iterable[tuple[Any, Any]], *, keyed: bool = True
) -> None:
    """Write values (value, id) in the driver's form into one column."""
    written = list(rows)
    if not written:
        return
    if not hand.postgresql:
        hand.many(f'UPDATE {hand.table(table)} SET "{column}" = ? WHERE {"id" if keyed else "rowid"} = ?', written)
        return
    key = ("bigint", "id") if keyed else ("tid", "ctid")
    sql = (
        f'UPDATE {hand.table(table)} AS changed SET "{column}" = given.value::{hand.type(store)}'
        f" FROM (SELECT unnest(?::{key[0]}[]) AS row, unnest(?::text[]) AS value) AS given"
        f" WHERE changed.{key[1]} = given.row"
    )
    values = [None if value is None else _literal(value) for value, _ in written]
    hand.run(sql, [row for _, row in written], values)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else value.isoformat() if hasattr(value, "isoformat") else f"{value}"
