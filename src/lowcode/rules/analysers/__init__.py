"""The kinds of analysers: what tells from a text how somebody feels about what it is about. `kind` is their contract.

`setup` adds the built-in one to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.kernel.registry import Kinds
from lowcode.rules.analysers.kind import MEMBERS, AnalyserKind
from lowcode.rules.analysers.lexicon import LEXICON

BUILT_IN: tuple[AnalyserKind, ...] = (LEXICON,)


def setup(kinds: Kinds) -> None:
    """Open the extension point `analyser` and add the built-in kind."""
    kinds.open("analyser", "analyser", MEMBERS)
    kinds.add("analyser", *BUILT_IN)
