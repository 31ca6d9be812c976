"""How a node's document is read: expressions, texts and names of one flow, with findings at their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lowcode.flows.diagnostics import MESSAGES
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.scope import Scope
from lowcode.kernel.texts import TextTemplate

STARTER = "starter"
"""The variable every expression of a flow may use: the person who started the instance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The compilation of one flow as its nodes see it; `pointer` is where the node stands in the document."""

    scope: Scope
    source: Any
    report: Report
    form: str
    pointer: str = ""
    reviewers: Any = None
    """The kinds of reviewers the host knows."""
    starterless: bool = False
    """Whether nobody has started it yet: the records are looked for."""
    more: Mapping[str, Type] = field(default_factory=dict)
    """Names that expressions may use here beside the usual ones."""

    def at(self, pointer: str) -> Reading:
        """The same, further inside the document."""
        return replace(self, pointer=self.pointer + pointer)

    def knowing(self, more: Mapping[str, Type]) -> Reading:
        """The same, with more names for expressions."""
        return replace(self, more=more)

    def place(self, pointer: str = "") -> Place:
        """Where something of the node stands."""
        place: Place = self.source.place(self.pointer + pointer)
        return place

    def finding(self, key: str, pointer: str = "", **values: Any) -> None:
        """Something is wrong here."""
        self.report.add(MESSAGES.diagnostic(key, self.place(pointer), **values))

    @property
    def variables(self) -> Mapping[str, Type]:
        """What expressions may name beside the fields of the form, unless the form has a field of that name."""
        record = self.scope.records.get(self.form)
        if self.starterless or (record is not None and STARTER in record.shape.fields):
            return self.more
        return {STARTER: Type("user", record="user"), **self.more}

    def expression(
        self, text: str, pointer: str, *, expect: Type | None = None, use: Use = Use.READ
    ) -> Expression | None:
        """An expression over the record of the flow."""
        if self.form not in self.scope.records:
            return None
        return self.scope.expression(
            text,
            self.place(pointer),
            self.report,
            record=self.form,
            use=use,
            variables=self.variables if use is Use.READ else None,
            expect=expect,
        )

    def template(self, text: Any, pointer: str) -> TextTemplate | None:
        """Words with expressions in them, or None for none."""
        if not text or self.form not in self.scope.records:
            return None
        return self.scope.template(text, self.place(pointer), self.report, record=self.form, variables=self.variables)

    def find(self, what: str, name: str, pointer: str) -> Any | None:
        """What another document declared; an unknown name is a finding."""
        return self.scope.find(what, name, self.place(pointer), self.report)

    def field(self, form: str, name: str, pointer: str) -> Any | None:
        """The shape of a field of a form; an unknown name is a finding."""
        record = self.scope.records.get(form)
        if record is None:
            return None
        shape = record.shape.fields.get(name)
        if shape is None:
            self.finding("unknown-field", pointer, form=form, seen=name, known=list(record.shape.fields))
        return shape
