"""`connector`: a reviewer that asks another program over HTTP, by a connector of the folder `api`: a rating service, a
language model, the firm's own.

Only the values the author names leave the house.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.reviewers.kind import Advice, NoAdvice, ReviewerDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part, Template
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work


class AnswerDocument(Part):
    """Where the advice stands in the answer, which is JSON. A path is names and numbers with points between."""

    inside: str = Field(
        "", description="The part that holds the advice: choices.0.message.content; a text there is read as JSON."
    )
    decision: str = Field("decision", description="The path of the decision.")
    reason: str = Field("reason", description="The path of the reason.")
    confidence: str = Field("confidence", description="The path of the confidence, a number from 0 to 1.")
    approve: list[str] = Field(["approve"], description="The words that mean yes.")
    reject: list[str] = Field(["reject"], description="The words that mean no.")


class ConnectorDocument(ReviewerDocument):
    """Asks another program."""

    type: Literal["connector"]
    connector: str = Field(description="The connector, of the type `request` for instance.")
    values: dict[str, ExpressionText] = Field(
        default_factory=dict, description="What it is told of the record: an expression for each value."
    )
    texts: dict[str, Template] = Field(
        default_factory=dict, description="Values that are texts with {{ expressions }}, such as an instruction."
    )
    answer: AnswerDocument = AnswerDocument()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how the answer is read."""

    connector: str
    values: Mapping[str, Expression | TextTemplate]
    answer: AnswerDocument


class ConnectorReviewer:
    """One request; what the service refuses for good is no advice, what it cannot answer now is asked again."""

    name = "connector"
    document = ConnectorDocument

    def compile(self, document: ConnectorDocument, reading: Reading) -> Question:
        """The connector, and what it is told."""
        reading.find("connector", document.connector, "/connector")
        values: dict[str, Expression | TextTemplate] = {}
        for name, text in document.values.items():
            expression = reading.expression(text, f"/values/{name}")
            if expression is not None:
                values[name] = expression
        for name, words in document.texts.items():
            template = reading.template(words, f"/texts/{name}")
            if template is not None:
                values[name] = template
        return Question(document.connector, values, document.answer)

    def review(self, work: Work, understood: Question) -> Advice:
        """Ask, and read the answer."""
        values = {
            name: work.value(each) if isinstance(each, Expression) else _first(work.words(each))
            for name, each in understood.values.items()
        }
        said = work.context.as_app().ask("api.consult", connector=understood.connector, values=values)
        if said["error"] is not None:
            if said["final"]:
                raise NoAdvice(said["error"])
            raise Unavailable(problem("flows.reviewer-silent", reason=said["error"]))
        return advice_in(said["answer"] or "", understood.answer)


def _first(words: Any) -> Any:
    return next(iter(words.values()), "") if isinstance(words, Mapping) else words


def advice_in(text: str, where: AnswerDocument) -> Advice:
    """The advice in an answer. Raises NoAdvice saying what is missing; nothing is ever guessed."""
    found = _read(text)
    if where.inside:
        found = _at(found, where.inside)
        found = _read(found) if isinstance(found, str) else found
    word = _at(found, where.decision)
    if word not in (*where.approve, *where.reject):
        known = ", ".join((*where.approve, *where.reject))
        raise NoAdvice(f"the answer has '{word}' at '{where.decision}', which is none of: {known}")
    sure = _at(found, where.confidence)
    if isinstance(sure, bool) or not isinstance(sure, int | float) or not 0 <= sure <= 1:
        sure = None
    reason = _at(found, where.reason)
    return Advice(
        "approve" if word in where.approve else "reject",
        reason if isinstance(reason, str) else "",
        None if sure is None else float(sure),
    )


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NoAdvice("the answer is no JSON") from None


def _at(found: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return found


CONNECTOR = ConnectorReviewer()
