"""What a document of reports is understood with: the app's names, and the one document with its dataset merged in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.records.fields.choices import listed
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.definition import (
    BorrowedMeasure,
    DatasetDefinition,
    DimensionDefinition,
    MeasureDefinition,
    Question,
)
from lowcode.reports.diagnostics import MESSAGES

DATE, BOOLEAN = Type("date"), Type("boolean")
FILTERED = frozenset({"text", "choice", "user", "record"})
ANCESTRAL = FILTERED | {"date", "number", "boolean"}


class Understanding:
    """The app's names and where findings go: the same for all documents of one app."""

    def __init__(
        self, scope: Scope, report: Report, charts: Registry[ChartKind], filters: frozenset[str] = frozenset(),
        datasets: Mapping[str, DatasetDefinition] | None = None,
    ) -> None:  # fmt: skip
        self.scope, self.found, self.charts = scope, report, charts
        self.datasets: Mapping[str, DatasetDefinition] = datasets or {}
        self.filters = filters
        """Names of the filters that dashboards have: only for those are conditions made."""

    @property
    def fiscal(self) -> int:
        """The month in which the business year begins."""
        return int(self.scope.app.fiscal_year_starts)

    def compiled(
        self, text: str, place: Any, form: str, use: Use = Use.READ, expect: Type | None = None,
        variables: Mapping[str, Type] | None = None,
    ) -> Expression | None:  # fmt: skip
        """An expression of a document about a form."""
        return self.scope.expression(text, place, self.found, record=form, use=use, variables=variables, expect=expect)

    def record(self, name: str) -> RecordType | None:
        """A record type by name."""
        return self.scope.records.get(name)

    def add(self, key: str, place: Any, **values: Any) -> None:
        """A finding."""
        self.found.add(MESSAGES.diagnostic(key, place, **values))

    def field_at(self, form: str, text: str) -> Any:
        """The field a plain path ends at."""
        owner: str | None = form
        *heads, name = text.strip().split(".")
        for head in heads:
            shape = self.scope.shapes.records.get(owner or "")
            found = shape.fields.get(head) if shape is not None else None
            owner = found.type.target if found is not None else None
        record = self.record(owner or "")
        return record.fields.get(name) if record is not None else None


