"""Requests to other programs, as rules and flows write them down: what is asked of whom, with which values, and what
becomes of the answer.

What goes in: a `RequestPart` of a document (a connector, one of its operations, values by expressions) and what the
connector offers (`Offers`, declared in the scope under the connector's name as `offers`).
What comes out: a compiled `Request`, which makes the values for a record and says which fields an answer sets; what
the other program does not know, or does not get though it needs it, is a finding at its place.

* `offers`     what a program can be asked: operations, their values and the shape of their answers
* `documents`  what may be written
* `compile`    both to a `Request`; `parts` understands a value that has parts
* `request`    what was understood, and `Asked`, the request for one record
* `answers`    the values of an answer that expressions read
"""

from lowcode.kernel.requests.answers import REFUSAL_TYPES, Answered, answer_values, picked, refusal_values, types_in
from lowcode.kernel.requests.compile import compile_request
from lowcode.kernel.requests.documents import RequestPart
from lowcode.kernel.requests.offers import NOTHING_KNOWN, Input, Offer, Offers, Shape
from lowcode.kernel.requests.request import Asked, Request

__all__ = [
    "NOTHING_KNOWN", "REFUSAL_TYPES", "Answered", "Asked", "Input", "Offer", "Offers", "Request", "RequestPart",
    "Shape",
    "answer_values", "compile_request", "picked", "refusal_values", "types_in",
]  # fmt: skip
