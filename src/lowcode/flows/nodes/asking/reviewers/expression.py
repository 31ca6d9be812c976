"""`expression`: a reviewer of expressions, which may look its answer up in decision tables and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.asking.reviewers.kind import Advice, NoAdvice, ReviewerDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Template
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work

ANSWERS = ("approve", "reject")


class ExpressionDocument(ReviewerDocument):
    """Reviews by expressions over the record."""

    type: Literal["expression"]
    decision: ExpressionText = Field(description="Gives 'approve' or 'reject'; blank for no advice.")
    reason: Template = Field("", description="Why, with {{ expressions }}.")
    confidence: ExpressionText | None = Field(None, description="How sure it is, from 0 to 1.")


@dataclass(frozen=True, slots=True)
class Formulas:
    """The expressions, compiled."""

    decision: Expression | None
    reason: TextTemplate | None
    confidence: Expression | None


class ExpressionReviewer:
    """The same record is always judged alike."""

    name = "expression"
    document = ExpressionDocument

    def compile(self, document: ExpressionDocument, reading: Reading) -> Formulas:
        """The expressions."""
        sure = document.confidence
        return Formulas(
            reading.expression(document.decision, "/decision", expect=Type("text")),
            reading.template(document.reason, "/reason"),
            reading.expression(sure, "/confidence", expect=Type("number")) if sure is not None else None,
        )

    def review(self, work: Work, understood: Formulas) -> Advice:
        """Evaluate them over the record as it is now."""
        decision: Any = work.value(understood.decision) if understood.decision is not None else None
        reason = work.words(understood.reason) or ""
        if decision is not None and decision not in ANSWERS:
            raise NoAdvice(f"the expression gave '{decision}'; it has to give 'approve', 'reject' or nothing")
        sure = work.value(understood.confidence) if understood.confidence is not None else None
        return Advice(decision, reason, None if sure is None else float(min(1, max(0, sure))))


EXPRESSION = ExpressionReviewer()
