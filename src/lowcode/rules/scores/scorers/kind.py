"""The contract of a scorer: examples in, a model as JSON out; a model and one record in, a likelihood out. Pure.

An example is a mapping of features: a text is one of several cases, a number counts by its size, None is not known.
What a scorer answers is never taken on trust: the engine tests every model on records it has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

MEMBERS = ("name", "learn", "predict")

Features: TypeAlias = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Example:
    """A record whose outcome is known."""

    features: Features
    outcome: bool


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely the outcome is (0 to 1), and what each feature adds to it or takes away, in log odds."""

    probability: float
    parts: Mapping[str, float]


class ScorerKind(Protocol):
    """A way of learning."""

    @property
    def name(self) -> str:
        """The word an author writes."""
        ...

    def learn(self, examples: Sequence[Example]) -> dict[str, Any]:
        """A model, as JSON keeps it. The same examples give the same model."""
        ...

    def predict(self, model: Mapping[str, Any], features: Features) -> Likelihood:
        """The likelihood for one record."""
        ...
