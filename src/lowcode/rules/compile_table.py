"""A decision table, understood and checked: cells read, answers typed, overlaps and gaps found where that is exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type, nodes
from lowcode.kernel.expressions.types import BOOLEAN, TYPES
from lowcode.kernel.scope import Scope
from lowcode.rules.actions.kind import known
from lowcode.rules.decisions.cells import read_cell
from lowcode.rules.decisions.findings import Verdict, check
from lowcode.rules.decisions.index import index_columns
from lowcode.rules.decisions.table import OUTPUT_TYPES, Condition, DecisionTable, Input, Output, Row
from lowcode.rules.definition import OutputDocument, TableDocument
from lowcode.rules.diagnostics import MESSAGES

SHOWN_GAPS = 3


@dataclass(frozen=True, slots=True)
class Examined:
    """A table that was understood, what the values of its inputs are, and what is known of its cases; a table without
    rows has none."""

    table: DecisionTable
    types: tuple[Type, ...]
    verdict: Verdict | None


def compile_table(
    document: TableDocument, source: SourceDocument, scope: Scope, report: Report
) -> DecisionTable | None:
    """The table, or None with findings."""
    found = examine_table(document, source, scope, report)
    return None if found is None else found.table


def examine_table(document: TableDocument, source: SourceDocument, scope: Scope, report: Report) -> Examined | None:
    """The same with all that is known of it: what its designer shows."""
    return _Compiling(document, source, scope, report).table()


class _Compiling:
    """One table on its way from document to plan."""

    def __init__(self, document: TableDocument, source: SourceDocument, scope: Scope, report: Report) -> None:
        self.document, self.source, self.scope, self.report = document, source, scope, report
        self.types: list[Type] = []
        self.cells: dict[tuple[int, str | None], Condition | None] = {}

    def refuse(self, key: str, pointer: str, **values: Any) -> None:
        """Note a finding."""
        self.report.add(MESSAGES.diagnostic(key, self.source.place(pointer), **values))

    def table(self) -> Examined | None:
        """The table with what is known of it, or None when something in it is wrong."""
        document, errors = self.document, len(self.report.errors)
        if document.form and not known(self.scope, "form", document.form, self.source.place("/form"), self.report):
            return None
        self._check_names()
        inputs = self._inputs()
        outputs = tuple(_output(each) for each in document.outputs)
        self._check_policy()
        if len(self.report.errors) > errors:
            return None
        rows = [self._row(at) for at in range(len(document.rules))]
        otherwise = self._answers(document.otherwise, "/otherwise")
        if len(self.report.errors) > errors:
            return None
        made = tuple(row for row in rows if row is not None)
        cells = [[condition.cell for condition in row.conditions] for row in made]
        table = DecisionTable(
            name=document.name,
            hit=document.hit,
            aggregate=document.aggregate,
            inputs=inputs,
            outputs=outputs,
            rows=made,
            columns=index_columns(cells, len(inputs)),
            otherwise=otherwise,
            form=document.form,
            title=document.title or document.name,
            needs=_needs(inputs, made, otherwise),
            free_rows={at: row.free for at, row in enumerate(made) if row.free},
        )
        verdict = None
        if made:
            verdict = check(cells, [each.options for each in self.types], [each.nullable for each in self.types])
            self._report_verdict(table, verdict)
        return Examined(table, tuple(self.types), verdict)

    def _check_names(self) -> None:
        for what in ("inputs", "outputs"):
            seen: set[str] = set()
            for at, each in enumerate(getattr(self.document, what)):
                if each.name in seen:
                    self.refuse("twice-in-table", f"/{what}/{at}/name", seen=each.name)
                seen.add(each.name)

    def _inputs(self) -> tuple[Input, ...]:
        found = []
        for at, each in enumerate(self.document.inputs):
            place = self.source.place(f"/inputs/{at}/expression")
            expression = self.scope.expression(each.expression, place, self.report, record=self.document.form)
            if expression is not None:
                found.append(Input(each.name, expression, expression.type.kind, each.title))
                self.types.append(expression.type)
        return tuple(found)

    def _check_policy(self) -> None:
        document = self.document
        if document.hit in ("PRIORITY", "OUTPUT ORDER") and not any(each.values for each in document.outputs):
            self.refuse("no-ranking", "/hit", hit=document.hit)
        if document.hit == "COLLECT" and document.aggregate in ("SUM", "MIN", "MAX"):
            for at, each in enumerate(document.outputs):
                if each.type not in ("number", "date") or (each.type == "date" and document.aggregate == "SUM"):
                    self.refuse(
                        "aggregate-of-text",
                        f"/outputs/{at}/type",
                        seen=each.name,
                        type={"en": each.type, "zh-CN": TYPES[each.type]},
                        aggregate=document.aggregate,
                    )

    def _row(self, at: int) -> Row | None:
        written, pointer = self.document.rules[at], f"/rules/{at}"
        names = [each.name for each in self.document.inputs]
        for name in written.when:
            if name not in names:
                self.refuse("unknown-input", f"{pointer}/when/{name}", seen=name, known=names)
        conditions = [
            self._cell(column, written.when.get(name), f"{pointer}/when/{name}") for column, name in enumerate(names)
        ]
        answers = self._answers(written.then, f"{pointer}/then")
        if any(each is None for each in conditions):
            return None
        return Row(at + 1, tuple(each for each in conditions if each is not None), answers, written.note)

    def _cell(self, column: int, text: str | None, pointer: str) -> Condition | None:
        """A cell; the same text in one column is compiled once."""
        key = (column, text)
        if key in self.cells and self.cells[key] is not None:
            return self.cells[key]
        type_ = self.types[column]
        reading = read_cell(text, type_.kind)
        compiled = None
        if reading.condition is not None:
            compiled = self.scope.expression(
                reading.condition,
                self.source.place(pointer),
                self.report,
                record=None,
                variables={"?": type_},
                expect=BOOLEAN,
            )
            if compiled is None:
                self.cells[key] = None
                return None
        self.cells[key] = Condition(text or "-", reading.cell, compiled)
        return self.cells[key]

    def _answers(self, written: Mapping[str, str], pointer: str) -> dict[str, Any]:
        outputs = {each.name: each for each in self.document.outputs}
        found = {}
        for name, text in written.items():
            output = outputs.get(name)
            if output is None:
                self.refuse("unknown-answer", f"{pointer}/{name}", seen=name, known=list(outputs))
                continue
            place = self.source.place(f"{pointer}/{name}")
            expression = self.scope.expression(
                text, place, self.report, record=self.document.form, expect=OUTPUT_TYPES[output.type]
            )
            if expression is not None:
                found[name] = _folded(expression)
                self._check_listed(output, found[name], f"{pointer}/{name}")
        return found

    def _check_listed(self, output: OutputDocument, value: Any, pointer: str) -> None:
        if output.values and not hasattr(value, "evaluate") and value not in output.values:
            self.refuse(
                "unlisted-value",
                pointer,
                seen=repr(value),
                output=output.name,
                known=[str(each) for each in output.values],
            )

    def _report_verdict(self, table: DecisionTable, verdict: Verdict) -> None:
        if table.hit in ("UNIQUE", "ANY"):
            for first, second in verdict.overlaps:
                alike = table.rows[first].answers == table.rows[second].answers
                if table.hit == "UNIQUE" or not alike:
                    self.refuse("overlap", f"/rules/{second}", first=first + 1, second=second + 1)
        if table.hit == "FIRST":
            for row in verdict.unreached:
                self.refuse("row-never-reached", f"/rules/{row}", row=row + 1)
        if table.hit not in ("COLLECT", "RULE ORDER", "OUTPUT ORDER") and not table.otherwise and verdict.exact:
            for gap in verdict.gaps[:SHOWN_GAPS]:
                case = "; ".join(f"{column.name} = {words}" for column, words in zip(table.inputs, gap, strict=False))
                self.refuse("gap" if self.document.complete else "gap-known", "/rules", case=case)


def _output(written: OutputDocument) -> Output:
    ranking = {value: place for place, value in enumerate(written.values or ())}
    return Output(written.name, written.type, written.title, ranking)


def _folded(expression: Expression) -> Any:
    """The value of an answer that is a plain literal: nothing is left to evaluate."""
    return expression.tree.value if isinstance(expression.tree, nodes.Constant) else expression


def _needs(inputs: tuple[Input, ...], rows: tuple[Row, ...], otherwise: Mapping[str, Any]) -> tuple[Expression, ...]:
    answers = [answer for row in rows for answer in row.answers.values()] + list(otherwise.values())
    found = {id(each): each for each in answers if isinstance(each, Expression)}
    return (*(each.expression for each in inputs), *found.values())
