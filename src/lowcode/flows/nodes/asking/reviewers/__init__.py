"""The kinds of reviewers: programs that look at a record in approval. `kind` is their contract.

`setup` adds the built-in ones to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.flows.nodes.asking.reviewers.connector import CONNECTOR
from lowcode.flows.nodes.asking.reviewers.expression import EXPRESSION
from lowcode.flows.nodes.asking.reviewers.kind import MEMBERS, ReviewerKind
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[ReviewerKind, ...] = (EXPRESSION, CONNECTOR)


def setup(kinds: Kinds) -> None:
    """Open the extension point `reviewer` and add the built-in kinds."""
    kinds.open("reviewer", "reviewer", MEMBERS, tagged("document"))
    kinds.add("reviewer", *BUILT_IN)
