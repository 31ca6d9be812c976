"""Which characters of a paper no font can draw: said before it is sent, instead of printed as boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lowcode.printing.outputs.fonts import characters_of

WORDS = frozenset({"text", "label", "value", "title", "caption", "rows", "items", "content", "cells"})
INVISIBLE = frozenset({0x9, 0xA, 0xD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF, 0xE000, 0xE001})


def missing_glyphs(tree: Mapping[str, Any], faces: Mapping[str, Path]) -> list[dict[str, str]]:
    """Each character that is in no face, with the first text it stands in."""
    drawn: frozenset[int] = frozenset().union(*(characters_of(path) for path in faces.values()))
    missing: dict[str, dict[str, str]] = {}
    for text in _texts(tree, False):
        for character in text:
            code = ord(character)
            if (
                code not in drawn
                and code not in INVISIBLE
                and not 0xFE00 <= code <= 0xFE0F
                and character not in missing
            ):
                missing[character] = {"character": character, "code": f"U+{code:04X}", "text": text[:80]}
    return list(missing.values())


def _texts(value: Any, words: bool) -> Iterator[str]:
    if isinstance(value, str):
        if words:
            yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, key in WORDS)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each, words)
