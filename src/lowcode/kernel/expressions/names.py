"""The name someone meant, when the one written does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like the one written, or None when nothing is near."""
    candidates: dict[str, str] = {}
    for one in known:
        candidates.setdefault(one.casefold(), one)
    found = get_close_matches(name.casefold(), candidates, n=1, cutoff=0.6)
    if found:
        return candidates[found[0]]
    containing = [one for folded, one in candidates.items() if name.casefold() in folded and len(name) > 2]
    return min(containing, key=len) if containing else None
