"""Older document formats, lifted step by step to the one this version reads.

A step is a function from the data of format n to that of format n+1, kept in a file of its own (`v1_to_v2.py`) and
listed in `STEPS`. Loading lifts in memory; `lowcode format` writes what was lifted. There is one format so far.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Report

Step = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Takes the kind of a document and its data (a copy, free to change); returns the data one format later."""

STEPS: Mapping[int, Step] = {}
"""The step from each format to the next."""

FORMAT = max(STEPS, default=0) + 1
"""The document format this version writes."""


def lift(kind: str, source: Source, report: Report, steps: Mapping[int, Step] = STEPS) -> Any:
    """The data of a document in the newest format. A newer one than known is a finding; the data is then as it was."""
    data = source.data
    newest = max(steps, default=0) + 1
    given = data.get("format", newest)
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        return data  # the document's model says what is wrong with it
    if given > newest:
        place = source.place("/format")
        report.add(MESSAGES.diagnostic("newer-format", place, seen=given, known_format=newest))
        return data
    if given < newest:
        data = copy.deepcopy(data)
        for number in range(given, newest):
            data = steps[number](kind, data)
        data["format"] = newest
    return data
