"""One field of a public form as HTML: the browser's own controls, so that a phone brings its keyboard and pickers."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from lowcode.forms.public.files import in_words
from lowcode.forms.public.plan import FILES
from lowcode.kernel.diagnostics import localized

INPUTS: Mapping[str, str] = {
    "text": 'type="text"', "email": 'type="email" inputmode="email" autocomplete="email"',
    "phone": 'type="tel" inputmode="tel" autocomplete="tel"', "url": 'type="url" inputmode="url"',
    "id_card": 'type="text" autocapitalize="characters"', "barcode": 'type="text"',
    "integer": 'type="text" inputmode="numeric"', "number": 'type="text" inputmode="decimal"',
    "money": 'type="text" inputmode="decimal"', "percent": 'type="text" inputmode="decimal"', "date": 'type="date"',
    "datetime": 'type="datetime-local"', "time": 'type="time"',
}  # fmt: skip
"""By field type: a line to type in."""
PARTS: Mapping[str, tuple[str, int]] = {
    "month": ('type="month" placeholder="2026-03"', 7),
    "year": ('type="text" inputmode="numeric" maxlength="4"', 4),
}
"""A day that counts as its month or its year: what it is typed into, and so many characters of it."""
STARS = 5
SCALE = 11
"""A whole number of so many at most is pressed and not typed: 0 to 10, as surveys ask."""
TAKEN: Mapping[str, Mapping[str, str]] = {
    "one": {"en": "One file, {limit} at most", "zh-CN": "1 个文件，不超过 {limit}"},
    "many": {"en": "Up to {most} files, each {limit} at most", "zh-CN": "最多 {most} 个文件，每个不超过 {limit}"},
}


def control(
    field: Mapping[str, Any], title: str, language: str, offered: list[dict[str, Any]] | None, preset: str | None,
    choose: str, needed: bool,
) -> tuple[str, bool]:  # fmt: skip
    """The control of a field, and whether it is a group of several."""
    name, kind = str(field["name"]), str(field["type"])
    value = preset if preset is not None else _default(field)
    common = f'id="f-{name}" {described(name, field.get("help"))}'
    if needed:
        common += ' aria-required="true"'
    if kind == "long_text":
        return f'<textarea {common} rows="4"{_length(field)}>{escape(value)}</textarea>', False
    if kind in ("select", "link"):
        return _select(field, common, language, offered, value, choose), False
    if kind == "boolean":
        star = f'<span class="star" aria-hidden="true"{"" if needed else " hidden"}>*</span>'
        ticked = " checked" if value.lower() == "true" else ""
        drawn = f'<input type="checkbox" {common}{ticked}><span>{escape(title)}{star}</span>'
        return f'<label class="tick">{drawn}</label>', False
    if kind in FILES:
        return _files(field, common, language), False
    if kind in ("multi_select", "tags") and field.get("options"):
        return _ticks(field, language, value), True
    if kind == "rating":
        return _stars(name, int(field.get("max") or STARS), value), True
    if kind == "integer" and (numbers := scale(field)):
        return _scale(name, numbers, value), True
    typed, length = INPUTS.get(kind, INPUTS["text"]), _length(field)
    if kind == "date" and (part := PARTS.get(field.get("precision") or "day")):
        typed, value = part[0], value[: part[1]]
    drawn = f'<input {typed} {common}{length} value="{escape(value)}">'
    unit = _unit(field, kind, language)
    return (f'<span class="unit">{drawn}<span>{escape(unit)}</span></span>' if unit else drawn), False


def scale(field: Mapping[str, Any]) -> range | None:
    """The numbers of a field that has few of them."""
    low, high = field.get("min"), field.get("max")
    few = isinstance(low, int) and isinstance(high, int) and 1 < high - low < SCALE and not field.get("unit")
    return range(low, high + 1) if few else None  # type: ignore[arg-type, operator]


def described(name: str, help_: Any) -> str:
    """What is read aloud with a control: the help of its field, and what is wrong."""
    return f'aria-describedby="{f"h-{name} " if help_ else ""}e-{name}"'


def _unit(field: Mapping[str, Any], kind: str, language: str) -> str:
    """What stands behind a number."""
    if kind == "percent":
        return "%"
    return str(field.get("currency") or "") if kind == "money" else localized(field.get("unit") or "", language)


def _files(field: Mapping[str, Any], common: str, language: str) -> str:
    """A control that files are chosen with; what was chosen stands in a list below, made by the page's script."""
    said = localized(TAKEN["many" if field["most"] > 1 else "one"], language)
    said = said.replace("{most}", str(field["most"])).replace("{limit}", in_words(field["largest"]))
    kinds = f' accept="{escape(",".join(field["takes"]))}"' if field["takes"] else ""
    many = " multiple" if field["most"] > 1 else ""
    return (
        f'<input type="file" {common}{kinds}{many} data-most="{field["most"]}" data-largest="{field["largest"]}">'
        f'<p class="help">{escape(said)}</p><ul class="files" id="l-{field["name"]}" aria-live="polite"></ul>'
    )


def _default(field: Mapping[str, Any]) -> str:
    value = field.get("default")
    return "" if value is None else str(value)


def _length(field: Mapping[str, Any]) -> str:
    return f' maxlength="{int(field["max_length"])}"' if field.get("max_length") else ""


def _options(field: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(each["name"], localized(each.get("title") or each["name"], language)) for each in field.get("options", ())]


def _select(
    field: Mapping[str, Any], common: str, language: str, offered: list[dict[str, Any]] | None, value: str, choose: str
) -> str:  # fmt: skip
    known = _options(field, language) if offered is None else [(str(each["id"]), each["label"]) for each in offered]
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == value else ""}>{escape(words)}</option>'
        for name, words in known
    )
    return f'<select {common}><option value="">{escape(choose)}</option>{options}</select>'


def _ticks(field: Mapping[str, Any], language: str, value: str) -> str:
    chosen = set(value.split(","))
    return '<div class="ticks">' + "".join(
        f'<label class="tick"><input type="checkbox" value="{escape(name)}"{" checked" if name in chosen else ""}>'
        f"<span>{escape(words)}</span></label>"
        for name, words in _options(field, language)
    ) + "</div>"  # fmt: skip


def _stars(name: str, most: int, value: str) -> str:
    """From the highest to the lowest, so that those up to the chosen one follow it and can be coloured."""
    return '<div class="stars">' + "".join(
        f'<input type="radio" name="r-{name}" id="r-{name}-{number}" value="{number}"'
        f'{" checked" if value == str(number) else ""}><label for="r-{name}-{number}" title="{number}">★</label>'
        for number in range(most, 0, -1)
    ) + "</div>"  # fmt: skip


def _scale(name: str, numbers: range, value: str) -> str:
    """From the lowest to the highest, each to be pressed."""
    return '<div class="scale">' + "".join(
        f'<label><input type="radio" name="r-{name}" value="{number}"{" checked" if value == str(number) else ""}>'
        f"<span>{number}</span></label>"
        for number in numbers
    ) + "</div>"  # fmt: skip
