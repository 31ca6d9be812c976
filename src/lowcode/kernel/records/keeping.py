"""What the history keeps of a new record, by a function generated for its form: every field that is filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.veil import HIDDEN

Keep = Callable[[Mapping[str, Any]], dict[str, Any]]
UNKEPT: list[Any] = []
"""In place of what was and what is, of a field without `history`: that it changed, so that two people who change it do
not overwrite one another."""


BUILTINS = {"str": str, "format": format}


def keeper(names: Iterable[str], confidential: frozenset[str], numbers: Collection[str] = ()) -> Keep:
    """Of each of these fields what was, which is nothing, and what is; of confidential ones only that there is
    something, and of those that hold exact `numbers` the text by which JSON has them."""
    lines = ["def keep(values):", "    get, kept = values.get, {}"]
    for name in names:
        told = "hidden" if name in confidential else "v"
        lines.append(f"    v = get({name!r})")
        if name in numbers and told == "v":  # as JSON has it: to be asked for that, number by number, takes longer
            lines.append("    if v.__class__ is decimal: v = t if 'E' not in (t := str(v)) else format(v, 'f')")
        lines.append(f"    if v is not None and (v.__class__ is not list or v): kept[{name!r}] = [None, {told}]")
    known: dict[str, Any] = {"hidden": HIDDEN, "list": list, "decimal": Decimal, "__builtins__": BUILTINS}
    exec(compile("\n".join([*lines, "    return kept"]), "<kept>", "exec"), known)  # noqa: S102 (names as literals)
    made: Keep = known["keep"]
    return made
