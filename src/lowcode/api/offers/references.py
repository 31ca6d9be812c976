"""References inside of a document (`$ref`), followed; nothing outside of it is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from lowcode.kernel.definitions.pointers import unescape
from lowcode.kernel.reasons import Reasoned, both

HOPS = 30


class Unusable(Reasoned):
    """Something of a document cannot be used; the reason says why, in both languages."""


class References:
    """The references of one document."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree
        self.shapes: dict[tuple[str, str, int], Any] = {}
        """What `Shapes` has understood of places that are referred to, with how many parts it has."""

    def follow(self, value: Any) -> Any:
        """The value, or what it refers to in the end. Raises Unusable for a reference that leads nowhere, out of the
        document, or in a circle."""
        return self.place(value)[1]

    def place(self, value: Any) -> tuple[str, Any]:
        """The pointer a value was found at by its reference (empty for one that is none), and the value."""
        pointer = ""
        for _ in range(HOPS):
            reference = value.get("$ref") if isinstance(value, Mapping) else None
            if not isinstance(reference, str):
                return pointer, value
            pointer, value = reference, self.at(reference)
        raise Unusable(both(f"'{pointer}' refers to itself", f"“{pointer}”引用了自身"))

    def at(self, reference: str) -> Any:
        """What stands at a reference. Raises Unusable."""
        if not reference.startswith("#"):
            raise Unusable(
                both(
                    f"'{reference}' leads out of the document, and nothing is fetched from elsewhere; "
                    "bundle the document into one file",
                    f"“{reference}”指向文档之外，系统不会读取其他地址；请把文档合并为一个文件",
                )
            )
        if reference != "#" and not reference.startswith("#/"):
            raise Unusable(
                both(
                    f"'{reference}' is no place in the document: #/components/…",
                    f"“{reference}”不是文档中的位置，写法如 #/components/…",
                )
            )
        found: Any = self.tree
        for step in unquote(reference[1:]).split("/")[1:]:
            name = unescape(step)
            if isinstance(found, Mapping) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                raise Unusable(both(f"the document has nothing at '{reference}'", f"文档中没有“{reference}”"))
        return found
