"""Dimensions to plans: periods of time, bands of numbers, levels of a hierarchy; each is one expression in the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.reports.asking import Asking, Understanding, options_of
from lowcode.reports.definition import DimensionDefinition, LevelDefinition
from lowcode.reports.plan import Column, Dimension

GROUPED = frozenset({"number", "text", "boolean", "date", "choice", "multi", "record", "user"})


@dataclass(frozen=True, slots=True)
class Grouping:
    """A dimension while a report is compiled: what was written of the level that is shown, and what became of it.

    `above` are the levels that were chosen on the way to it.
    """

    written: LevelDefinition
    dimension: Dimension
    expression: Expression
    above: tuple[LevelDefinition, ...] = ()


def compile_dimension(
    known: Understanding, asking: Asking, form: str, written: DimensionDefinition, pointer: str, level: int = 0
) -> Grouping | None:
    """A dimension at one of its levels; None when something is wrong with it."""
    every: tuple[LevelDefinition, ...] = (written, *written.levels)
    shown = every[level]
    place = pointer if level == 0 else f"{pointer}/levels/{level - 1}"
    if shown.grain is not None and shown.bands:
        asking.wrong("grain-and-bands", f"{place}/bands")
        return None
    expression = grouped_by(known, asking, form, shown, shown.expression, f"{place}/expression", place)
    if expression is None:
        return None
    if expression.type.kind not in GROUPED:
        asking.wrong("not-a-dimension", f"{place}/expression", kind=expression.type.text)
        return None
    field = known.field_at(form, shown.expression)
    kind = "choice" if expression.type.kind == "multi" or shown.bands else expression.type.kind
    column = Column(
        shown.name,
        shown.title if shown.title is not None else getattr(field, "title", "") or shown.name,
        "dimension",
        kind,
        expression.type.scale,
        None,
        shown.grain,
        expression.type.target,
        band_options(shown) if shown.bands else options_of(field),
    )
    levels = tuple(each.name for each in every) if written.levels else ()
    dimension = Dimension(column, grouped_text(known, shown, shown.expression), levels)
    return Grouping(shown, dimension, expression, every[:level])


def grouped_text(known: Understanding, level: LevelDefinition, text: str) -> str:
    """What a drill compares: an expression, put into the bands of a level."""
    return banded(level, text) if level.bands else text


def grouped_by(
    known: Understanding, asking: Asking, form: str, level: LevelDefinition, text: str, pointer: str, place: str
) -> Expression | None:
    """The expression records of a form are grouped by: as written, in periods, or in bands."""
    bare = asking.expression(text, pointer, form)
    if bare is None:
        return None
    if level.bands:
        if bare.type.kind != "number":
            asking.wrong("not-a-number", f"{place}/bands", kind=bare.type.text)
            return None
        ends = [each.below for each in level.bands]
        rising = [each for each in ends[:-1] if each is not None]
        if len(rising) < len(ends) - 1 or rising != sorted(set(rising)) or (
            rising and ends[-1] is not None and ends[-1] <= rising[-1]
        ):  # fmt: skip
            asking.wrong("bands-disordered", f"{place}/bands")
            return None
        return asking.expression(banded(level, text), pointer, form)
    grain = level.grain or ("day" if bare.type.kind == "datetime" else None)
    if grain is None:
        return bare
    if bare.type.kind not in ("date", "datetime"):
        asking.wrong("not-a-date", f"{place}/grain", kind=bare.type.text)
        return None
    return asking.expression(periods(text, grain, known.fiscal), pointer, form)


def periods(text: str, grain: str, fiscal: int) -> str:
    """The first day of the period a date lies in; the business year begins in a month of its own."""
    if not grain.startswith("fiscal_"):
        return f'STARTOF({text}, "{grain}")'
    unit, months = grain.removeprefix("fiscal_"), fiscal - 1
    return f'DATEADD(STARTOF(DATEADD(TODATE({text}), -{months}, "month"), "{unit}"), {months}, "month")'


def banded(level: LevelDefinition, text: str) -> str:
    """The name of the band a number lies in, b0 and so on; blank without a number, or past a last band with an end."""
    made = "blank"
    for index in reversed(range(len(level.bands))):
        below = level.bands[index].below
        made = f'"b{index}"' if below is None else f'IF(({text}) < {below:f}, "b{index}", {made})'
    return f"IF(({text}) is blank, blank, {made})"


def band_options(level: LevelDefinition) -> tuple[dict[str, Any], ...]:
    """The bands as options, in their order."""
    options, start = [], None
    for index, band in enumerate(level.bands):
        options.append({"name": f"b{index}", "title": band.title or band_title(start, band.below)})
        start = band.below
    return tuple(options)


def band_title(start: Decimal | None, below: Decimal | None) -> Text:
    """A band in numbers."""
    first, last = (None if each is None else f"{each.normalize():,f}" for each in (start, below))
    if first is None:
        return "" if last is None else f"< {last}"
    return f"≥ {first}" if last is None else f"{first} – {last}"
