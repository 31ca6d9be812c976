"""From the rows that hit to the answer: the hit policies of DMN 1.5, one function each.

A policy that the rows contradict (two rows under UNIQUE, unequal answers under ANY) is not guessed away: the decision
carries `conflict` and names the rows, and its outputs are blank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_never

from lowcode.rules.decisions.table import Aggregate, DecisionTable, Row, is_any

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table answered: the rows that hit (numbers from 1), the outputs, and what spoke against an answer."""

    table: str
    inputs: Mapping[str, Any]
    rows: tuple[int, ...]
    outputs: Mapping[str, Any]
    conflict: str | None = None

    @property
    def hit(self) -> bool:
        """Whether any row hit."""
        return bool(self.rows)


def decide(table: DecisionTable, values: Sequence[Any], record: Mapping[str, Any], moment: Moment) -> Decision:
    """Decide for input values already at hand; `record` serves answers that are expressions over it."""
    hits = table.hits(values, moment)
    inputs = {column.name: value for column, value in zip(table.inputs, values, strict=True)}
    if not hits:
        outputs = _answers_of(table.otherwise, record, moment) if table.otherwise else _nothing(table)
        return Decision(table.name, inputs, (), outputs)
    answers = [_answers_of(table.rows[at].answers, record, moment) for at in hits]
    rows, outputs, conflict = POLICIES[table.hit](table, hits, answers)
    return Decision(table.name, inputs, tuple(table.rows[at].number for at in rows), outputs, conflict)


def decide_record(table: DecisionTable, record: Mapping[str, Any], moment: Moment) -> Decision:
    """Decide for a record: its input expressions are evaluated first."""
    return decide(table, table.asked(record, moment), record, moment)


def _answers_of(answers: Mapping[str, Any], record: Mapping[str, Any], moment: Moment) -> Answers:
    return {
        name: answer.evaluate(record, moment) if hasattr(answer, "evaluate") else answer
        for name, answer in answers.items()
    }


def _nothing(table: DecisionTable) -> Answers:
    if table.hit == "COLLECT":
        return _collected(table, [])
    return {output.name: [] if table.hit in ("RULE ORDER", "OUTPUT ORDER") else None for output in table.outputs}


Policed = tuple[Sequence[int], Answers, str | None]


def _first(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    return hits[:1], answers[0], None


def _unique(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    if len(hits) > 1:
        return hits, _blank(table), "several-rows"
    return hits, answers[0], None


def _any(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    if any(each != answers[0] for each in answers[1:]):
        return hits, _blank(table), "unequal-answers"
    return hits, answers[0], None


def _blank(table: DecisionTable) -> Answers:
    return {output.name: None for output in table.outputs}


def _rank(table: DecisionTable, answers: Answers) -> tuple[int, ...]:
    """Where a row's answers stand in the outputs' order of importance; unlisted values come last."""
    return tuple(
        output.ranking.get(answers.get(output.name), len(output.ranking)) for output in table.outputs if output.ranking
    )


def _ranked(table: DecisionTable, answers: list[Answers]) -> list[int]:
    return sorted(range(len(answers)), key=lambda at: _rank(table, answers[at]))


def _priority(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    best = _ranked(table, answers)[0]
    return [hits[best]], answers[best], None


def _rule_order(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    return hits, _lists(table, answers), None


def _output_order(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    order = _ranked(table, answers)
    return [hits[at] for at in order], _lists(table, [answers[at] for at in order]), None


def _lists(table: DecisionTable, answers: list[Answers]) -> Answers:
    return {output.name: [each.get(output.name) for each in answers] for output in table.outputs}


def _collect(table: DecisionTable, hits: list[int], answers: list[Answers]) -> Policed:
    return hits, _collected(table, answers), None


def _collected(table: DecisionTable, answers: list[Answers]) -> Answers:
    return {name: aggregate(table.aggregate, values) for name, values in _lists(table, answers).items()}


def aggregate(how: Aggregate, values: Sequence[Any]) -> Any:
    """The values of one output column as one; blanks are skipped, a sum of nothing is 0."""
    given = [value for value in values if value is not None]
    match how:
        case "LIST":
            return given
        case "COUNT":
            return Decimal(len(given))
        case "SUM":
            return sum(given, Decimal(0))
        case "MIN":
            return min(given, default=None)
        case "MAX":
            return max(given, default=None)
    assert_never(how)


POLICIES: Mapping[str, Callable[[DecisionTable, list[int], list[Answers]], Policed]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "PRIORITY": _priority,
    "FIRST": _first,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}


def explain(table: DecisionTable, values: Sequence[Any], moment: Moment) -> list[dict[str, Any]]:
    """For each row, which cells were met: what a person reads who asks why."""
    return [_explained(table, row, values, moment) for row in table.rows]


def _explained(table: DecisionTable, row: Row, values: Sequence[Any], moment: Moment) -> dict[str, Any]:
    cells = [
        {"input": column.name, "cell": cell.text, "value": value, "met": cell.met(value, moment)}
        for column, cell, value in zip(table.inputs, row.conditions, values, strict=True)
        if not is_any(cell)
    ]
    return {"row": row.number, "hit": all(each["met"] for each in cells), "cells": cells}
