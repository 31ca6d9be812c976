"""What was understood of a template: values, texts, conditions and rows, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.records.facts import Needs
from lowcode.printing.formats import Format, Locale, show

if TYPE_CHECKING:
    from lowcode.printing.blocks.kind import Drawable


@dataclass(frozen=True, slots=True)
class Facts:
    """What one paper is drawn from: one record, one moment, one language."""

    record: Mapping[str, Any]
    moment: Moment
    locale: Locale
    variables: Mapping[str, Any] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
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

    def of(self, facts: Facts) -> Any:
        """The bare value."""
        return self.expression.evaluate(facts.record, facts.moment, **facts.variables)

    def show(self, facts: Facts, form: Format | None = None) -> str:
        """The value as the reader sees it."""
        return show(self.of(facts), form or self.format, facts.locale, self.options)


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

    def show(self, facts: Facts) -> str:
        """The text in the language of the paper."""
        tag = localized({tag: tag for tag in self.parts}, facts.locale.tag) if len(self.parts) > 1 else None
        parts = next(iter(self.parts.values()), ()) if tag is None else self.parts[tag]
        return "".join(part if isinstance(part, str) else part.show(facts, _inline(part)) for part in parts)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a table runs over: where they are found in the facts, and which of them are printed."""

    path: str
    record: str
    where: Condition | None = None

    def of(self, facts: Facts) -> list[Facts]:
        """One set of facts per row, numbered from 1."""
        chosen: list[Facts] = []
        for row in facts.record.get(self.path) or ():
            inner = facts.within(row, len(chosen) + 1)
            if self.where is None or self.where.holds(inner):
                chosen.append(inner)
        return chosen


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet in millimetres."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True, slots=True)
class Watermark:
    """Words across each page while a condition holds."""

    words: Words
    when: Condition | None
    size: float
    color: str


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """One template, understood."""

    name: str
    title: Text
    form: str
    digest: str
    document: Any
    """What was written: kept with the first print of each version."""
    languages: tuple[str, ...]
    currency: str
    page: Page
    theme: Mapping[str, Any]
    when: Condition | None
    message: Text
    file_name: Words
    author: Words
    header: tuple[Drawable, ...]
    first_header: tuple[Drawable, ...] | None
    footer: tuple[Drawable, ...]
    watermark: tuple[Watermark, ...]
    body: tuple[Drawable, ...]
    needs: Needs
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrintingPlan:
    """Every template of an app, by name, and by the form it prints."""

    templates: Mapping[str, TemplatePlan] = field(default_factory=dict)

    def of_form(self, form: str) -> tuple[TemplatePlan, ...]:
        """The templates of a form, in the order of their names."""
        return tuple(template for _, template in sorted(self.templates.items()) if template.form == form)


def _inline(value: Value) -> Format | None:
    """Inside a sentence a bare number is not grouped: it may be a year."""
    return "plain" if value.format == "auto" and value.expression.type.kind == "number" else None
