"""The kinds of connectors: other programs that rules and flows send to. `kind` is their contract.

`setup` adds the built-in one to the kinds of a host, as a plug-in adds its own.
"""

from lowcode.api.connectors.http import HTTP
from lowcode.api.connectors.kind import ConnectorKind
from lowcode.kernel.registry import Kinds, tagged

BUILT_IN: tuple[ConnectorKind, ...] = (HTTP,)


def setup(kinds: Kinds) -> None:
    """Open the extension point `connector` and add the built-in kind."""
    kinds.open("connector", "connector", ("model", "write", "judge"), tagged("model"))
    kinds.add("connector", *BUILT_IN)
