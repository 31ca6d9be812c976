"""The columns of two schemas side by side: which is which, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.computed import Computed, Pair
from lowcode.kernel.storage.migrate.schema import ColumnShape, Schema, TableShape

ONE = {"link": None, "member": "user", "department": "department"}
"""Kinds that name one, and become several of the same; of people and departments, what they name."""
NUMBERS = frozenset({"integer", "number", "money", "percent", "rating"})
WORDS = frozenset({"text", "email", "phone", "url", "select", "state", "serial", "region"})
CHOICES = frozenset({"select", "state"})


class Columns:
    """What becomes of every column of the tables that stay."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        made: Sequence[TableShape],
        applied: Schema,
        forms: Mapping[str, str],
        version: int,
        returning: frozenset[str],
    ) -> None:
        self.pairs = pairs
        self.made = made
        self.applied = applied
        self.forms = forms
        self.version = version
        self.returning = returning
        self.moved_tables: set[str] = set()
        self._names: dict[int, dict[str, str]] = {}
        self._computed = Computed(pairs)

    def steps(self) -> Iterator[s.Step]:
        """The steps of all columns."""
        for pair in self.pairs:
            yield from self._pair(pair)
        yield from self._computed.in_order()

    def kept_names(self, pair: Pair) -> dict[str, str]:
        """The names of columns that stay as they are, before and after."""
        return self._names[id(pair)]

    # -- which column is which ----------------------------------------------------------------------------------------

    def _pair(self, pair: Pair) -> Iterator[s.Step]:
        names = self._names[id(pair)] = {}
        wanted_ids = {each.id for each in pair.after.columns}
        left = {each.id: each for each in pair.before.live}
        for after in pair.after.columns:
            before = _found(after, left, wanted_ids)
            if before is not None:
                del left[before.id]
                yield from self._both(pair, before, after, names)
            else:
                yield from self._new(pair, after)
        for gone in left.values():
            yield from self._gone(pair, gone)

    def _both(self, pair: Pair, before: ColumnShape, after: ColumnShape, names: dict[str, str]) -> Iterator[s.Step]:
        if after.formula is not None and (before.formula is None or before.store != after.store):
            yield from self._gone(pair, before)
            yield from self._added(pair, after)
            return
        entered = (
            _hidden(pair.before, after, self.returning)
            if before.formula is not None and after.formula is None
            else None
        )
        if entered is not None and self._same_values(entered, after):
            yield from self._gone(pair, before)  # what people had entered before it was computed
            yield s.ReturnColumn(pair.after, entered, after)
            self._computed.touch(pair, after)
            return
        left_behind = before.kind != after.kind and self._returning(pair, after) is not None
        if left_behind or not self._same_values(before, after):
            yield self._retype(pair, before, after)
            if before.id != after.id or before.name != after.name:
                yield from self._mention(pair, before, after)
            yield from _concealed(self.pairs, pair, before, after)
            if not before.same_but_sealed(after):
                self._computed.touch(pair, after)
        else:
            names[before.name] = after.name
            if before.name != after.name:
                yield s.RenameColumn(pair.after, before, after)
            if before.id != after.id or before.name != after.name:
                yield from self._mention(pair, before, after)
            if after.formula is not None and before.formula != after.formula:
                self._computed.fill(pair, after)
            yield from self._options(pair, before, after)
        yield from _demands(pair, before, after)

    def _options(self, pair: Pair, before: ColumnShape, after: ColumnShape) -> Iterator[s.Step]:
        """Options that have another name now."""
        if not (names := renamed(before, after)):
            return
        self._computed.touch(pair, after)
        tables = {each.before.role: each.before.name for each in self.pairs if each.before.form == pair.before.form}
        own = pair.before.role == "records"
        joined = tuple(old for old, new in names if new in before.options)
        yield s.RenameOptions(
            pair.before, before, pair.after, after, names, joined, tables.get("history"),
            tables.get("stages") if own and before.kind == "state" else None,
            "" if own else pair.before.record.partition(".")[2],
        )  # fmt: skip

    def _new(self, pair: Pair, after: ColumnShape) -> Iterator[s.Step]:
        links = self._links_of(pair, after)
        if links is not None:
            self.moved_tables.add(links.id)
            hidden = replace(links, name=s.hidden_name(self.version, links.name))
            yield from self._added(pair, after)
            yield s.LinksToLink(pair.after, hidden, after)
            return
        hidden_column = _hidden(pair.before, after, self.returning)
        if hidden_column is None:
            yield from self._added(pair, after)
        elif after.formula is None and not self._same_values(hidden_column, after):
            yield self._retype(pair, hidden_column, after)
            yield from _concealed(self.pairs, pair, hidden_column, after)
            self._computed.touch(pair, after)
        elif hidden_column.store != after.store:
            yield from self._added(pair, after)
        else:
            yield s.ReturnColumn(pair.after, hidden_column, after)
            self._computed.touch(pair, after)
            if after.formula is not None:
                self._computed.fill(pair, after)
        if after.required and hidden_column is None and pair.after.role in ("records", "lines"):
            yield s.Demand(pair.after, after, None)

    def _added(self, pair: Pair, after: ColumnShape) -> Iterator[s.Step]:
        yield s.AddColumn(pair.after, after)
        if after.formula is not None:
            self._computed.fill(pair, after)

    def _gone(self, pair: Pair, gone: ColumnShape) -> Iterator[s.Step]:
        if pair.after.role == "own" and not gone.nullable:
            yield s.PurgeColumn(pair.before, gone)  # nothing would fill it any more, and every insert would fail
            return
        hidden = gone.hidden(s.hidden_name(self.version, gone.name), self.version)
        links = self._becomes_links(pair, gone)
        moved = links is not None or gone.formula is not None or pair.after.role == "own"
        yield s.RetireColumn(pair.before, gone, hidden, moved)
        if links is not None:
            returning = any(each.after is links for each in self.pairs)
            yield s.LinkToLinks(pair.after, hidden, links, returning)

    # -- what becomes of it -------------------------------------------------------------------------------------------

    def _same_values(self, before: ColumnShape, after: ColumnShape) -> bool:
        return same_values(before, after, self._former(after.to))

    def _former(self, form: str | None) -> str | None:
        return self.forms.get(form, form) if form is not None else None

    def _retype(self, pair: Pair, before: ColumnShape, after: ColumnShape) -> s.Retype:
        returning = self._returning(pair, after) if before.retired is None else None
        hidden = before
        if before.retired is None:
            hidden = before.hidden(s.hidden_name(self.version, before.name), self.version, replaced=True)
        return s.Retype(pair.before, pair.after, before, after, hidden, returning)

    def _returning(self, pair: Pair, after: ColumnShape) -> ColumnShape | None:
        """The column of this type that an earlier change of type left behind last."""
        kept = [each for each in pair.before.columns if each.retired and each.retired.replaced]
        known = (after.id, after.was)
        kept = [each for each in kept if each.id in known and each.kind == after.kind]
        same = [each for each in kept if self._same_values(each, after)]
        return max(same, key=lambda each: order(each, self.returning), default=None)

    def _mention(self, pair: Pair, before: ColumnShape, after: ColumnShape) -> Iterator[s.Step]:
        if pair.after.role not in ("records", "lines") or not after.kind:
            return
        if before.name == after.name and after.kind != "serial":
            return
        of_form = [each for each in (*(each.after for each in self.pairs), *self.made) if each.form == pair.after.form]
        tables = {each.role: each.name for each in of_form}
        own = pair.after.role == "records"
        stages = tables.get("stages") if own and after.kind == "state" else None
        way = "" if own else pair.after.record.partition(".")[2]
        reused = own and before.name in {each.record.rpartition(".")[2] for each in of_form if each.field}
        yield s.RenameField(pair.after, before, after, tables.get("history"), stages, way, reused)

    # -- one link and several -----------------------------------------------------------------------------------------

    def _links_of(self, pair: Pair, after: ColumnShape) -> TableShape | None:
        """The links a field has been until now, when it is one link from now on."""
        if after.kind not in ONE or pair.after.role != "records":
            return None
        still = {id(each.before) for each in self.pairs}
        for each in self.applied.live:
            if each.role == "links" and each.form == pair.before.form and id(each) not in still:
                target = each.column("target")
                named = ONE[after.kind] or self._former(after.to)
                if each.field in (after.id, after.was) and target and target.to == named:
                    return each
        return None

    def _becomes_links(self, pair: Pair, gone: ColumnShape) -> TableShape | None:
        """The links a field is from now on, when it has been one link until now."""
        if gone.kind not in ONE or pair.after.role != "records":
            return None
        coming = [*self.made, *(each.after for each in self.pairs if each.before.retired)]
        for each in coming:
            if each.role == "links" and each.form == pair.after.form and each.field == gone.id:
                target = each.column("target")
                if target is not None and self._former(target.to) == (ONE[gone.kind] or gone.to):
                    return each
        return None


