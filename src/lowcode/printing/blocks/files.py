"""Files of the app that a template uses: one for all languages, or one for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from lowcode.kernel.diagnostics import localized
from lowcode.printing.blocks.kind import Compiling

Understood = TypeVar("Understood")
FOLDER = "templates/"
"""Where files of papers are; the others of the app are none to choose from."""


@dataclass(frozen=True, slots=True)
class ByLanguage(Generic[Understood]):
    """What was made of each file, by language ('' when there is one for all)."""

    parts: Mapping[str, Understood]

    def of(self, tag: str) -> Understood:
        """The one for a paper in a language: its own, else the nearest, as with words."""
        return self.parts[localized({each: each for each in self.parts}, tag)]


def each_file(
    written: str | Mapping[str, str],
    compiling: Compiling,
    pointer: str,
    understand: Callable[[str, bytes, str], Understood | None],
) -> ByLanguage[Understood] | None:
    """What every file that is named is made of; None where one is missing or is not what it should be, each of which is
    a finding at its own place."""
    named = {"": written} if isinstance(written, str) else written
    known = [each for each in compiling.files if each.startswith(FOLDER)]
    found: dict[str, Understood] = {}
    for tag, file in named.items():
        at = f"{pointer}/{tag}" if tag else pointer
        content = compiling.files.get(file)
        if content is None:
            if file:
                compiling.wrong("no-file", at, seen=file, known=known)
            else:
                compiling.wrong("no-file-chosen", at)
            continue
        made = understand(file, content, at)
        if made is not None:
            found[tag] = made
    if not named:
        compiling.wrong("no-file-chosen", pointer)
    return ByLanguage(found) if found and len(found) == len(named) else None
