"""The contract of an analyser: a text in, a mood out. Pure and quick: it runs inside saves.

One that asks a service of its own, or needs longer, belongs into a rule of the phase after, which waits for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

MEMBERS = ("name", "analyse")
LEAST = 0.25
"""A mood nearer to nothing than this is neither good nor bad."""

Word = Literal["positive", "neutral", "negative"]


@dataclass(frozen=True, slots=True)
class Mood:
    """How a text sounds: from -1 (bad) to 1 (good), and the words it was told by with what each added."""

    score: float
    told_by: tuple[tuple[str, float], ...] = ()

    @property
    def word(self) -> Word:
        """The same as one of three words."""
        return "positive" if self.score >= LEAST else "negative" if self.score <= -LEAST else "neutral"


class AnalyserKind(Protocol):
    """A way of telling."""

    @property
    def name(self) -> str:
        """The word an author writes."""
        ...

    def analyse(self, text: str) -> Mood:
        """The mood of a text. The same text has the same mood."""
        ...
