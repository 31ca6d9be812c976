"""Where an expression takes a field that says yes or no for one that always does: blank is not false.

`cancelled = false` and `not cancelled` do not hold of a record in which nobody touched the field, though its switch
looks the same as one that is off. Decision 0203.
"""

from __future__ import annotations

from collections.abc import Iterator

from lowcode.kernel.expressions import nodes as n


def taken_for_false(tree: n.Node) -> Iterator[str]:
    """The paths of the record that are compared with false or turned round, where nothing asks whether they are
    blank."""
    asked = {each.value.path for each in n.walk(tree) if isinstance(each, n.Blank) and isinstance(each.value, n.Field)}
    for node in n.walk(tree):
        found = _turned(node)
        if isinstance(found, n.Field) and found.scope == "record" and found.type.nullable and found.path not in asked:
            yield found.path


def _turned(node: n.Node) -> n.Node | None:
    """What has to be false for a condition to hold."""
    if isinstance(node, n.Not):
        return node.value
    if isinstance(node, n.Compare) and node.op == "=":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, n.Constant) and one.value is False:
                return other
    return None
