"""The kinds of scorers: what learns from the past of an app how likely an outcome is. `kind` is their contract.

`setup` adds the built-in one to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.kernel.registry import Kinds
from lowcode.rules.scores.scorers.kind import MEMBERS, ScorerKind
from lowcode.rules.scores.scorers.logistic import LOGISTIC

BUILT_IN: tuple[ScorerKind, ...] = (LOGISTIC,)


def setup(kinds: Kinds) -> None:
    """Open the extension point `scorer` and add the built-in kind."""
    kinds.open("scorer", "scorer", MEMBERS)
    kinds.add("scorer", *BUILT_IN)
