"""Records that a step changes beside the one the flow is about: how they are written, and how they are worked out.

What is meant is understood as actions of rules understand it (`kernel.changes`); a step does it in the transaction in
which the flow goes on, so it may mean no more records than one transaction holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.values import read_values
from lowcode.kernel import changes
from lowcode.kernel.changes import AT_ONCE, Beside, Found, RowChanges, RowsOptions, TooMany, Which
from lowcode.kernel.diagnostics import Place
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.scope import Scope

TOLD = 20
"""So many records are named in the history of an instance; of more it says how many there were."""

Most = Annotated[
    int,
    Field(
        ge=1,
        le=AT_ONCE,
        description="More records than these are taken for a slip: nothing is done, and the flow is stuck here and "
        "says how many they are. A rule can do more, in pieces.",
    ),
]
Lines = Annotated[
    dict[str, RowsOptions],
    Field(
        description="Rows of lines in them, by their field; those in lines by the way to them, such as "
        "`deliveries.items`. Names belong to the row, `parent` is what it lies in, `this` the record of the flow."
    ),
]


class WhichOptions(changes.WhichOptions):
    """Which records: the one a link points at, those of a relation, or those of a form for which a condition holds."""

    most: Most = AT_ONCE


@dataclass(frozen=True, slots=True)
class Site:
    """A step, as what changes records is compiled in it; see `lowcode.kernel.changes.Site`."""

    reading: Reading

    @property
    def scope(self) -> Scope:
        """The names it may use."""
        return self.reading.scope

    @property
    def form(self) -> str | None:
        """The form of the flow; None: there is none of this name, which is said elsewhere."""
        return self.reading.form if self.reading.form in self.reading.scope.records else None

    @property
    def names(self) -> Mapping[str, Type]:
        """What expressions may name beside the fields of the form."""
        return self.reading.variables

    def place(self, below: str = "") -> Place:
        """Where something of the step stands."""
        return self.reading.place(below)

    def refuse(self, key: str, below: str = "", **values: Any) -> None:
        """Something is wrong here."""
        if key != "needs-form":  # the flow's form is not known: that is said where it is named
            self.reading.finding(key, below, **values)

    def knows(self, what: str, name: str, below: str, also: Iterable[str] = ()) -> bool:
        """Whether the app has something of this name; if not, that is a finding with the nearest name."""
        self.scope.find(what, name, self.place(below), self.reading.report, also)
        return name in self.scope.names(what)

    def expression(
        self,
        text: str,
        below: str,
        *,
        expect: Type | None = None,
        form: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> Expression | None:
        """An expression over the record of the flow, or over another `form`."""
        if form is None:
            return self.reading.knowing({**self.reading.more, **(more or {})}).expression(text, below, expect=expect)
        place, report = self.place(below), self.reading.report
        return self.scope.expression(text, place, report, record=form, variables=more or {}, expect=expect)

    def values(
        self,
        written: Mapping[str, str],
        form: str | None,
        below: str,
        of: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> dict[str, Expression] | None:
        """Expressions for fields of a form, over the record of the flow or over another form (`of`)."""
        named = more or {}

        def over(text: str, at: str, expect: Type | None = None) -> Expression | None:
            return self.expression(text, at, expect=expect, form=of, more=named)

        found = read_values(written, self.reading, below, form or "", over)
        return dict(found) if len(found) == len(written) else None


Sent = list[tuple[int, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What becomes of other records: values that are worked out over the record of the flow, and rows in them."""

    which: Which
    values: Mapping[str, Expression]
    rows: RowChanges

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the record of the flow."""
        return (*self.values.values(), *self.which.needs)

    def sent(self, beside: Beside) -> tuple[Sent, int]:
        """What is saved of each, and how many rows of them change. Raises Hindered: they are too many."""
        found, named = all_of(self.which, beside), self.which.named(beside)
        met = self.rows.met(beside, found.ids, named)
        return self.rows.sent(beside, found.ids, beside.values(self.values), met), rows_in(met)


def all_of(which: Which, beside: Beside) -> Found:
    """The records that are meant. Raises Hindered when they are more than may be."""
    try:
        found = which.found(beside)
    except TooMany as many:
        raise Hindered(_too_many(many.form, many.count, many.most)) from None
    if found.beyond is not None:
        raise Hindered(_too_many(which.form, found.total, found.beyond))
    return found


def _too_many(form: str, count: int, most: int) -> Any:
    return problem("flows.too-many-records", form=form, count=count, most=most)


def rows_in(met: Mapping[int, changes.Met]) -> int:
    """How many rows change."""
    return sum(len(rows) for ways in met.values() for rows in ways.values())


def told(form: str, ids: Sequence[int], fields: Iterable[str] = (), rows: int = 0) -> dict[str, Any]:
    """What a trace says of records that are changed, created or deleted: their form, how many they are and the first of
    them, the fields that were given and the rows that changed."""
    found = {"form": form, "count": len(ids), "ids": list(ids[:TOLD])}
    return {**found, **({"fields": sorted(fields)} if fields else {}), **({"rows": rows} if rows else {})}


def of_this(*named: Which | RowChanges, values: Iterable[Expression] = ()) -> tuple[str, ...]:
    """The fields of the record of the flow that are named as `this`."""
    return tuple(sorted({*(name for each in named for name in each.of_this), *changes.fields_of_this(*values)}))
