"""What another program offers, by its OpenAPI document (3.0 and 3.1).

What goes in: the text of a document, and a connector of the type `openapi` with secrets by reference.
What comes out: the operations that rules and flows may ask for (`Connected`, which is the `kernel.requests.Offers` of
the connector), and of each request what goes out and what its answer means (`asking`).
A document is somebody else's: its size, depth, references and patterns are bounded, and nothing it refers to is
fetched.

* `reading`     JSON or YAML to a tree
* `references`  `$ref`, inside of the document
* `schemas`     a schema made whole, as the draft 2020-12; `patterns` validates by it within bounds; `shapes`, what an
  author is held to
* `operations`  one operation: parameters, body, answers
* `writing`     values in paths, queries, headers, cookies and bodies
* `security`    who asks, from secrets
* `connected`   a connector and its document together
* `asking`      one request and its answer
* `openapi`     the kind of connector that all this makes
* `listing`     what is offered, for people who write requests: `api.offers`
"""

from lowcode.api.offers.openapi import OPENAPI
from lowcode.kernel.registry import Kinds


def setup(kinds: Kinds) -> None:
    """Add the kind to the extension point `connector`, which is open by then."""
    kinds.add("connector", OPENAPI)
