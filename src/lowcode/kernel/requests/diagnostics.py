"""The words of findings about requests."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Catalogue, Message

MESSAGES = Catalogue(
    "requests",
    {
        "no-offers": Message(
            "the connector '{seen}' does not say what it can be asked",
            "A request is checked against the description of the other program, which a connector of the type openapi "
            "has.",
            "Use a connector of the type openapi, or send values with the action webhook.",
        ),
        "unknown-operation": Message(
            "'{connector}' offers no '{seen}'",
            "An operation is named by its operationId, or by method and path as the description has them.",
        ),
        "cannot-be-asked": Message(
            "'{seen}' of '{connector}' cannot be asked: {reason}",
            "The description or the connector lacks something this operation needs.",
        ),
        "unknown-parameter": Message(
            "'{operation}' takes no parameter '{seen}'",
            "Parameters are those of the description: in the path, the query, headers and cookies.",
        ),
        "missing-parameter": Message(
            "'{operation}' needs the parameter '{name}'",
            "The description says that the operation is not understood without it.",
            'Give it a value in "parameters".',
        ),
        "no-body": Message(
            "'{operation}' takes no body", "The description has no body for this operation.", "Leave 'body' out."
        ),
        "missing-body": Message(
            "'{operation}' needs a body", "The description says that a body is required.", "Write one in 'body'."
        ),
        "unknown-part": Message(
            "there is no '{seen}' in what '{operation}' takes here", "The description names the parts of this object."
        ),
        "missing-part": Message(
            "'{operation}' needs '{name}' here",
            "The description says that the part is required.",
            "Give it a value.",
        ),
        "wrong-part": Message(
            "'{operation}' takes {expected} here, and this is {seen}",
            "The description says what a value may be.",
        ),
        "not-a-part": Message(
            "{seen} is nothing a value can be made of",
            "A part is an expression, a number, true, false, null, a list or an object of parts, or "
            '{{"for_each": rows, "body": part}}.',
            "Write one of these.",
        ),
        "no-rows": Message(
            "'{form}' has no rows '{seen}'", "A list is made of the lines of the record, or of records that link to it."
        ),
        "not-inside": Message(
            "the answer of '{operation}' has no '{seen}'",
            "What is read of an answer stands in the description.",
        ),
    },
)
