"""The name someone meant, when the one written does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from lowcode.kernel.diagnostics import near_to


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like the one written, or None when nothing is near."""
    candidates: dict[str, str] = {}
    for one in known:
        candidates.setdefault(one.casefold(), one)
    found = near_to(name.casefold(), candidates)
    if found is not None:
        return candidates[found]
    containing = [one for folded, one in candidates.items() if name.casefold() in folded and len(name) > 2]
    return min(containing, key=len) if containing else None
