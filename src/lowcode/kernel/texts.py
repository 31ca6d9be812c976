"""Texts with values in them: `客户 {{ company }} 已 {{ DAYSSINCE(last_follow_up_at) }} 天未跟进`.

One small template form for everything an engine says to a person (notices, subjects, file names, paper): words, and
expressions of the one language between double braces. It has no logic of its own and runs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.currencies import amount_of
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression, Moment, Type

DIGITS = 18
"""As many as every number of 64 bits has room for."""
_PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def whole_in(text: str) -> int | None:
    """The whole number that a text is; None for any other. `isdigit` alone takes ² and ① as well, which are no numbers
    to `int`, and thousands of digits, which `int` refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


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


YES = {"en": "yes", "zh-CN": "是"}
NO = {"en": "no", "zh-CN": "否"}
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
class Said:
    """A value in a text, said as the field that it comes from is read: an option by its words, a share in percent, an
    amount of money with the sign of its currency."""

    expression: Expression
    titles: Mapping[str, Text]
    """What the options of the field are called."""
    percent: bool = False
    currency: str | None = None
    """Of an amount of money: what it is in, where no field beside it says so."""
    currency_of: Expression | None = None
    """Reads what that field says."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All that is read to say it."""
        return (self.expression,) if self.currency_of is None else (self.expression, self.currency_of)

    def said(self, record: Mapping[str, Any], moment: Moment, locale: str | None, **variables: Any) -> str:
        """What a record has of it, inside a sentence of a language."""
        value = self.expression.evaluate(record, moment, **variables)
        if self.currency is None or isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            return self.words(value, moment, locale)
        beside = None if self.currency_of is None else self.currency_of.evaluate(record, moment, **variables)
        scale = self.expression.type.scale
        return amount_of(value, beside or self.currency, MONEY_SCALE if scale is None else scale)

    def words(self, value: Any, moment: Moment, locale: str | None) -> str:
        """A value that is no amount of money."""
        if isinstance(value, bool):
            return localized(YES if value else NO, locale)
        if self.percent and isinstance(value, (Decimal, int)):
            return f"{words_of((Decimal(value) * 100).normalize(), moment)}%"
        if self.titles and isinstance(value, (list, tuple, set, frozenset)):
            return "、".join(self.words(each, moment, locale) for each in value)
        if isinstance(value, str) and value in self.titles:
            return localized(self.titles[value], locale)
        return words_of(value, moment, self.expression.type)

    @property
    def languages(self) -> Iterator[str]:
        """Those in which it is said differently."""
        yes = (YES,) if self.expression.type.kind == "boolean" else ()
        yield from (tag for each in (*self.titles.values(), *yes) if isinstance(each, Mapping) for tag in each)


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A compiled text, per language ('' when it has one language only)."""

    parts: Mapping[str, tuple[str | Said, ...]]

    @property
    def values(self) -> tuple[Said, ...]:
        """Every value in it."""
        return tuple(part for parts in self.parts.values() for part in parts if not isinstance(part, str))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in it: what must be loaded before it is rendered."""
        return tuple(each for value in self.values for each in value.expressions)

    def render(self, record: Mapping[str, Any], moment: Moment, locale: str | None = None, **variables: Any) -> str:
        """The text in one language with the values of a record."""
        chosen: Any = localized({tag: tag for tag in self.parts}, locale) if len(self.parts) > 1 else None
        parts = self.parts[chosen] if chosen is not None else next(iter(self.parts.values()), ())
        language = chosen or locale
        return "".join(
            part if isinstance(part, str) else part.said(record, moment, language, **variables) for part in parts
        )

    def render_all(self, record: Mapping[str, Any], moment: Moment, **variables: Any) -> Any:
        """The text in every language that it or a value in it has: a plain string, or a mapping by language."""
        languages: Iterable[str] = self.parts
        if list(self.parts) == [""]:
            languages = dict.fromkeys(tag for each in self.values for tag in each.languages)
            if not languages:
                return self.render(record, moment, **variables)
        return {locale: self.render(record, moment, locale, **variables) for locale in languages}
