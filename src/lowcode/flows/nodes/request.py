"""Asks another program for one of the operations its document offers, and goes on with the answer (service task).

It goes out after the commit, is tried again like every message, and the answer, or the refusal, comes back in a
transaction of its own (`flows.answered`), in which this node is entered once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Broken, Go, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.values import read_values
from lowcode.flows.refusals import problem
from lowcode.kernel.requests import (
    REFUSAL_TYPES,
    Answered,
    Request,
    RequestPart,
    answer_values,
    compile_request,
    refusal_values,
)

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class RequestDocument(RequestPart, NodeDocument):
    """Asks another program and waits for its answer, of which fields of the record are set. Refused for good, it is an
    error that is named by the status of the answer (`404`; without one `flows.request-refused`), to be caught on this
    step or around it; caught by nobody, the flow is stuck here, and may be tried again."""

    type: Literal["request"]
    to: str = Field(description="Where it goes on once it is answered.")


class RequestNode(Step):
    """Asks and rests; entered again when the answer is there."""

    name = "request"
    document = RequestDocument

    def compile(self, document: RequestDocument, reading: Reading) -> Understood:
        """The operation must be offered, take these values, and answer what is read."""
        settings: dict[str, Any] = {"rests": True, "writes": True}
        request = compile_request(document, reading)
        if request is None:
            return Understood(None, settings)
        sets = read_values(document.set, reading.knowing(request.types), "/set", reading.form)
        refused = read_values(document.refused, reading.knowing(REFUSAL_TYPES), "/refused", reading.form)
        return Understood(request.with_fields(sets, refused), settings)

    def enter(self, work: Work, node: Node) -> Go | Rest | Broken:
        """Ask; or do what the answer, or the refusal, is for."""
        request: Request = node.work
        asked = f"{request.connector}: {request.operation}"
        if work.answer is None:
            return Rest(asked=work.request(request), trace={"request": asked})
        came, more = _read(request, work.answer, work.language)
        sets = request.sets if came.reason is None else request.refused
        values = {name: work.value(expression, more) for name, expression in sets.items()}
        written = work.update(values) if values else {}
        if came.reason is None:
            return Go(trace={"answered": asked, "status": came.status, "fields": sorted(values), **written})
        refusal = problem("flows.request-refused", asked=asked, reason=came.reason)
        return Broken(refusal, str(came.status) if came.status is not None and came.status >= 400 else refusal.code)


def _read(request: Request, answer: Mapping[str, Any], language: str) -> tuple[Answered, Mapping[str, Any]]:
    """What came and the names it has in expressions. An answer that does not fit is a refusal. The flow may have been
    carried to a version that reads other parts of it: those that were not asked for are blank."""
    given = {path: answer["values"].get(path) for path in request.types}
    came = Answered(given, answer["status"], answer["reason"])
    if came.reason is None:
        try:
            return came, answer_values(request.types, came)
        except ValueError as wrong:
            came = replace(came, reason=str(wrong))
    return came, refusal_values(came, language)
