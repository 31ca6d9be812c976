"""`logistic`: logistic regression with a penalty on size, by Newton's method, on the cases and numbers of a record.

Small on purpose: no dependency, the same result on every machine, and every weight can be read.
A case that hardly ever occurs is counted with the others (`RARE`), and the penalty keeps what few records say small.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.rules.scores.scorers.kind import Example, Features, Likelihood

PENALTY = 1.0
STEPS = 25
ENOUGH = 1e-8
RARE = 5
"""Cases of fewer examples have no weight of their own."""

Row = list[tuple[int, float]]
"""The places and values of a row that are not nothing; place 0 is the constant."""


class Logistic:
    """The scorer `logistic`."""

    name = "logistic"

    def learn(self, examples: Sequence[Example]) -> dict[str, Any]:
        """The weights; each case of a feature has one, each number one for its distance from the mean."""
        scales = _scales(examples)
        cases = Counter(_case(name, value) for each in examples for name, value in each.features.items()
                        if not isinstance(value, (int, float)))  # fmt: skip
        places = {case: at + 1 for at, case in enumerate(sorted(each for each, n in cases.items() if n >= RARE))}
        for name in scales:
            places[name] = len(places) + 1
        model = {"places": places, "scales": scales, "weights": [0.0] * (len(places) + 1)}
        rows = [_row(model, each.features) for each in examples]
        model["weights"] = _fitted(rows, [each.outcome for each in examples], len(places) + 1)
        return model

    def predict(self, model: Mapping[str, Any], features: Features) -> Likelihood:
        """The weights added up."""
        weights: Sequence[float] = model["weights"]
        parts = {
            name: sum(weights[at] * value for at, value in _cells(model, name, given))
            for name, given in features.items()
        }
        return Likelihood(_likely(weights[0] + sum(parts.values())), parts)


def _scales(examples: Sequence[Example]) -> dict[str, list[float]]:
    """Mean and spread of each feature that is a number somewhere and no text anywhere."""
    found: dict[str, list[float]] = {}
    texts = {name for each in examples for name, value in each.features.items() if isinstance(value, str)}
    for each in examples:
        for name, value in each.features.items():
            if isinstance(value, (int, float)) and name not in texts:
                found.setdefault(name, []).append(float(value))
    return {name: _mean_and_spread(values) for name, values in sorted(found.items())}


def _mean_and_spread(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((each - mean) ** 2 for each in values) / len(values))
    return [mean, spread or 1.0]


def _case(name: str, value: str | float | None) -> str:
    return f"{name}={'' if value is None else value}"


def _cells(model: Mapping[str, Any], name: str, value: str | float | None) -> Row:
    places: Mapping[str, int] = model["places"]
    if isinstance(value, (int, float)) and name in model["scales"]:
        mean, spread = model["scales"][name]
        return [(places[name], max(-4.0, min(4.0, (value - mean) / spread)))]
    at = places.get(_case(name, value))
    return [] if at is None else [(at, 1.0)]


def _row(model: Mapping[str, Any], features: Features) -> Row:
    return [(0, 1.0), *(cell for name, value in features.items() for cell in _cells(model, name, value))]


def _likely(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _fitted(rows: Sequence[Row], outcomes: Sequence[bool], size: int) -> list[float]:
    """Newton's method; rows are sparse, so a step costs the square of the features of a record, not of all."""
    weights = [0.0] * size
    for _ in range(STEPS):
        gradient = [-PENALTY * each if at else 0.0 for at, each in enumerate(weights)]
        curve = [[0.0] * size for _ in range(size)]
        for at in range(size):
            curve[at][at] = PENALTY if at else 1e-6
        for row, outcome in zip(rows, outcomes, strict=True):
            likely = _likely(sum(weights[at] * value for at, value in row))
            miss, weight = float(outcome) - likely, likely * (1 - likely)
            for at, value in row:
                gradient[at] += miss * value
                line = curve[at]
                for other, there in row:
                    line[other] += weight * value * there
        step = _solved(curve, gradient)
        weights = [each + by for each, by in zip(weights, step, strict=True)]
        if max(abs(each) for each in step) < ENOUGH:
            break
    return weights


def _solved(matrix: list[list[float]], wanted: list[float]) -> list[float]:
    """The solution of a symmetric system with a positive diagonal, by Cholesky's way."""
    size = len(wanted)
    lower = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(lower[row][at] * lower[column][at] for at in range(column))
            lower[row][column] = math.sqrt(max(rest, 1e-12)) if row == column else rest / lower[column][column]
    forward = [0.0] * size
    for row in range(size):
        forward[row] = (wanted[row] - sum(lower[row][at] * forward[at] for at in range(row))) / lower[row][row]
    found = [0.0] * size
    for row in reversed(range(size)):
        later = sum(lower[at][row] * found[at] for at in range(row + 1, size))
        found[row] = (forward[row] - later) / lower[row][row]
    return found


LOGISTIC = Logistic()
