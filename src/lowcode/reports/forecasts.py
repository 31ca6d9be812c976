"""What comes next in a series of periods, how far it may be off, and which periods were unlike the rest. Pure.

Exponential smoothing in its innovations form (Hyndman and others, "Forecasting with Exponential Smoothing", 2008): a
level, with a damped trend and a season where the series is long enough and they make it better (by AICc). The interval
is that of the model. Its error is measured on the series itself: the last periods are forecast from what came before
them, and the same is done by saying that everything stays as it was. Why no library: decision 0051.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist, fmean, median

LEAST = 6
"""Periods below which nothing is said."""
BACK = 8
"""At most so many periods are forecast from what came before them, to measure the error."""
UNUSUAL = 3.5
"""How many times its usual error a period must be off to be called unusual."""
STEPS = (0.02, 0.1, 0.25, 0.45, 0.7, 0.95)
PARTS = (0.0, 0.05, 0.15, 0.35, 0.6)
DAMPING = (0.8, 0.92, 0.98)


@dataclass(frozen=True, slots=True)
class Smoothing:
    """The parameters of a model: how far an error moves level, trend and season, and how the trend is damped."""

    level: float
    trend: float = 0.0
    season: float = 0.0
    damping: float = 0.0
    length: int = 1

    @property
    def count(self) -> int:
        """How many numbers the model was fitted with: its parameters and its first states."""
        trended, seasonal = self.damping > 0, self.length > 1
        return 3 + 3 * trended + (1 + self.length) * seasonal


@dataclass(frozen=True, slots=True)
class State:
    """Where a series stands."""

    level: float
    trend: float
    seasons: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Values to come with their bounds, the unusual periods of the past, and the errors that were measured."""

    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    unusual: tuple[bool, ...]
    error: float | None
    naive_error: float | None
    tried: int
    trend: bool
    season: bool


def forecast(series: Sequence[float], periods: int, season: int, confidence: float) -> Forecast | None:
    """The next periods of a series; None when it is too short to say anything."""
    if len(series) < LEAST:
        return None
    model, state, errors = fitted(series, season)
    deviation = math.sqrt(sum(each * each for each in errors) / max(1, len(errors) - min(model.count, len(errors) - 1)))
    width = NormalDist().inv_cdf(0.5 + confidence / 2)
    values = tuple(ahead(model, state, periods))
    spread = [width * deviation * factor for factor in widening(model, periods)]
    floor = 0.0 if min(series) >= 0 else -math.inf
    usual = 1.4826 * median(abs(each) for each in errors)
    error, naive, tried = measured(series, season)
    return Forecast(
        tuple(max(floor, value) for value in values),
        tuple(max(floor, value - each) for value, each in zip(values, spread, strict=True)),
        tuple(max(floor, value + each) for value, each in zip(values, spread, strict=True)),
        tuple(usual > 0 and abs(each) > UNUSUAL * usual for each in errors),
        error, naive, tried, model.damping > 0, model.length > 1,
    )  # fmt: skip


def fitted(series: Sequence[float], season: int) -> tuple[Smoothing, State, list[float]]:
    """The best model of a series, where it ends, and by how much it was wrong at each step."""
    best = None
    for model in candidates(len(series), season):
        state, errors = smoothed(model, first_state(series, model), series)
        squares = sum(each * each for each in errors)
        number = len(series)
        spare = number - model.count - 1
        if spare <= 0:
            continue
        score = number * math.log(max(squares / number, 1e-12)) + 2 * model.count * (1 + (model.count + 1) / spare)
        if best is None or score < best[0]:
            best = score, model, state, errors
    assert best is not None
    return best[1:]


def candidates(number: int, season: int) -> Iterator[Smoothing]:
    """The models that are tried: without trend and season, with a trend, with both where two seasons are known."""
    yield from (Smoothing(level) for level in STEPS)
    for level, part, damping in product(STEPS, PARTS, DAMPING):
        if part <= level:
            yield Smoothing(level, part, 0.0, damping)
    if season > 1 and number >= 2 * season + 1:
        for level, part in product(STEPS, PARTS):
            if part <= 1 - level:
                yield Smoothing(level, 0.0, part, 0.0, season)
                yield Smoothing(level, min(0.1, level), part, 0.92, season)


def first_state(series: Sequence[float], model: Smoothing) -> State:
    """Where a series begins: its first values, and a season that is the mean of all its cycles."""
    length = model.length
    if length > 1:
        cycles = [series[at : at + length] for at in range(0, len(series) - length + 1, length)]
        means = [fmean(cycle) for cycle in cycles]
        seasons = [fmean(cycle[at] - mean for cycle, mean in zip(cycles, means, strict=True)) for at in range(length)]
        slope = (means[-1] - means[0]) / (length * (len(means) - 1)) if model.damping else 0.0
        return State(means[0], slope, tuple(seasons))
    head = series[: min(5, len(series))]
    slope = (head[-1] - head[0]) / (len(head) - 1)
    return State(head[0] - slope if model.damping else fmean(head), slope if model.damping else 0.0, (0.0,))


def smoothed(model: Smoothing, state: State, series: Sequence[float]) -> tuple[State, list[float]]:
    """The state after a series, and the error of each step."""
    level, trend, seasons, errors = state.level, state.trend, list(state.seasons), []
    for index, value in enumerate(series):
        at = index % model.length
        error = value - (level + model.damping * trend + seasons[at])
        errors.append(error)
        level, trend = level + model.damping * trend + model.level * error, model.damping * trend + model.trend * error
        seasons[at] += model.season * error
    turned = len(series) % model.length
    return State(level, trend, (*seasons[turned:], *seasons[:turned])), errors


def ahead(model: Smoothing, state: State, periods: int) -> Iterator[float]:
    """The values to come."""
    damped = 0.0
    for step in range(1, periods + 1):
        damped += model.damping**step
        yield state.level + damped * state.trend + state.seasons[(step - 1) % model.length]


def widening(model: Smoothing, periods: int) -> Iterator[float]:
    """By how much the error of one step grows with each further one."""
    variance, damped = 1.0, 0.0
    for step in range(1, periods + 1):
        yield math.sqrt(variance)
        damped += model.damping**step
        seasonal = model.season if model.length > 1 and step % model.length == 0 else 0.0
        variance += (model.level + model.trend * damped + seasonal) ** 2


def measured(series: Sequence[float], season: int) -> tuple[float | None, float | None, int]:
    """The error of forecasting each of the last periods from those before it, as a share of what they were, and that of
    saying it will be as last time (last season, where there is one)."""
    tried = min(BACK, len(series) - LEAST)
    if tried <= 0:
        return None, None, 0
    off = naive = size = 0.0
    for end in range(len(series) - tried, len(series)):
        model, state, _ = fitted(series[:end], season)
        off += abs(series[end] - next(ahead(model, state, 1)))
        back = season if season > 1 and end >= 2 * season else 1
        naive += abs(series[end] - series[end - back])
        size += abs(series[end])
    return (off / size, naive / size, tried) if size else (None, None, tried)
