"""Makes a record of some form with its lines, or one for each of other records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from lowcode.flows.nodes.changing import Site, WhichOptions, all_of, of_this, told
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.values import read_values
from lowcode.kernel.changes import Beside, Lines, LinesOptions, Which, compile_lines, compile_which, this_record
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class CreateDocument(NodeDocument):
    """Creates a record, or one for each of others; the expressions see the record of the flow, or each of those."""

    type: Literal["create"]
    form: str
    values: dict[str, ExpressionText] = Field(default_factory=dict)
    lines: dict[str, LinesOptions] = Field(default_factory=dict, description="Lines of the record, by their field.")
    for_each: WhichOptions | None = Field(
        None, description="One for each of these; names in `values` are theirs, `this` is the record of the flow."
    )
    to: str

    @model_validator(mode="after")
    def _one_or_many(self) -> CreateDocument:
        if self.for_each is not None and self.lines:
            raise Unfit(
                "'for_each' makes many records: 'lines' are for one",
                "for_each 会新建多条记录，lines 只用于新建一条",
            )
        return self


@dataclass(frozen=True, slots=True)
class Creation:
    """A record to be."""

    form: str
    values: Mapping[str, Expression]
    lines: Mapping[str, Lines]

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the record of the flow."""
        return (*self.values.values(), *(need for each in self.lines.values() for need in each.needs))

    def enter(self, work: Work) -> Go:
        """Make it; blank lines' values are left to the defaults."""
        beside = work.changes.beside(self.needs)
        lines = {name: each.made(beside) for name, each in self.lines.items()}
        made = work.context.ask("records.create", type=self.form, values={**beside.values(self.values), **lines})
        made_id = made["id"] if isinstance(made, Mapping) else made
        return Go(trace={"created": {"form": self.form, "id": made_id}})


@dataclass(frozen=True, slots=True)
class Creations:
    """A record for each of others."""

    form: str
    values: Mapping[str, Expression]
    which: Which

    def enter(self, work: Work) -> Go:
        """Find the others, work out all values, then make them."""
        beside = work.changes.beside(self.which.needs)
        found = all_of(self.which, beside)
        rows = self._rows(beside, found.ids)
        work.changes.create(self.form, list(rows), list(rows.values()))
        return Go(trace={"created": told(self.form, list(rows), self.values)})

    def _rows(self, beside: Beside, ids: tuple[int, ...]) -> dict[int, dict[str, Any]]:
        facts = beside.context.facts(self.which.form, ids, list(self.values.values())) if ids else {}
        named = self.which.named(beside)
        return {
            one: {name: each.evaluate(facts[one], beside.moment, **named) for name, each in self.values.items()}
            for one in ids
            if one in facts
        }


class CreateNode(Step):
    """New records; one of them refused, the flow is stuck there with the reason."""

    name = "create"
    document = CreateDocument

    def compile(self, document: CreateDocument, reading: Reading) -> Understood:
        """The form and its values."""
        reading.find("form", document.form, "/form")
        site = Site(reading)
        if document.for_each is not None:
            return Understood(_for_each(document, document.for_each, site), {"writes": True})
        values = read_values(document.values, reading, "/values", document.form)
        known = document.lines and document.form in reading.scope.records
        lines = compile_lines(document.lines, document.form, site) if known else {}
        return Understood(Creation(document.form, values, lines or {}), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Create them as the flow acts."""
        creation: Creation | Creations = node.work
        return creation.enter(work)


def _for_each(document: CreateDocument, each: WhichOptions, site: Site) -> Creations | None:
    which = compile_which(each, replace(site, reading=site.reading.at("/for_each")), each.most)
    if which is None:
        return None
    values = site.values(document.values, document.form, "/values", of=which.form, more=this_record(site))
    if values is None:
        return None
    return Creations(document.form, values, replace(which, of_this=of_this(which, values=values.values())))
