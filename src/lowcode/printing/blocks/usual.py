"""How the values of a field are printed where the template does not say how: as people read them, and not as they are
kept. 0.125 of a percent field is 12.5%, 90 of a length of time is an hour and a half."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.plan import Field
from lowcode.printing.blocks.formats import MONTHS, Format, Locale, show

Usual = Callable[[Any, Locale], str]

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
LENGTHS = {
    "seconds": ("秒", "s"), "minutes": ("分钟", "min"), "hours": ("小时", "h"), "days": ("天", "days"),
}  # fmt: skip
BETWEEN = "\u241f"
"""Between the names of several, until they are printed."""
HAN = re.compile(r"[\u3400-\u9fff/]+")


def usual_of(field: Field | None) -> Usual | None:
    """How the values of a field are printed; None where they are printed as any other of their type."""
    if field is None:
        return None
    options: Any = field.options
    form = getattr(options, "format", None)
    match field.options_type:
        case "percent" | "completeness":
            return _percent
        case "formula" | "rollup" if form == "percent":
            return _percent
        case "money" if options.widget == "capitals":
            return lambda value, locale: show(value, "words", locale)
        case "link_any":
            return named_with_form
        case "date" if options.precision != "day":
            return lambda value, locale: _month(value, options.precision, locale)
        case "duration":
            return lambda value, locale: _length(value, options.unit, locale)
        case "address":
            return lambda value, locale: on_letters(str(value))
    return None


def listed(value: Any, locale: Locale) -> str:
    """The names of several, with what stands between them in the language."""
    return str(value).replace(BETWEEN, "、" if locale.chinese else ", ")


def department(value: Any, locale: Locale) -> str:
    """A department by its title, several with what stands between them."""
    return listed(BETWEEN.join(locale.departments.get(each, each) for each in str(value).split(BETWEEN)), locale)


def named_with_form(value: Any, locale: Locale) -> str:
    """A record of one of several forms, as lists show it."""
    return locale.links.get(value, str(value))


def usual_format(field: Field | None, form: Format) -> Format:
    """An amount is printed as one where the template does not say how, a computed one that is shown as one too."""
    if field is None or form != "auto":
        return form
    options: Any = field.options
    plain = field.options_type == "money" and options.widget != "capitals"
    computed = field.options_type in ("formula", "rollup") and options.format == "money"
    return "money" if plain or computed else form


def _percent(value: Any, locale: Locale) -> str:
    return show(value, "percent", locale)


def _month(value: date, precision: str, locale: Locale) -> str:
    if locale.chinese:
        return f"{value.year}年" if precision == "year" else f"{value.year}年{value.month}月"
    return str(value.year) if precision == "year" else f"{MONTHS[value.month - 1]} {value.year}"


def _length(value: Decimal, unit: str, locale: Locale) -> str:
    """Hours and minutes, where it is an hour at least and whole minutes; else the number and its unit."""
    total = Decimal(value) * SECONDS[unit]
    hours, rest = divmod(total, 3600)
    if unit == "days" or hours < 1 or rest % 60:
        chinese, english = LENGTHS[unit]
        return f"{show(value, 'plain', locale)} {chinese if locale.chinese else english}"
    minutes = int(rest // 60)
    if locale.chinese:
        return f"{int(hours)} 小时" + (f" {minutes} 分" if minutes else "")
    return f"{int(hours)} h" + (f" {minutes} min" if minutes else "")


def on_letters(text: str) -> str:
    """An address as on a letter: 浙江省杭州市西湖区文三路 1 号; one without a region of the list as it is."""
    region, _, street = text.partition(" ")
    return region.replace("/", "") + street if "/" in region and HAN.fullmatch(region) else text
