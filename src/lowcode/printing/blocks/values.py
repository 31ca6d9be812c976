"""What blocks are drawn from: facts of a record, and the values, texts, conditions and rows that speak of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression, Moment
from lowcode.printing.blocks.formats import Format, Locale, show
from lowcode.printing.blocks.formatted import formatted, plain
from lowcode.printing.blocks.rich import Piece
from lowcode.printing.blocks.usual import Usual


@dataclass(frozen=True, slots=True)
class Facts:
    """What one paper is drawn from: one record, one moment, one language."""

    record: Mapping[str, Any]
    moment: Moment
    locale: Locale
    variables: Mapping[str, Any] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Pictures of reports as SVG, by the place of the block they were drawn for; of files as their kind, a comma and
    base64, by `pictured.kept_as`."""
    expand: Callable[[str, Mapping[str, Any]], str] | None = None
    """Renders the text of an `html` block; given by whoever owns the worker."""

    def within(self, row: Mapping[str, Any], number: int) -> Facts:
        """The same paper, speaking of one row."""
        return replace(self, record=row, variables={**self.variables, "line": number})


@dataclass(frozen=True, slots=True)
class Value:
    """An expression and how its value is shown."""

    expression: Expression
    format: Format = "auto"
    options: Mapping[str, Text] = field(default_factory=dict)
    formatted: bool = False
    """Whether it is a formatted text: with bold words, lists, tables."""
    usual: Usual | None = None
    """How it is shown where the template does not say how."""
    scale: int | None = None
    """The places of the field of money it is."""
    currency: str | None = None
    """The currency of the field, where it is not that of the paper."""
    currency_of: Expression | None = None
    """Reads the currency beside it; while that is blank it is that of the paper."""

    pictured: bool = False
    """Whether it is a field of pictures, which are drawn and not said."""

    def of(self, facts: Facts) -> Any:
        """The bare value."""
        return self.expression.evaluate(facts.record, facts.moment, **facts.variables)

    def show(self, facts: Facts, form: Format | None = None) -> str:
        """The value as the reader sees it."""
        if self.pictured:
            return ""
        found = self.of(facts)
        if self.formatted and isinstance(found, str):
            return plain(found)
        if self.usual is not None and self.format == "auto":
            return "" if found is None or found == "" else self.usual(found, self.locale(facts))
        return show(found, form or self.format, self.locale(facts), self.options, self.scale)

    def locale(self, facts: Facts) -> Locale:
        """The language of the paper, with the currency of this amount."""
        beside = self.currency_of
        currency = self.currency if beside is None else beside.evaluate(facts.record, facts.moment, **facts.variables)
        return replace(facts.locale, currency=currency) if currency else facts.locale

    def summed(self, locale: Locale) -> tuple[Format, Locale]:
        """How a sum of many is shown; one of amounts that each say their currency has no sign."""
        if self.currency_of is not None and self.format == "money":
            return "number", locale
        return self.format, replace(locale, currency=self.currency) if self.currency else locale

    def pieces(self, facts: Facts) -> list[Piece] | None:
        """A formatted text as outputs draw it; None of what has words only."""
        found = self.of(facts) if self.formatted and self.format == "auto" else None
        return formatted(found) if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture of a report that a paper needs: asked for when the record is read. Sizes are in millimetres."""

    key: str
    report: str
    filters: Mapping[str, Value]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that holds or not; a blank one does not."""

    expression: Expression

    def holds(self, facts: Facts) -> bool:
        """Whether it holds."""
        return self.expression.test(facts.record, facts.moment, **facts.variables)


@dataclass(frozen=True, slots=True)
class Words:
    """A text with values in it, per language ('' when it has one language only)."""

    parts: Mapping[str, tuple[str | Value, ...]]

    def show(self, facts: Facts, bare: bool = False) -> str:
        """The text in the language of the paper. `bare`: programs read it, so amounts have their digits alone."""
        tag = localized({tag: tag for tag in self.parts}, facts.locale.tag) if len(self.parts) > 1 else None
        parts = next(iter(self.parts.values()), ()) if tag is None else self.parts[tag]
        return "".join(part if isinstance(part, str) else part.show(facts, _inline(part, bare)) for part in parts)

    def pieces(self, facts: Facts) -> list[Piece] | None:
        """A formatted text as outputs draw it, where nothing else stands beside it."""
        tag = localized({tag: tag for tag in self.parts}, facts.locale.tag) if len(self.parts) > 1 else None
        parts = next(iter(self.parts.values()), ()) if tag is None else self.parts[tag]
        alone = parts[0] if len(parts) == 1 else None
        return alone.pieces(facts) if isinstance(alone, Value) else None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a table runs over: where they are found in the facts, and which of them are printed."""

    path: str
    record: str
    where: Condition | None = None
    way: str = ""
    """How the record reaches them, where they are rows of a row: `groups.items`."""

    def of(self, facts: Facts) -> list[Facts]:
        """One set of facts per row, numbered from 1."""
        chosen: list[Facts] = []
        for row in facts.record.get(self.path) or ():
            inner = facts.within(row, len(chosen) + 1)
            if self.where is None or self.where.holds(inner):
                chosen.append(inner)
        return chosen


def _inline(value: Value, bare: bool) -> Format | None:
    """Inside a sentence a bare number is not grouped: it may be a year."""
    return "plain" if (bare or value.format == "auto") and value.expression.type.kind == "number" else None
