"""The faces papers are set in: files of an installed package, named by path: every machine prints the same page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

FACES = {
    "sans": ("justmytype_intl_cjk", "NotoSansSC*.ttf"),
    "serif": ("pylopdf_fonts_zh_cn", "NotoSerifSC*.otf"),
}
"""The word of a style, the installed package that carries the face, and how its file is called there."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font files of one set-up, by the word a style uses for them (`sans`, `serif`)."""

    faces: Mapping[str, Path]

    @property
    def folders(self) -> list[str]:
        """The folders of the files, in a fixed order: what a typesetter is pointed at."""
        return sorted({str(path.parent) for path in self.faces.values()})


class FontsMissing(RuntimeError):
    """A package with fonts is not installed: install `lowcode[pdf]`."""


@lru_cache(maxsize=1)
def packaged_fonts() -> Fonts:
    """The faces that come with the extra `pdf`: Noto Sans SC (every weight) and Noto Serif SC (one weight), OFL."""
    return Fonts({word: _file_of(package, pattern) for word, (package, pattern) in FACES.items()})


def _file_of(package: str, pattern: str) -> Path:
    spec = find_spec(package)  # found, not imported: only the file is wanted
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for path in sorted(each for folder in folders for each in Path(folder).rglob(pattern)):
        return path
    raise FontsMissing(f"papers need the fonts of {package}; install lowcode[pdf]")


@lru_cache(maxsize=8)
def digest_of(path: Path) -> str:
    """What a font file is, in a few characters: kept with each print."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=8)
def characters_of(path: Path) -> frozenset[int]:
    """The code points a font file can draw."""
    from fontTools.ttLib import TTFont  # an optional dependency, at its one door

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
