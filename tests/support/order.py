"""In which order the files of tests are run, each by one worker."""

from __future__ import annotations

from collections.abc import Mapping

BROWSERS_DONE = 0.8
"""The last part of a run has none of the long files that drive a browser, so that all workers end together."""


def in_turn(files: Mapping[str, bool]) -> list[str]:
    """Files by whether they drive a browser, those that do spread among the others: while their worker waits for the
    page, another one works."""
    places: list[tuple[float, str]] = []
    for driving, part in ((True, BROWSERS_DONE), (False, 1.0)):
        found = [name for name, drives in files.items() if drives is driving]
        places += [(part * at / len(found), name) for at, name in enumerate(found)]
    return [name for _, name in sorted(places)]