def _concealed(pairs: Sequence[Pair], pair: Pair, before: ColumnShape, after: ColumnShape) -> Iterator[s.Step]:
    """What else holds the values of a field that is encrypted from now on in clear: its history, and the columns it
    had before."""
    if before.sealed or not after.sealed:
        return
    for each in pair.before.columns:
        if each.retired and each.id in (before.id, after.id) and not each.sealed and each is not before:
            yield s.PurgeColumn(pair.before, each)
    of_form = [each.after for each in pairs if each.after.form == pair.after.form]
    history = next((each.name for each in of_form if each.role == "history"), None)
    if history is not None:
        name = before.retired.name if before.retired is not None else before.name
        way = "" if pair.after.role == "records" else pair.after.record.partition(".")[2]
        yield s.Conceal(pair.after, after, history, name, way)


def _demands(pair: Pair, before: ColumnShape, after: ColumnShape) -> Iterator[s.Step]:
    if after.required and not before.required and before.kind:
        yield s.Demand(pair.after, after, before.name)
    followed = {old for old, _ in renamed(before, after)}
    gone = tuple(each for each in before.options if each not in after.options and each not in followed)
    if gone and after.options and before.store == after.store and not before.unlisted:
        yield s.TakeOptions(pair.after, after, before.name, gone)