class Asking:
    """One document while it is compiled: its dataset merged in, its places known."""

    def __init__(
        self, compiler: Understanding, document: Question, source: Any, dataset: DatasetDefinition | None
    ) -> None:
        self._compiler, self._document, self._source, self._dataset = compiler, document, source, dataset
        self.form = document.form or (dataset.form if dataset is not None else None)
        self.date = document.date or (dataset.date if dataset is not None else None)
        self.as_of = document.as_of or (dataset.as_of if dataset is not None else None)
        wheres = [each for each in (dataset.where if dataset is not None else None, document.where) if each]
        joined = " and ".join(f"({each})" for each in wheres) if len(wheres) > 1 else "".join(wheres)
        self.where: str | None = joined or None

    def place(self, pointer: str) -> Any:
        return self._source.place(pointer)

    def wrong(self, key: str, pointer: str, **values: Any) -> None:
        self._compiler.add(key, self.place(pointer), **values)

    def expression(self, text: str, pointer: str, form: str, expect: Type | None = None) -> Expression | None:
        return self._compiler.compiled(text, self.place(pointer), form, expect=expect)

    def condition(self, form: str, more: str | None = None, pointer: str = "/where") -> Expression | None:
        """The document's own condition, and one more."""
        texts = [f"({each})" if self.where and more else each for each in (self.where, more) if each]
        return self.expression(" and ".join(texts), pointer, form, BOOLEAN) if texts else None

    def period(self, form: str, date: str | None, pointer: str = "/date") -> Expression | None:
        """The condition of a period, with its two days as variables."""
        if date is None:
            return None
        text = f"TODATE({date}) >= period_from and TODATE({date}) < period_until"
        variables = {"period_from": DATE, "period_until": DATE}
        return self._compiler.compiled(text, self.place(pointer), form, variables=variables, expect=BOOLEAN)

    def is_history(self, form: str) -> bool:
        """Whether a form is the history of a state."""
        record = self._compiler.record(form)
        return record is not None and record.parent is not None and record.parent_field in record.parent.intervals

    def then(self, form: str) -> tuple[str, Expression | None]:
        """That a stay had begun and not ended at the end of a day, as the filter `as_of` gives it."""
        text = "TODATE(entered_at) <= filter_as_of and (left_at is blank or TODATE(left_at) > filter_as_of)"
        variables = {"filter_as_of": DATE}
        return text, self._compiler.compiled(text, self.place("/as_of"), form, variables=variables, expect=BOOLEAN)

    def filter_texts(self, form: str) -> dict[str, str]:
        """What each filter is compared with: as written, else the fields of the form by their own names."""
        record = self._compiler.record(form)
        own = {"owner", *record.fields} if record is not None and record.parent is None else set()
        named = dict(self._dataset.filters) if self._dataset is not None else {}
        return {**{name: name for name in sorted(own & self._compiler.filters)}, **named, **self._document.filters}

    def conditions(self, form: str, quiet: bool = False) -> dict[str, Expression]:
        """A condition per filter, with the variable `filter_value`."""
        found = {}
        own = {name: name for name in self.filter_texts(form) if name not in self._document.filters}
        for name, text in (own if quiet else self.filter_texts(form)).items():
            place = f"/filters/{name}" if name in self._document.filters else ""
            condition = self.equals(form, name, text, place)
            if condition is not None:
                found[name] = condition
        return found

    def equals(
        self, form: str, name: str, text: str, pointer: str, kinds: frozenset[str] = FILTERED
    ) -> Expression | None:
        """That an expression has the value of the variable `filter_<name>`; None where its kind is another."""
        bare = self.expression(text, pointer, form)
        if bare is None or bare.type.kind not in kinds:
            return None
        variables = {f"filter_{name}": bare.type.optional}
        condition = f"({text}) = filter_{name}"
        return self._compiler.compiled(condition, self.place(pointer), form, variables=variables, expect=BOOLEAN)

    def dimensions(self) -> list[tuple[DimensionDefinition, str]]:
        """The dimensions with their places; names are those of the dataset."""
        return self._resolved("dimension", getattr(self._document, "dimensions", ()), "dimensions")

    def measures(self) -> list[tuple[MeasureDefinition, str]]:
        """The measures with their places: those written, then those of the dataset that they are made of."""
        written = getattr(self._document, "measures", ())
        own: list[Any] = list(self._resolved("measure", [self._borrowed(each) for each in written], "measures"))
        known = {each.name: each for each in getattr(self._dataset, "measures", ())}
        found = {each.name for each, _ in own}
        waiting = list(own)
        while waiting:
            measure, pointer = waiting.pop(0)
            for name in needs_of(measure):
                if name in known and name not in found:
                    found.add(name)
                    own.append((known[name], pointer))
                    waiting.append(own[-1])
        return own

    def _borrowed(self, written: Any) -> Any:
        return written if not isinstance(written, BorrowedMeasure) else self._lender(written)

    def _lender(self, written: BorrowedMeasure) -> Any:
        """A measure of another dataset as one of its form, met in the dimensions both have by name."""
        dataset = self._compiler.datasets.get(written.dataset)
        pointer = f"/measures/{getattr(self._document, 'measures', ()).index(written)}"
        if dataset is None:
            self._compiler.scope.find(
                "dataset", written.dataset, self.place(f"{pointer}/dataset"), self._compiler.found
            )
            return None
        measure = next((each for each in dataset.measures if each.name == written.measure), None)
        if measure is None or measure.expression is None:
            known = [each.name for each in dataset.measures if each.expression is not None]
            self.wrong(
                "unknown-name", f"{pointer}/measure", what="measure", seen=written.measure, dataset=dataset.name,
                known=known,
            )  # fmt: skip
            return None
        wheres = [each for each in (dataset.where, measure.where) if each]
        levels = [level for each in dataset.dimensions for level in (each, *each.levels)]
        return measure.model_copy(
            update={
                "name": written.name or measure.name,
                "title": written.title if written.title is not None else measure.title,
                "form": measure.form or dataset.form,
                "where": " and ".join(f"({each})" for each in wheres) or None,
                "date": measure.date or dataset.date,
                "dimensions": measure.dimensions or {each.name: each.expression for each in levels},
            }
        )

    def silent(self) -> frozenset[str]:
        """The measures nobody wrote into this document."""
        written = {
            each if isinstance(each, str) else (each.name or each.measure) if isinstance(each, BorrowedMeasure)
            else each.name
            for each in getattr(self._document, "measures", ())
        }  # fmt: skip
        return frozenset(each.name for each, _ in self.measures()) - written

    def _resolved(self, what: str, written: Sequence[Any], key: str) -> list[Any]:
        known = {each.name: each for each in getattr(self._dataset, key, ())}
        found = []
        for index, each in enumerate(written):
            pointer = f"/{key}/{index}"
            if each is None:
                continue
            if not isinstance(each, str):
                found.append((each, pointer))
            elif each in known:
                found.append((known[each], pointer))
            else:
                dataset = self._dataset.name if self._dataset is not None else ""
                self.wrong("unknown-name", pointer, what=what, seen=each, dataset=dataset, known=list(known))
        return found


def needs_of(measure: MeasureDefinition) -> tuple[str, ...]:
    """The names of other measures that one may be made of; a formula's words are names or functions."""
    if measure.of is not None:
        return (measure.of,)
    bare = re.sub(r'"[^"]*"', "", measure.formula or "")
    return tuple(dict.fromkeys(re.findall(r"\b[a-z][a-z0-9_]*\b", bare)))


def options_of(field: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"name": name, "title": title, **({"color": color} if color else {})}
        for name, title, color in listed(getattr(field, "options", None))
    )
