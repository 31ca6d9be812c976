"""Measures to plans: each put to the grain it belongs to, those of one form and one condition together in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions import Type
from lowcode.reports.asking import ANCESTRAL, BOOLEAN, Asking, Understanding, needs_of
from lowcode.reports.definition import MeasureDefinition
from lowcode.reports.dimensions import Grouping, grouped_by, grouped_text
from lowcode.reports.plan import Calculation, Column, Facts

NUMBER = Type("number")
PERCENT = frozenset({"share", "running_share", "change", "change_last_year"})
WHOLE = frozenset({"share", "rank"})


class Measures:
    """The measures of one report while it is compiled."""

    def __init__(self, known: Understanding, asking: Asking, form: str, groupings: Sequence[Grouping]) -> None:
        self._known, self._asking, self._form, self._groupings = known, asking, form, groupings
        self.columns: list[Column] = []
        self.calculations: list[Calculation] = []
        self._types: dict[str, Type] = {}
        self._own = self._own_facts()
        self._grains: list[Facts] = [self._own]

    @property
    def facts(self) -> tuple[Facts, ...]:
        """What is queried; the form of the report first, even when nothing of it is measured."""
        return tuple(self._grains)

    def add(self, written: Sequence[tuple[MeasureDefinition, str]]) -> None:
        """Compile all: first what is counted, then what is made of it."""
        later = []
        for measure, pointer in written:
            made = [measure.expression, measure.formula, measure.of]
            if sum(each is not None for each in made) != 1 or (measure.of is None) != (measure.calculation is None):
                self._asking.wrong("measure-shape", pointer)
            elif measure.expression is None:
                later.append((measure, pointer))
            else:
                self._counted(measure, pointer)
        names = {each.name for each, _ in written}
        while later:
            ready = [(m, at) for m, at in later if not ({*needs_of(m)} & names) - self._types.keys()]
            if not ready:
                for measure, at in later:
                    self._asking.wrong("measure-circle", at, seen=measure.name)
                break
            for measure, at in ready:
                self._made(measure, at)
            later = [pair for pair in later if pair not in ready]
        order = [each.name for each, _ in written]
        self.columns.sort(key=lambda column: order.index(column.name))

    def _counted(self, measure: MeasureDefinition, pointer: str) -> None:
        grain = self._grain(measure, pointer)
        if grain is None or measure.expression is None:
            return
        place = self._asking.place(f"{pointer}/expression")
        expression = self._known.compiled(measure.expression, place, grain.record, Use.AGGREGATE)
        if expression is None:
            return
        same = next((i for i, each in enumerate(self._grains) if _meets(each, grain)), None)
        if same is None:
            self._grains.append(grain)
            same = len(self._grains) - 1
        held = self._grains[same]
        self._grains[same] = replace(held, measures=(*held.measures, (measure.name, expression)))
        self._types[measure.name] = expression.type.optional
        scale = _shown_scale(expression.type, measure.format)
        self._column(measure, expression.type.kind, scale, measure.format)

    def _made(self, measure: MeasureDefinition, pointer: str) -> None:
        if measure.formula is not None:
            self._formula(measure, pointer)
            return
        places = {each.dimension.column.name: index for index, each in enumerate(self._groupings)}
        for key, names in (("along", [measure.along] if measure.along else []), ("within", measure.within or [])):
            for name in names:
                if name not in places:
                    self._asking.wrong("unknown-column", f"{pointer}/{key}", seen=name, known=list(places))
                    return
        if measure.of not in self._types:
            self._asking.wrong("unknown-column", f"{pointer}/of", seen=measure.of, known=list(self._types))
            return
        grained = [index for name, index in places.items() if self._groupings[index].dimension.column.grain]
        along = places[measure.along] if measure.along else (grained[0] if grained else None)
        kind = str(measure.calculation)
        if measure.within is not None:
            within = tuple(places[name] for name in measure.within)
        else:
            within = () if kind in WHOLE or along is None else tuple(i for i in places.values() if i != along)
        made = Calculation(measure.name, str(measure.of), kind, (), None, along, within, measure.rows)
        self.calculations.append(made)
        self._types[measure.name] = NUMBER
        shown = measure.format or ("percent" if kind in PERCENT else "number")
        of = next((column for column in self.columns if column.name == measure.of), None)
        if kind == "rank":
            self._column(measure, "number", 0, shown)
        elif kind in PERCENT:
            self._column(measure, "number", 4, shown)
        else:
            kept = measure.format or (of.format if of is not None else None) or "number"
            self._column(measure, "number", of.scale if of is not None and kind != "moving_average" else 4, kept)

    def _formula(self, measure: MeasureDefinition, pointer: str) -> None:
        assert measure.formula is not None
        expression = self._known.scope.expression(
            measure.formula, self._asking.place(f"{pointer}/formula"), self._known.found, record=None,
            variables=self._types,
        )  # fmt: skip
        if expression is None:
            return
        needs = tuple(name for name in self._types if name in needs_of(measure))
        self.calculations.append(Calculation(measure.name, "", "formula", needs, expression))
        self._types[measure.name] = expression.type.optional
        self._column(measure, expression.type.kind, _shown_scale(expression.type, measure.format), measure.format)

    def _column(self, measure: MeasureDefinition, kind: str, scale: int | None, shown: str | None) -> None:
        title = measure.title if measure.title is not None else measure.name
        self.columns.append(Column(measure.name, title, "measure", kind, scale, shown))

    def _own_facts(self) -> Facts:
        asking, form = self._asking, self._form
        filters = asking.conditions(form)
        filter_texts = dict(asking.filter_texts(form))
        if asking.is_history(form):
            text, condition = asking.then(form)
            if condition is not None:
                filters["as_of"], filter_texts["as_of"] = condition, text
        for grouping in self._groupings:
            self._ancestors(form, grouping, {}, filters, filter_texts)
        return Facts(
            form, asking.condition(form), tuple(each.expression for each in self._groupings), (),
            asking.period(form, asking.date), filters, tuple(each.dimension.text for each in self._groupings),
            tuple(range(len(self._groupings))), asking.date, filter_texts,
        )  # fmt: skip

    def _ancestors(
        self, form: str, grouping: Grouping, texts: dict[str, str], filters: dict[str, Any], known: dict[str, str]
    ) -> None:
        """The levels above the one that is shown, as filters of their values."""
        for level in grouping.above:
            expression = grouped_by(
                self._known, self._asking, form, level, texts.get(level.name, level.expression), "", ""
            )  # fmt: skip
            if expression is None:
                continue
            condition = self._asking.equals(form, level_filter(level.name), expression.text, "", ANCESTRAL)
            if condition is not None:
                filters[level_filter(level.name)] = condition
                known[level_filter(level.name)] = expression.text

    def _grain(self, measure: MeasureDefinition, pointer: str) -> Facts | None:
        """What a measure is counted over: the report's own form, or another one at its own grain."""
        asking, own = self._asking, self._own
        names = {each.dimension.column.name: place for place, each in enumerate(self._groupings)}
        for name in measure.across:
            if name not in names:
                asking.wrong("unknown-column", f"{pointer}/across", seen=name, known=list(names))
                return None
        across = {names[name] for name in measure.across}
        if measure.form is None:
            kept = tuple(place for place in own.places if place not in across)
            dimensions = tuple(own.dimensions[place] for place in kept)
            own = replace(own, dimensions=dimensions, texts=tuple(own.texts[place] for place in kept), places=kept)
            if measure.where is None and measure.date is None:
                return own
            date = measure.date or own.date
            narrowed = asking.condition(own.record, measure.where, f"{pointer}/where")
            return replace(own, where=narrowed, period=asking.period(own.record, date, f"{pointer}/date"), date=date)
        if self._known.record(measure.form) is None:
            self._known.scope.find("form", measure.form, asking.place(f"{pointer}/form"), self._known.found)
            return None
        self._known.scope.note_records(measure.form, asking.place(f"{pointer}/form"))
        filters = asking.conditions(measure.form, quiet=True)
        filter_texts = {name: text for name, text in asking.filter_texts(measure.form).items() if name in filters}
        meeting, texts = [], []
        kept = tuple(place for place in range(len(self._groupings)) if place not in across)
        for grouping in (self._groupings[place] for place in kept):
            name = grouping.dimension.column.name
            text = measure.dimensions.get(name)
            if text is None:
                values = {"measure": measure.name, "form": measure.form, "dimension": name}
                asking.wrong("dimension-missing", pointer, **values)
                return None
            at = f"{pointer}/dimensions/{name}"
            met = grouped_by(self._known, asking, measure.form, grouping.written, text, at, at)
            if met is None:
                return None
            expression = grouping.expression
            if (met.type.kind, met.type.target) != (expression.type.kind, expression.type.target):
                kinds = {"kind": met.type.text, "expected": expression.type.text, "dimension": name}
                asking.wrong("dimension-kind", at, **kinds)
                return None
            meeting.append(met)
            texts.append(grouped_text(self._known, grouping.written, text))
            self._ancestors(measure.form, grouping, dict(measure.dimensions), filters, filter_texts)
        where = self._known.compiled(measure.where, asking.place(f"{pointer}/where"), measure.form, expect=BOOLEAN) \
            if measure.where is not None else None  # fmt: skip
        period = asking.period(measure.form, measure.date, f"{pointer}/date")
        return Facts(
            measure.form, where, tuple(meeting), (), period, filters, tuple(texts), kept, measure.date, filter_texts
        )  # fmt: skip


def level_filter(name: str) -> str:
    """The filter by which a report further down keeps to what was chosen above."""
    return f"above_{name}"


def _meets(one: Facts, other: Facts) -> bool:
    """Whether two groups of measures can be one query."""
    texts = [
        (each.record, each.where and each.where.text, tuple(d.text for d in each.dimensions),
         each.period and each.period.text)
        for each in (one, other)
    ]  # fmt: skip
    return texts[0] == texts[1] and dict(one.filter_texts) == dict(other.filter_texts)


def _shown_scale(kind: Type, form: str | None) -> int | None:
    """The decimals a measure shows: those of its type, unless it is a quotient with more than anybody reads."""
    if kind.kind != "number":
        return None
    if form == "percent":
        return 4
    return kind.scale if kind.scale is not None and kind.scale <= 4 else 2
