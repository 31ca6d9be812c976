"""The contract of an output: a print tree in, a file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Draw = Callable[[Mapping[str, Any], str], list[bytes]]
"""Sets a tree in a typesetter's format (`pdf`, `png`): the worker's `draw`, with its fonts."""


class OutputMissing(RuntimeError):
    """The library an output is made with is not installed; the message names the extra that brings it."""


@dataclass(frozen=True, slots=True)
class Output:
    """One way to give a paper out."""

    name: str
    media_type: str
    suffix: str
    paper: bool
    """Whether it is a sheet that can be signed: those are counted and kept."""
    make: Callable[[Mapping[str, Any], Draw], bytes]
    editable: bool = False
    """Whether whoever holds the file can change it: a template has to say that it may be given out so."""
