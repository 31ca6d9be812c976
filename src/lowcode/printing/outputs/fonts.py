"""The faces papers are set in: files of an installed package, named by path: every machine prints the same page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

FONT_PACKAGE = "pylopdf_fonts_zh_cn"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font files of one set-up, by the word a style uses for them (`sans`, `serif`)."""

    faces: Mapping[str, Path]

    @property
    def folders(self) -> list[str]:
        """The folders of the files, in a fixed order: what a typesetter is pointed at."""
        return sorted({str(path.parent) for path in self.faces.values()})


class FontsMissing(RuntimeError):
    """The package with the fonts is not installed: install `lowcode[pdf]`."""


@lru_cache(maxsize=1)
def packaged_fonts() -> Fonts:
    """The faces that come with the extra `pdf` (Noto Sans SC and Noto Serif SC, OFL)."""
    try:
        package = import_module(FONT_PACKAGE)
    except ImportError as error:
        raise FontsMissing(f"papers need the fonts of {FONT_PACKAGE}; install lowcode[pdf]") from error
    return Fonts({"sans": Path(package.sans_path()), "serif": Path(package.serif_path())})


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
