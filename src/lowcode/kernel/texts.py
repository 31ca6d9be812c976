"""Texts with values in them: `客户 {{ company }} 已 {{ DAYSSINCE(last_follow_up_at) }} 天未跟进`.

One small template form for everything an engine says to a person (notices, subjects, file names, paper): words, and
expressions of the one language between double braces. It has no logic of its own and runs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.expressions import Expression, Moment, Type

_PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def split_template(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a text: (False, words) or (True, expression)."""
    position = 0
    for found in _PART.finditer(text):
        if found.start() > position:
            yield False, text[position : found.start()]
        yield True, found.group(1).strip()
        position = found.end()
    if position < len(text):
        yield False, text[position:]


MONEY_SCALE = 2
"""Numbers kept to the cent are sums of money, or read like them."""


def words_of(value: Any, moment: Moment, type_: Type | None = None) -> str:
    """A value as a person reads it inside a sentence: no exponent, local time, nothing for a blank, 43,092.00."""
    if value is None:
        return ""
    if isinstance(value, (Decimal, int)) and type_ is not None and (type_.kind, type_.scale) == ("number", MONEY_SCALE):
        return f"{value:,.2f}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(moment.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(words_of(each, moment) for each in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A compiled text, per language ('' when it has one language only)."""

    parts: Mapping[str, tuple[str | Expression, ...]]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in it: what must be loaded before it is rendered."""
        return tuple(part for parts in self.parts.values() for part in parts if not isinstance(part, str))

    def render(self, record: Mapping[str, Any], moment: Moment, locale: str | None = None, **variables: Any) -> str:
        """The text in one language with the values of a record."""
        chosen: Any = localized({tag: tag for tag in self.parts}, locale) if len(self.parts) > 1 else None
        parts = self.parts[chosen] if chosen is not None else next(iter(self.parts.values()), ())
        return "".join(
            part if isinstance(part, str) else words_of(part.evaluate(record, moment, **variables), moment, part.type)
            for part in parts
        )

    def render_all(self, record: Mapping[str, Any], moment: Moment, **variables: Any) -> Any:
        """The text in every language it has: a plain string, or a mapping by language."""
        if list(self.parts) == [""]:
            return self.render(record, moment, **variables)
        return {locale: self.render(record, moment, locale, **variables) for locale in self.parts}
