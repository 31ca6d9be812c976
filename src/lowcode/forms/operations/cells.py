"""Values as the cells of a sheet, and cells as values: in the words people use, not in keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lowcode.forms.operations.sheets import DANGEROUS
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.plan import Field

YES_NO = {True: {"en": "yes", "zh-CN": "是"}, False: {"en": "no", "zh-CN": "否"}}
SEPARATORS = str.maketrans({"，": ",", "、": ",", ";": ",", "；": ","})
EPOCH = date(1899, 12, 30)
"""Day zero of a sheet, as every spreadsheet program counts from 1900-03-01 on."""


def titled(field: Field | None, value: Any, language: str | None) -> Any:
    """A stored key as the words of its option or state."""
    words = field.titles.get(value) if field is not None and isinstance(value, str) else None
    return value if words is None else localized(words, language)


def cell(field: Field | None, value: Any, language: str | None, zone: ZoneInfo) -> Any:
    """A value as a cell: a number, a day, a local time, or words."""
    if isinstance(value, bool):
        return localized(YES_NO[value], language)
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(titled(field, each, language)) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, str):
        return titled(field, value, language)
    return value


def value(field: Field, raw: Any, zone: ZoneInfo) -> Any:
    """What was meant by a cell, as it would be sent: whole numbers without a point, times in the app's zone."""
    if isinstance(raw, str):
        raw = raw.strip()
        if raw[:1] == "'" and raw[1:2] in DANGEROUS:
            raw = raw[1:]  # the mark that keeps a text from being read as a formula
        if raw == "":
            return None
    word = field.options_type
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if word == "date":
        return _day(raw)
    if word == "datetime":
        return _instant(raw, zone)
    if word == "time" and isinstance(raw, (datetime, timedelta)):
        return (datetime.min + raw).time() if isinstance(raw, timedelta) else raw.time()
    if word in ("multi_select", "tags") and isinstance(raw, str):
        return [part.strip() for part in raw.translate(SEPARATORS).split(",") if part.strip()]
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and field.type.kind in ("text", "choice"):
        return str(raw)
    if isinstance(raw, float):
        return str(Decimal(repr(raw)))
    if isinstance(raw, (date, datetime, time)) and field.type.kind == "text":
        return raw.isoformat()
    return raw


def _day(raw: Any) -> Any:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 2_958_466:
        return EPOCH + timedelta(days=raw)
    if isinstance(raw, str):
        text = raw.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        parts = text.split("-")
        if len(parts) == 3 and all(part.strip().isdigit() for part in parts) and len(parts[0].strip()) == 4:
            return "-".join(part.strip().zfill(2) for part in parts)
        return text
    return raw


def _instant(raw: Any, zone: ZoneInfo) -> Any:
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if isinstance(raw, date):
        return datetime.combine(raw, time(), zone)
    if isinstance(raw, str):
        head, _, tail = raw.replace("T", " ").partition(" ")
        try:
            found = datetime.fromisoformat(f"{_day(head)} {tail.strip()}".strip())
        except ValueError:
            return raw
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return raw
