"""Looking for letters whatever their case: `CONTAINS(LOWER(name), "…")`, and what its part tells beforehand.

Lowering a text for every row is most of what such a condition costs. For a part without letters that have capitals
(公司, digits) nothing has to be lowered; for a part in ASCII, ASCII alone and the one sign beyond it that becomes a
letter of it.
"""

from __future__ import annotations

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import catalogue
from lowcode.kernel.expressions.functions.text import lower, upper

KELVIN = "\u212a"
"""The sign of the kelvin: the one character beyond ASCII whose small letter, k, is within."""


def ours(node: n.Node, name: str) -> bool:
    """Whether a call is of this function of the library, and not of one of a plug-in with its name."""
    return isinstance(node, n.Call) and node.function == name and node.declared is catalogue().get(name)


def _parts(node: n.Node) -> tuple[n.Node, str] | None:
    """What is lowered and then searched, and the part looked for; None for anything else."""
    if not (isinstance(node, n.Call) and ours(node, "CONTAINS")):
        return None
    text, part = node.items
    if not (isinstance(text, n.Call) and ours(text, "LOWER") and isinstance(part, n.Constant)):
        return None
    return (text.items[0], part.value) if isinstance(part.value, str) and part.value else None


def without_case(node: n.Node) -> n.Node | None:
    """The text that is searched, where the part looked for is the same in capitals: it need not be lowered."""
    found = _parts(node)
    return found[0] if found is not None and lower(found[1]) == upper(found[1]) == found[1].upper() else None


def within_ascii(node: n.Node) -> tuple[n.Node, str] | None:
    """The text that is searched and the part looked for, small letters of ASCII: lowering ASCII, and the sign of the
    kelvin, is enough."""
    found = _parts(node)
    return found if found is not None and found[1].isascii() and lower(found[1]) == found[1] else None
