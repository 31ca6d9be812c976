"""`analyse`: tell from a text of the record how somebody feels, and keep it as a number from -1 to 1, as one of the
words positive, neutral and negative, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions.types import same_family
from lowcode.kernel.registry import Registry
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.set import SetFields
from lowcode.rules.analysers.kind import AnalyserKind

WORDS = ("positive", "neutral", "negative")


class AnalyseOptions(Part):
    """The text, by which analyser it is told, and the fields of the record that keep it."""

    text: ExpressionText
    field: str | None = None
    word_field: str | None = None
    analyser: str = "lexicon"

    @model_validator(mode="after")
    def _kept(self) -> AnalyseOptions:
        if self.field is None and self.word_field is None:
            raise Unfit(
                "name a 'field' for the number, a 'word_field' for the word, or both",
                "请用 field 指定保存数值的字段，或用 word_field 指定保存词的字段，也可两者都写",
            )
        return self


@dataclass(frozen=True, slots=True)
class Told(SetFields):
    """What a text was told to be, and by which words."""

    words: tuple[tuple[str, float], ...] = ()

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"analyse": SetFields.told(self)["set"], "told_by": {word: str(weight) for word, weight in self.words}}


@dataclass(frozen=True, slots=True)
class AnalyseAction:
    """A text, an analyser and the fields."""

    text: Expression
    analyser: AnalyserKind
    field: str | None
    word_field: str | None
    kind: str = "analyse"

    @property
    def needs(self) -> tuple[Any, ...]:
        """The text."""
        return (self.text,)

    def effect(self, firing: Firing) -> Effect:
        """What the text sounds like; a blank one like nothing."""
        said = firing.value(self.text)
        names = {self.field, self.word_field} - {None}
        if said in (None, ""):
            return Told(dict.fromkeys((str(each) for each in names), None))
        mood = self.analyser.analyse(str(said))
        found = {self.field: Decimal(str(round(mood.score, 2))), self.word_field: mood.word}
        return Told({name: value for name, value in found.items() if name is not None}, mood.told_by)


class AnalyseKind:
    """The kind `analyse`, over the analysers of a host."""

    name = "analyse"
    options = AnalyseOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"before", "after"})

    def __init__(self, analysers: Registry[AnalyserKind]) -> None:
        self.analysers = analysers

    def compile(self, options: AnalyseOptions, site: Site) -> Action | None:
        """The analyser must be known, the number have decimals to hold it, and the word be among the options."""
        text = site.expression(options.text, "/text", expect=Type("text"))
        known = {each.name: each for each in self.analysers}
        if options.analyser not in known:
            site.refuse("unknown-analyser", "/analyser", seen=options.analyser, known=list(known))
            return None
        for name, below, wanted in (
            (options.field, "/field", Type("number")), (options.word_field, "/word_field", Type("text")),
        ):  # fmt: skip
            if name is None:
                continue
            shape = site.field(site.form, name, below)
            if shape is None:
                return None
            missing = [word for word in WORDS if shape.type.options is not None and word not in shape.type.options]
            whole = wanted.kind == "number" and shape.type.scale == 0
            if not same_family(shape.type, wanted) or whole or (wanted.kind == "text" and missing):
                site.refuse("mood-does-not-fit", below, seen=name, type=shape.type.text)
                return None
        if text is None:
            return None
        return AnalyseAction(text, known[options.analyser], options.field, options.word_field)
