"""The lines of a record that is made: written out one by one, or one for each row of a relation.

    "lines": {"plan": [{"when": "total > 1000", "values": {"name": "\"deposit\"", "amount": "total * 0.3"}}, …]}
    "lines": {"items": {"rows": "items", "where": "quantity > 0", "values": {"product": "product"}}}

Written out, the expressions see the record it stands beside; for each row, they see the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.changes.site import Beside, Site
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.facts import Needs


class LineOptions(Part):
    """One line; with `when`, only if the condition holds."""

    when: ExpressionText | None = None
    values: dict[str, ExpressionText]


class EachRowOptions(Part):
    """One line for each row of a relation, or of lines, of this record."""

    rows: str
    where: ExpressionText | None = None
    values: dict[str, ExpressionText]


LinesOptions = list[LineOptions] | EachRowOptions


@dataclass(frozen=True, slots=True)
class Line:
    """One line written out."""

    when: Expression | None
    expressions: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class WrittenLines:
    """Lines written out."""

    lines: tuple[Line, ...]

    @property
    def needs(self) -> tuple[Any, ...]:
        """What the expressions read of the record."""
        conditions = (line.when for line in self.lines if line.when is not None)
        return (*conditions, *(each for line in self.lines for each in line.expressions.values()))

    def made(self, beside: Beside) -> list[dict[str, Any]]:
        """The lines for one record."""
        facts, moment, variables = beside.facts, beside.moment, beside.variables
        met = (line for line in self.lines if line.when is None or line.when.test(facts, moment, **variables))
        return [_given(beside.values(line.expressions)) for line in met]


@dataclass(frozen=True, slots=True)
class LinesOfRows:
    """One line for each row for which the condition holds."""

    rows: str
    where: Expression | None
    expressions: Mapping[str, Expression]

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the rows."""
        read = [*self.expressions.values(), *([self.where] if self.where is not None else [])]
        paths = frozenset(path for each in read for path in each.paths)
        return (Needs(frozenset(), frozenset({(self.rows, frozenset({"id"}) | paths)})),)

    def made(self, beside: Beside) -> list[dict[str, Any]]:
        """The lines for one record, in the order of the rows."""
        moment, variables = beside.moment, beside.variables
        return [
            _given({name: each.evaluate(row, moment, **variables) for name, each in self.expressions.items()})
            for row in beside.facts.get(self.rows) or []
            if self.where is None or self.where.test(row, moment, **variables)
        ]


Lines = WrittenLines | LinesOfRows


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Blank values are left to the defaults of the field."""
    return {name: value for name, value in values.items() if value is not None}


def compile_lines(written: Mapping[str, LinesOptions], form: str, site: Site) -> dict[str, Lines] | None:
    """Lines by field; None when something is wrong, which is in the report then."""
    compiled: dict[str, Lines] = {}
    fields = {name: field for name, field in site.scope.records[form].fields.items() if field.rows is not None}
    for name, options in written.items():
        below = f"/lines/{name}"
        if name not in fields:
            site.refuse("not-lines", below, seen=name, form=form, known=list(fields))
            continue
        rows = fields[name].rows
        assert rows is not None
        found = _of_rows(options, rows.name, below, site) if isinstance(options, EachRowOptions) else None
        if isinstance(options, list):
            found = _written(options, rows.name, below, site)
        if found is not None:
            compiled[name] = found
    return compiled if len(compiled) == len(written) else None


def _written(options: list[LineOptions], target: str, below: str, site: Site) -> Lines | None:
    lines = []
    for index, line in enumerate(options):
        at = f"{below}/{index}"
        when = site.expression(line.when, f"{at}/when", expect=Type("boolean")) if line.when is not None else None
        values = site.values(line.values, target, f"{at}/values")
        if values is not None and (when is not None) == (line.when is not None):
            lines.append(Line(when, values))
    return WrittenLines(tuple(lines)) if len(lines) == len(options) else None


def _of_rows(options: EachRowOptions, target: str, below: str, site: Site) -> Lines | None:
    source = rows_of(site, options.rows, f"{below}/rows")
    if source is None:
        return None
    where = None
    if options.where is not None:
        where = site.expression(options.where, f"{below}/where", form=source, more=site.names, expect=Type("boolean"))
    values = site.values(options.values, target, f"{below}/values", of=source, more=site.names)
    if values is None or (options.where is not None and where is None):
        return None
    return LinesOfRows(options.rows, where, values)


def rows_of(site: Site, name: str, below: str) -> str | None:
    """The record type of the rows of a relation or of lines of the form; an unknown one is a finding."""
    record_type = site.scope.records.get(site.form or "")
    if record_type is None:
        site.refuse("needs-form", below)
        return None
    lines = {each.name: each.rows.name for each in record_type.fields.values() if each.rows is not None}
    known = {each: relation.record_type for each, relation in record_type.relations.items()} | lines
    if name not in known:
        site.refuse("unknown-relation", below, seen=name, form=site.form, known=list(known))
    return known.get(name)
