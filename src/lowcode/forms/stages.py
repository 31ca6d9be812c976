"""The stage model of a state field, understood: its gates compiled, the fields it names looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.fields import State, StateFieldDefinition
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.stages import documents_key, gates_key
from lowcode.kernel.scope import Scope

BOOLEAN = Type("boolean")
FILES = ("attachment", "image")
Understand = Callable[..., Expression | None]


class StageModel:
    """The compilation of the states of one field. `understand(text, pointer, expect=…, record=…)` compiles an
    expression."""

    def __init__(self, source: SourceDocument, scope: Scope, report: Report, understand: Understand) -> None:
        self.source, self.scope, self.report, self.understand = source, scope, report, understand

    def read(self, owner: RecordType, field: Field, options: StateFieldDefinition, pointer: str) -> None:
        """Every state; what was understood of gates and guides is kept with the record type."""
        gates = owner.extras.setdefault("gates", {})
        for index, state in enumerate(options.states):
            base = f"{pointer}/states/{index}"
            for side in ("entry", "exit"):
                for position, gate in enumerate(getattr(state, side)):
                    found = self.understand(gate.when, f"{base}/{side}/{position}/when", expect=BOOLEAN)
                    if found is not None:
                        gates[gates_key(field, state, side, position)] = found
            self._fields(owner, state, base)
            self._checklist(owner, state, base)
            self._documents(owner, field, state, base)
            if state.ageing is not None and state.ageing.warn is not None and state.ageing.warn >= state.ageing.limit:
                place = self.source.place(f"{base}/ageing/warn")
                self.report.add(
                    MESSAGES.diagnostic("warns-too-late", place, seen=state.ageing.warn, limit=state.ageing.limit)
                )

    def _fields(self, owner: RecordType, state: State, base: str) -> None:
        for position, name in enumerate(state.required):
            self._own(owner, name, f"{base}/required/{position}", None)
        for position, each in enumerate(state.deliverables):
            self._own(owner, each.field, f"{base}/deliverables/{position}/field", FILES)

    def _checklist(self, owner: RecordType, state: State, base: str) -> None:
        checklist = state.checklist
        if checklist is None or not self._own(owner, checklist.field, f"{base}/checklist/field", ("multi_select",)):
            return
        options: Any = owner.fields[checklist.field].options
        lines = [each.name for each in options.options]
        for position, name in enumerate(checklist.required or ()):
            if name not in lines:
                place = self.source.place(f"{base}/checklist/required/{position}")
                self.report.add(
                    MESSAGES.diagnostic("no-such-line", place, seen=name, field=checklist.field, known=lines)
                )

    def _documents(self, owner: RecordType, field: Field, state: State, base: str) -> None:
        documents = state.guide.documents if state.guide is not None else None
        if documents is None:
            return
        at = f"{base}/guide/documents"
        there = self.scope.records.get(documents.form)
        place = self.source.place(f"{at}/form")
        if self.scope.find("form", documents.form, place, self.report, loose=True) is None or not there:
            return
        if documents.field is not None:
            self._own(there, documents.field, f"{at}/field", FILES)
        if documents.where is not None:
            found = self.understand(documents.where, f"{at}/where", record=there.name, expect=BOOLEAN)
            if found is not None:
                owner.extras.setdefault("guides", {})[documents_key(field, state)] = found

    def _own(self, owner: RecordType, name: str, pointer: str, kinds: tuple[str, ...] | None) -> bool:
        """Whether a form has a field of one of these types."""
        fields = {each.name: each for each in owner.fields.values() if kinds is None or each.options_type in kinds}
        if name in fields:
            return True
        place = self.source.place(pointer)
        if name in owner.fields:
            seen = {"seen": name, "kind": owner.fields[name].options_type, "wanted": " / ".join(kinds or ())}
            self.report.add(MESSAGES.diagnostic("stage-field", place, **seen, known=list(fields)))
        else:
            self.report.add(MESSAGES.diagnostic("unknown-field", place, seen=name, form=owner.name, known=list(fields)))
        return False
