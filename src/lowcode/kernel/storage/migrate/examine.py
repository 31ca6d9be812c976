"""What each step would do to the data that is there: rows, cost, what would break, and whose consent it needs.

Reads only. Nothing has run yet when an author sees the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lowcode.kernel.storage.migrate import breaks
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.conceal import entries
from lowcode.kernel.storage.migrate.conversion import Converter
from lowcode.kernel.storage.migrate.convert import Conversion
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.options import holding
from lowcode.kernel.storage.migrate.schema import ColumnShape, TableShape
from lowcode.kernel.storage.migrate.words import Words, said, sentence

Cost = Literal["none", "instant", "scan", "rewrite", "online"]
"""Nothing; a change of the catalogue; a reading of every row; a writing of every row; the same in small parts while
people work on."""
LARGE = 100_000
"""From this many rows on, values are converted and computed in batches, and PostgreSQL makes indexes while people work
on."""

Converters = Callable[[s.Retype], tuple[Converter, Converter | None]]


@dataclass(frozen=True)
class Effect:
    """A step with what it does. `consents` are what has to be allowed, such as `retire:customer.phone`."""

    step: s.Step
    words: Words
    cost: Cost = "instant"
    rows: int = 0
    findings: tuple[Finding, ...] = ()
    consents: tuple[str, ...] = ()


class Examiner:
    """Looks at one step after the other."""

    def __init__(
        self, hand: Hand, steps: Sequence[s.Step], wanted: Sequence[TableShape], converters: Converters,
        large: int = LARGE,
    ) -> None:  # fmt: skip
        self.hand = hand
        self.wanted = wanted
        self.steps = steps
        self.converters = converters
        self.large = large
        self._counts: dict[str, int] = {}
        self._before = {id(step.after): step.before.name for step in steps if isinstance(step, s.RenameTable)}
        self._before |= {id(step.table): step.hidden.name for step in steps if isinstance(step, s.ReturnTable)}
        self._gone = {
            step.table.form for step in steps if isinstance(step, s.RetireTable) and step.table.role == "records"
        }
        self._made = {step.table.name for step in steps if isinstance(step, s.CreateTable)}

    def effects(self) -> Iterator[Effect]:
        """Every step with what it does."""
        for step in self.steps:
            yield self._effect(step)

    def _effect(self, step: s.Step) -> Effect:
        plain = Effect(step, sentence(step))
        match step:
            case s.CreateTable() | s.RenameColumn() | s.RenameTable() | s.Hold() | s.TakeRole() | s.SwitchPart():
                return plain
            case s.AddColumn(table, _) | s.ReturnColumn(table, _, _):
                return replace(plain, rows=self._rows(self._now(table)))
            case s.ReturnTable(hidden, _):
                return replace(plain, rows=self._rows(hidden.name))
            case s.RetireTable(table, _, moved):
                free = moved or table.role not in _FORMS or (table.role != "records" and table.form in self._gone)
                return self._retire(plain, table.record, table.name, "", free)
            case s.RetireColumn(table, column, _, moved):
                return self._retire(plain, f"{table.record}.{column.name}", table.name, column.name, moved)
            case s.PurgeTable(table):
                return replace(plain, rows=self._rows(table.name), consents=(f"purge:{table.record}",))
            case s.PurgeColumn(table, column):
                return self._purge(plain, table, column)
            case s.Retype():
                return self._retype(plain, step)
            case s.LinkToLinks(table, column, _):
                name = column.retired.name if column.retired else column.name
                return replace(plain, cost="rewrite", rows=self._held(self._now(table), name))
            case s.LinksToLink():
                return self._one_link(plain, step)
            case s.RenameField():
                return self._renamed(plain, step)
            case s.Conceal():
                return self._conceal(plain, step)
            case s.RenameForm():
                return replace(plain, cost="scan")
            case s.Fill(table, _):
                rows = self._rows(self._now(table))
                most = max(rows, *(self._rows(self._now(each)) for each in s.gathered(step, self.wanted)), 0)
                return replace(plain, rows=rows, cost="online" if self._online(most) else "rewrite")
            case s.AddIndex() | s.DropIndex() | s.RenameIndex():
                return self._index(plain, step)
            case s.Demand():
                return self._demand(plain, step)
            case s.TakeOptions():
                return self._options(plain, step)
            case s.RenameOptions():
                return self._options_renamed(plain, step)

    # -- counting -----------------------------------------------------------------------------------------------------

    def _now(self, table: TableShape) -> str:
        """What a table of the result is called now."""
        return self._before.get(id(table), table.name)

    def _rows(self, name: str) -> int:
        if name in self._made and name not in self._counts:
            self._counts[name] = 0
        if name not in self._counts:
            self._counts[name] = self.hand.count(name) if self.hand.has_table(name) else 0
        return self._counts[name]

    def _held(self, table: str, column: str) -> int:
        return self.hand.count(table, f'"{column}" IS NOT NULL')

    def _online(self, rows: int) -> bool:
        return rows >= self.large

    # -- one kind of step after the other -----------------------------------------------------------------------------

    def _retire(self, plain: Effect, label: str, table: str, column: str, free: bool) -> Effect:
        rows = self._held(table, column) if column else self._rows(table)
        if free:
            return replace(plain, rows=rows)
        found = Finding(
            "warning",
            said("有值的行：{rows}。若是改名，请保留 id，或写 \"was\": \"{name}\"",
                 "rows that hold a value: {rows}. If it was renamed, keep its id or write \"was\": \"{name}\"",
                 rows=str(rows), name=label.rpartition(".")[2]),
            rows,
        )  # fmt: skip
        return replace(plain, rows=rows, findings=(found,) if rows else (), consents=(f"retire:{label}",))

    def _purge(self, plain: Effect, table: TableShape, column: ColumnShape) -> Effect:
        name = column.retired.name if column.retired else column.name
        consents = () if table.role == "own" else (f"purge:{table.record}.{name}",)
        cost: Cost = "instant" if self.hand.postgresql else "rewrite"
        return replace(plain, rows=self._held(table.name, column.name), cost=cost, consents=consents)

    def _retype(self, plain: Effect, step: s.Retype) -> Effect:
        forward, origin = self.converters(step)
        target = step.returning.name if step.returning is not None else step.before.name
        conversion = Conversion(
            step.source.name, step.before.name, target, forward, step.source.keyed, origin if step.returning else None
        )
        census = conversion.census(self.hand)
        findings = tuple(breaks.unconverted(census, kept=not step.drops))
        label = f"{step.table.record}.{step.after.name}"
        consents = [f"lossy:{label}"] if findings and step.after.kind else []
        if census.values and step.after.protection < step.before.protection:
            consents.append(f"reveal:{label}")
        findings += tuple(breaks.protection(step, census.values))
        cost: Cost = "online" if self._online(self._rows(step.source.name)) else "rewrite"
        return replace(plain, rows=census.values, cost=cost, findings=findings, consents=tuple(consents))

    def _one_link(self, plain: Effect, step: s.LinksToLink) -> Effect:
        table = step.links.retired.name if step.links.retired else _former(self.steps, step.links)
        rows, findings = breaks.several_links(self.hand, table)
        consents = (f"lossy:{step.table.record}.{step.column.name}",) if findings else ()
        return replace(plain, cost="rewrite", rows=rows, findings=findings, consents=consents)

    def _renamed(self, plain: Effect, step: s.RenameField) -> Effect:
        """A history that is long follows when the version is in use."""
        rows = self._rows(step.history) if step.history is not None else 0
        return replace(plain, rows=rows, cost="online" if self._online(rows) and s.follows(step) else "rewrite")

    def _conceal(self, plain: Effect, step: s.Conceal) -> Effect:
        renamed = {each.after.name: each.before.name for each in self.steps if isinstance(each, s.RenameTable)}
        rows = entries(self.hand, step, renamed.get(step.history, step.history))
        cost: Cost = "online" if self._online(self._rows(step.history)) else "rewrite"
        consents = (f"lossy:{step.table.record}.{step.column.name}",) if rows else ()
        return replace(plain, rows=rows, cost=cost, findings=tuple(breaks.concealed(rows)), consents=consents)

    def _index(self, plain: Effect, step: s.AddIndex | s.DropIndex | s.RenameIndex) -> Effect:
        if isinstance(step, s.DropIndex) or (isinstance(step, s.RenameIndex) and self.hand.postgresql):
            return plain
        index = step.index if isinstance(step, s.AddIndex) else step.after
        rows = self._rows(self._now(step.table))
        found: tuple[Finding, ...] = ()
        if isinstance(step, s.AddIndex) and index.unique and rows:
            now = self._columns_now(step.table)
            # A new column holds nothing yet; what is converted is looked at when the index is made.
            if all(each in now for each in index.columns):
                columns = [now[each] for each in index.columns]
                found = tuple(breaks.doubled(self.hand, self._now(step.table), columns, live=index.live))
        online = self.hand.postgresql and self._online(rows)
        return replace(plain, rows=rows, cost="online" if online else "scan", findings=found)

    def _columns_now(self, table: TableShape) -> dict[str, str]:
        """The columns of a table of the result that stand unchanged today, by their coming name."""
        found = {each.name: each.name for each in table.columns}
        for step in self.steps:
            match step:
                case s.AddColumn(other, column) if other is table:
                    found.pop(column.name, None)
                case s.Retype(_, other, before, column) if other is table:
                    if before.same_but_sealed(column) and before.sealed != "random":
                        found[column.name] = before.name  # the same values are the same as they stand
                    else:
                        found.pop(column.name, None)
                case s.ReturnColumn(other, hidden, column) if other is table:
                    found[column.name] = hidden.name
                case s.RenameColumn(other, before, column) if other is table:
                    found[column.name] = before.name
                case _:
                    pass
        return found

    def _demand(self, plain: Effect, step: s.Demand) -> Effect:
        found = tuple(breaks.blank(self.hand, self._now(step.table), step))
        return replace(plain, cost="none", rows=sum(each.count for each in found), findings=found)

    def _options(self, plain: Effect, step: s.TakeOptions) -> Effect:
        found = tuple(breaks.stranded(self.hand, self._now(step.table), step))
        consents = (f"stranded:{step.table.record}.{step.column.name}",) if found else ()
        rows = sum(each.count for each in found)
        return replace(plain, cost="none", rows=rows, findings=found, consents=consents)

    def _options_renamed(self, plain: Effect, step: s.RenameOptions) -> Effect:
        rows = self.hand.count(step.source.name, *holding(self.hand, step))
        found = tuple(breaks.joined(self.hand, step)) if rows else ()
        consents = (f"lossy:{step.table.record}.{step.column.name}",) if found else ()
        return replace(plain, cost="rewrite", rows=rows, findings=found, consents=consents)


_FORMS = ("records", "lines", "links")


def _former(steps: Sequence[s.Step], links: TableShape) -> str:
    """What links that move are called until they are hidden."""
    for step in steps:
        if isinstance(step, s.RetireTable) and step.hidden.name == links.name:
            return step.table.name
    return links.name
