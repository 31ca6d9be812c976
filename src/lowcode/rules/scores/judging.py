"""How good a model is on records it has not seen: five parts, each judged by a model of the other four. Pure.

`area` is the chance that of a record with the outcome and one without the first scores higher: 0.5 is guessing.
`brier` is the mean square of the error, beside that of always saying the base rate. `calibration` says of ten equal
parts, from the least likely to the most, what was said and what came true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.rules.scores.scorers.kind import Example, ScorerKind

FOLDS = 5
PARTS = 10
LEAST = 100
"""Records with a known outcome that are needed."""

LEAST_EACH = 20
"""Of these with the outcome, and without it."""

GUESSING = 0.6
"""An area below this says: hardly better than guessing."""


def enough(examples: Sequence[Example]) -> bool:
    """Whether there is enough to learn from."""
    won = sum(each.outcome for each in examples)
    return len(examples) >= LEAST and min(won, len(examples) - won) >= LEAST_EACH


def judged(kind: ScorerKind, examples: Sequence[Example]) -> dict[str, Any]:
    """The report: sizes, errors on unseen records beside the base rate, calibration, and whether it is of use."""
    said = _unseen(kind, examples)
    outcomes = [each.outcome for each in examples]
    base = sum(outcomes) / len(outcomes)
    area = area_under(said, outcomes)
    brier = sum((each - outcome) ** 2 for each, outcome in zip(said, outcomes, strict=True)) / len(said)
    simple = base * (1 - base)
    return {
        "examples": len(examples),
        "with_outcome": sum(outcomes),
        "base_rate": round(base, 4),
        "area": round(area, 4),
        "brier": round(brier, 4),
        "brier_of_base_rate": round(simple, 4),
        "calibration": _calibration(said, outcomes),
        "of_use": area >= GUESSING and brier < simple,
    }


def _unseen(kind: ScorerKind, examples: Sequence[Example]) -> list[float]:
    said = [0.0] * len(examples)
    for fold in range(FOLDS):
        model = kind.learn([each for at, each in enumerate(examples) if at % FOLDS != fold])
        for at in range(fold, len(examples), FOLDS):
            said[at] = kind.predict(model, examples[at].features).probability
    return said


def area_under(said: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The area under the curve, by ranks; equal scores share a rank."""
    order = sorted(range(len(said)), key=lambda at: said[at])
    ranks = [0.0] * len(said)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and said[order[end + 1]] == said[order[at]]:
            end += 1
        for each in order[at : end + 1]:
            ranks[each] = (at + end) / 2 + 1
        at = end + 1
    won = sum(outcomes)
    lost = len(outcomes) - won
    if not won or not lost:
        return 0.5
    total = sum(rank for rank, outcome in zip(ranks, outcomes, strict=True) if outcome)
    return (total - won * (won + 1) / 2) / (won * lost)


def _calibration(said: Sequence[float], outcomes: Sequence[bool]) -> list[Mapping[str, Any]]:
    pairs = sorted(zip(said, outcomes, strict=True))
    size = len(pairs)
    found: list[Mapping[str, Any]] = []
    for part in range(PARTS):
        these = pairs[part * size // PARTS : (part + 1) * size // PARTS]
        if these:
            found.append({
                "records": len(these),
                "said": round(sum(each for each, _ in these) / len(these), 4),
                "came": round(sum(outcome for _, outcome in these) / len(these), 4),
            })  # fmt: skip
    return found
