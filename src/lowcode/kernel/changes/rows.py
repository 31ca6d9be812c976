"""The rows of lines that change in the records that are meant: those for which a condition holds.

    "lines": {"plan": {"where": "name = this.instalment", "values": {"received": "true"}}}
    "lines": {"deliveries.items": {"where": "parent.delivered_on is not blank", "values": {"accepted": "quantity"}}}

Names belong to the row; `parent` is what it lies in, `this` the record it is done beside. Rows that are not met stay as
they are, and where none is met the record is not saved for their sake. All rows of all records are read at once, and
each record is saved as a person would save it: with the rows it keeps, and those that change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from lowcode.kernel.changes.site import Beside, Site
from lowcode.kernel.changes.which import fields_of_this, this_record
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.rollups import hold

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

Values = Mapping[str, Any]
Met = Mapping[str, Mapping[int, Values]]
"""The rows of one record that change: by the way to them and by their id, with the values they get."""


class RowsOptions(Part):
    """The rows of lines for which a condition holds, and expressions for their fields."""

    where: ExpressionText | None = Field(None, description="Which rows; left out, all of them.")
    values: dict[str, ExpressionText] = Field(min_length=1, description="An expression over the row for each field.")


@dataclass(frozen=True, slots=True)
class RowChange:
    """Which rows at a way from the record, and expressions by their fields."""

    way: str
    where: Expression | None
    expressions: Mapping[str, Expression]

    @property
    def read(self) -> tuple[Expression, ...]:
        """What it evaluates for each row."""
        return (*self.expressions.values(), *((self.where,) if self.where is not None else ()))

    @property
    def needs(self) -> Needs:
        """What is read of the rows."""
        paths = frozenset(path for each in self.read for path in each.paths)
        return Needs(frozenset(), frozenset({(self.way, frozenset({"id"}) | paths)}))

    def met(self, rows: Iterable[Values], beside: Beside, named: Values) -> dict[int, Values]:
        """The rows that change, by their id."""
        return {
            row["id"]: {name: each.evaluate(row, beside.moment, **named) for name, each in self.expressions.items()}
            for row in rows
            if self.where is None or self.where.test(row, beside.moment, **named)
        }


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What happens to the rows of the records of a form."""

    form: str
    changes: tuple[RowChange, ...]

    @property
    def of_this(self) -> tuple[str, ...]:
        """The fields of the record they stand beside that they name."""
        return fields_of_this(*(each for change in self.changes for each in change.read))

    def met(self, beside: Beside, ids: Sequence[int], named: Values) -> dict[int, Met]:
        """The rows that change, by the record they are of. The records are held until this transaction ends: a row that
        somebody adds meanwhile is neither missed nor lost."""
        if not self.changes or not ids:
            return {}
        if not beside.simulated:
            hold(beside.context, beside.context.app.types[self.form], ids)
        facts = beside.context.facts(self.form, ids, [each.needs for each in self.changes])
        found: dict[int, Met] = {}
        for identity in ids:
            record = facts.get(identity, {})
            met = {each.way: each.met(record.get(each.way) or (), beside, named) for each in self.changes}
            if any(met.values()):
                found[identity] = {way: rows for way, rows in met.items() if rows}
        return found

    def sent(self, beside: Beside, ids: Sequence[int], values: Values, met: Mapping[int, Met]) -> list[tuple[int, Any]]:
        """What is saved of each record that changes: its values, and the rows it has with what changes of them."""
        changed = [each for each in ids if values or each in met]
        tops = {way.partition(".")[0] for ways in met.values() for way in ways}
        sent: dict[int, dict[str, Any]] = {each: dict(values) for each in changed}
        lines = [each for each in beside.context.app.saves[self.form].lines if each.name in tops]
        for plan in lines:
            stored = plan.load_many(beside.context, list(met))
            for identity, ways in met.items():
                if any(f"{way}.".startswith(f"{plan.name}.") for way in ways):
                    sent[identity][plan.name] = _kept(plan, stored[identity], plan.name, ways)
        return list(sent.items())


def _kept(plan: Any, rows: Iterable[Values], way: str, ways: Met) -> list[dict[str, Any]]:
    """All rows at a way by their id, so that none goes, and of those that change what they get."""
    inner = [each for each in plan.inner if any(f"{one}.".startswith(f"{way}.{each.name}.") for one in ways)]
    there = ways.get(way, {})
    return [
        {
            "id": row["id"],
            **there.get(row["id"], {}),
            **{each.name: _kept(each, row[each.name], f"{way}.{each.name}", ways) for each in inner},
        }
        for row in rows
    ]


def compile_rows(written: Mapping[str, RowsOptions], form: str, site: Site) -> RowChanges | None:
    """Changes of rows by the way to them; None when something is wrong, which is in the report then."""
    compiled = []
    for way, options in written.items():
        below = f"/lines/{way}"
        rows = _rows_at(site.scope.records[form], way, below, site)
        if rows is None:
            continue
        names = this_record(site)
        where = None
        if options.where is not None:
            where = site.expression(options.where, f"{below}/where", form=rows.name, more=names, expect=Type("boolean"))
        values = site.values(options.values, rows.name, f"{below}/values", of=rows.name, more=names)
        if values is not None and (where is not None or options.where is None):
            compiled.append(RowChange(way, where, values))
    return RowChanges(form, tuple(compiled)) if len(compiled) == len(written) else None


def _rows_at(record_type: RecordType, way: str, below: str, site: Site) -> RecordType | None:
    """The rows at a way such as `deliveries.items`; what leads to none is a finding."""
    found = record_type
    for name in way.split("."):
        lines = {each.name: each.rows for each in found.fields.values() if each.rows is not None}
        rows = lines.get(name)
        if rows is None:
            site.refuse("not-lines", below, seen=name, form=found.name, known=list(lines))
            return None
        found = rows
    return found