def renamed(before: ColumnShape, after: ColumnShape) -> tuple[tuple[str, str], ...]:
    """The options that are called otherwise now, old and new: what is still there under a name is itself."""
    return tuple((old, new) for new, old in after.were if old in before.options and old not in after.options)


def _found(after: ColumnShape, left: Mapping[str, ColumnShape], wanted_ids: set[str]) -> ColumnShape | None:
    """The column a field has now: by id, by its former name, by its name where no id was given."""
    if after.id in left:
        return left[after.id]
    others = [each for each in left.values() if each.id not in wanted_ids]
    for each in others:
        if after.was is not None and after.was in (each.id, each.name):
            return each
    for each in others:
        if each.name == after.name and (each.id == each.name or after.id == after.name):
            return each
    return None


def _hidden(table: TableShape, after: ColumnShape, returning: frozenset[str]) -> ColumnShape | None:
    """What was retired last of a field that returns."""
    found = [each for each in table.columns if each.retired and not each.retired.replaced and each.id == after.id]
    return max(found, key=lambda each: order(each, returning), default=None)


def order(each: ColumnShape | TableShape, returning: frozenset[str]) -> tuple[bool, int]:
    """Which of several hidden things of one id returns: one that is wanted by name, else the last."""
    return each.name in returning, each.retired.version if each.retired is not None else 0


def same_values(before: ColumnShape, after: ColumnShape, to: str | None) -> bool:
    """Whether the values that are there are values of the new type as they stand."""
    if before.store != after.store or (before.sealed, before.place) != (after.sealed, after.place):
        return False
    old, new = before.kind, after.kind
    if old == new:
        return before.to == to
    if old in NUMBERS and new in NUMBERS:
        return not (new == "percent" or old == "percent")
    if old in CHOICES and new in CHOICES:
        return True
    if new == "text":
        return old in WORDS
    if new == "long_text":
        return old in WORDS
    return "formula" in (old, new) or "rollup" in (old, new) or not old or not new
