"""The contract of a reviewer: a program that looks at a record in approval before, or instead of, a person.

A reviewer answers with `Advice`: yes or no, why, and how sure it is. It only ever advises; whether that decides is a
matter of the definition (`decides`), and the flow engine sees to it. `review` is asked by a worker outside of any
transaction and may take its time; it reads, and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import Field

from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Name, Part, Text
from lowcode.kernel.expressions import Expression, Type

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work

MEMBERS = ("document", "compile", "review")


class DecidesDocument(Part):
    """When the advice decides; otherwise a person does."""

    only: Literal["approve", "reject", "both"] = Field("both", description="Which answer it may give.")
    when: ExpressionText | None = Field(None, description="Only while this holds of the record.")
    confidence: float | None = Field(
        None, ge=0, le=1, description="Only when it is at least so sure; one that does not say so never is."
    )


class ReviewerDocument(Part):
    """The keys every reviewer has."""

    name: Name = Field(description="What the history calls it.")
    title: Text = Field("", description="What people call it.")
    within: SpanDocument = Field(
        SpanDocument(minutes=10), description="After that its answer counts no longer and people go on without it."
    )
    decides: DecidesDocument | None = Field(
        None, description="Left out, it advises only: the person asked sees what it says."
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """What a reviewer says. `confidence` is from 0 to 1; without a `decision` it has only words."""

    decision: Literal["approve", "reject"] | None
    reason: Text = ""
    confidence: float | None = None


class NoAdvice(Exception):
    """The reviewer has nothing to say, and asking again would not change that; the text says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Within what the advice decides."""

    only: Literal["approve", "reject", "both"]
    when: Expression | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The reviewer of one step. `work` is what its kind understood."""

    name: str
    title: Text
    does: ReviewerKind
    work: Any
    within: Span
    limits: Limits | None


class ReviewerKind(Protocol):
    """A way of reviewing."""

    @property
    def name(self) -> str:
        """The word an author writes as `type`."""
        ...

    @property
    def document(self) -> type[ReviewerDocument]:
        """What an author may write."""
        ...

    def compile(self, document: Any, reading: Reading) -> Any:
        """What was understood; what is wrong becomes findings."""
        ...

    def review(self, work: Work, understood: Any) -> Advice:
        """Look at the record. Raises NoAdvice; any other exception is tried again while there is time."""
        ...


def read_reviewer(node: Any, reading: Reading) -> Reviewer | None:
    """The reviewer an author wrote for a step, if any; one that decides cannot sign or fill in what people must."""
    document = node.reviewer
    if document is None:
        return None
    here = reading.at("/reviewer")
    kind: ReviewerKind = reading.reviewers[document.type]
    limits = None
    if document.decides is not None:
        needed = [each for each in ("signature", "attachment") if getattr(node, each)]
        needed += ["checklist"] if any(each.required for each in node.checklist) else []
        needed += ["fields"] if node.fields.required else []
        if needed:
            here.finding("reviewer-cannot", "/decides", seen=needed)
        when = document.decides.when
        condition = here.expression(when, "/decides/when", expect=Type("boolean")) if when is not None else None
        limits = Limits(document.decides.only, condition, document.decides.confidence)
    within = Span.of(document.within)
    if not within:
        here.finding("reviewer-no-time", "/within")
    return Reviewer(document.name, document.title or document.name, kind, kind.compile(document, here), within, limits)
