"""The way from the top of a tree to a record, as people write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import ABOVE
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.trees import LINEAGE

SEPARATOR = " / "
"""Between the names of a way: it is written so in files."""


def ways_of(context: Context, form: str, ids: Iterable[int]) -> dict[int, str]:
    """The way from the top to each record, `A / B / C`, as far as the actor may read what lies on it."""
    wanted = [each for each in ids if each is not None]
    found = load_facts(context, form, wanted, LINEAGE) if wanted else {}
    lineages: dict[int, list[Any]] = {each: facts.get(ABOVE) or [] for each, facts in found.items()}
    labels = label_of(context, form, sorted({each for line in lineages.values() for each in line}))
    return {
        identity: SEPARATOR.join(labels[each] for each in reversed(line) if each in labels)
        for identity, line in lineages.items()
        if identity in labels
    }
