"""Values as the cells of a sheet, and cells as values: in the words people use, not in keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lowcode.forms.operations import spoken
from lowcode.forms.operations.sheets import DANGEROUS
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.records.plan import Field
from lowcode.kernel.workbooks import ERRORS, UNCOMPUTED

YES_NO = {True: {"en": "yes", "zh-CN": "是"}, False: {"en": "no", "zh-CN": "否"}}
SEPARATES = ",，、;；"
_PART = re.compile(rf'\s*(?:"((?:[^"]|"")*)"\s*|([^{SEPARATES}]*))(?:[{SEPARATES}]|$)')
AS_THEY_ARE = frozenset({str, int, Decimal, date})
EPOCH = date(1899, 12, 30)
"""Day zero of a sheet, as every spreadsheet program counts from 1900-03-01 on."""
SERIALS = 2_958_466
"""The number of the day after 9999-12-31 in a sheet."""


def titled(field: Field | None, value: Any, language: str | None) -> Any:
    """A stored key as the words of its option or state."""
    words = field.titles.get(value) if field is not None and isinstance(value, str) else None
    return value if words is None else localized(words, language)


def joined(names: Iterable[str]) -> str:
    """Several names in one cell; one that holds what separates them stands in quotation marks."""
    return ", ".join(
        '"' + each.replace('"', '""') + '"' if each[:1] == '"' or any(sign in each for sign in SEPARATES) else each
        for each in names
    )


def parted(text: str) -> list[str]:
    """The names in a cell, with what separates them in Chinese or English between; what stands in quotation marks is
    one of them."""
    found = (quoted.replace('""', '"') or plain.strip() for quoted, plain in _PART.findall(text))
    return [each for each in found if each]


def cell(field: Field | None, value: Any, language: str | None, zone: ZoneInfo) -> Any:
    """A value as a cell: a number, a day, a local time, or words."""
    if isinstance(value, bool):
        return localized(YES_NO[value], language)
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, (list, tuple)):
        return joined(str(titled(field, each, language)) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, str):
        return titled(field, value, language)
    return value


def cell_column(field: Field | None, values: list[Any], language: str | None, zone: ZoneInfo) -> list[Any]:
    """The values of a column as cells; most stay as they are."""
    kind = field.type.kind if field is not None else ""
    if field is not None and field.titles and kind in ("text", "choice"):
        said: dict[Any, Any] = {}
        for each in set(map(_key, values)):
            if isinstance(each, str):
                said[each] = titled(field, each, language)
        return [said[each] if isinstance(each, str) else cell(field, each, language, zone) for each in values]
    if kind in ("text", "number", "date") and all(each is None or each.__class__ in AS_THEY_ARE for each in values):
        return values
    return [None if each is None else cell(field, each, language, zone) for each in values]


def _key(value: Any) -> Any:
    return value if isinstance(value, str) else None


EXACT = 10**15
"""From here on a spreadsheet program has no room for all digits: it keeps fifteen."""
_POWER = re.compile(r"\d(\.\d+)?E\+\d{1,3}")
"""A long number as a spreadsheet program writes it where text was meant."""
FAULTS: Mapping[str, Text] = {
    "formula-error": {
        "en": "the formula in this cell ends in an error; correct it in the file, or type what is meant",
        "zh-CN": "该单元格的公式出错；请在文件中改正，或直接填写正确内容",
    },
    "no-result": {
        "en": "this cell has a formula without a result; open the file in Excel and save it, or type what is meant",
        "zh-CN": "该单元格的公式没有计算结果；请用 Excel 打开并保存文件，或直接填写正确内容",
    },
    "digits-lost": {
        "en": "Excel has rounded this number, as it keeps fifteen digits; format the column as text and enter it again",
        "zh-CN": "Excel 只保留 15 位数字，该号码已被改动；请将该列设为文本格式后重新填写",
    },
}


def faults(field: Field, column: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """The cells of a column, by place, whose content the file has lost already; each with the word for why."""
    if not ERRORS.isdisjoint(column):
        yield from ((place, "formula-error") for place, each in enumerate(column) if each in ERRORS)
    if UNCOMPUTED in column:
        yield from ((place, "no-result") for place, each in enumerate(column) if each == UNCOMPUTED)
    if field.type.kind == "text":
        kinds = set(map(type, column))
        if float in kinds or int in kinds:
            numbers = ((place, each) for place, each in enumerate(column) if each.__class__ in (float, int))
            yield from ((place, "digits-lost") for place, each in numbers if abs(each) >= EXACT)
        if str in kinds:
            texts = ((place, each) for place, each in enumerate(column) if each.__class__ is str and "E+" in each)
            yield from ((place, "digits-lost") for place, each in texts if _POWER.fullmatch(each.strip()))


Reader = Callable[[Any], Any]
ColumnReader = Callable[[Iterable[Any]], list[Any]]


UNCLEAR = {
    "en": "'{seen}' may mean {first} or {second}: write the one that is meant",
    "zh-CN": "“{seen}”可能是 {first}，也可能是 {second}，请明确填写其中一个",
}
AMOUNTS = frozenset({"integer", "money", "number", "percent", "rating"})
"""Types of fields whose numbers are written as people write numbers."""


def reader(field: Field, zone: ZoneInfo, today: date) -> Reader:
    """What makes of a cell of a column what was meant by it, as it would be sent: whole numbers without a point, times
    in the app's zone. What may mean two things is `Unclear`."""
    return _reader(_meant(field, zone, today))


def _reader(meant: Reader) -> Reader:
    def read(raw: Any) -> Any:
        kind = raw.__class__
        if kind is str:
            raw = raw.strip()
            if raw[:1] == "'" and raw[1:2] in DANGEROUS:
                raw = raw[1:]  # the mark that keeps a text from being read as a formula
            if raw == "":
                return None
        elif raw is None:
            return None
        elif kind is float and raw.is_integer():
            raw = int(raw)
        return meant(raw)

    return read


def column_reader(field: Field, zone: ZoneInfo, today: date) -> ColumnReader:
    """The same for many cells: what stands in most of them is understood where it stands."""
    meant = _meant(field, zone, today)
    read = _reader(meant)
    if meant in (_text, _choice):  # a text is meant as it is
        return lambda column: [
            None if v is None
            else t or None if v.__class__ is str and (t := v.strip())[:1] != "'"
            else read(v)
            for v in column
        ]  # fmt: skip
    if meant in (_number, _amount):
        return lambda column: [
            None if v is None
            else (int(v) if v.is_integer() else Decimal(repr(v))) if v.__class__ is float
            else read(v)
            for v in column
        ]  # fmt: skip
    if field.options_type == "date":
        return lambda column: [
            None if v is None else v if v.__class__ is date else v.date() if v.__class__ is datetime else read(v)
            for v in column
        ]
    return lambda column: [None if v is None else read(v) for v in column]


def unclear(column: Sequence[Any]) -> Iterator[tuple[int, spoken.Unclear]]:
    """What was read of a column and may mean two things, by place."""
    if spoken.Unclear in set(map(type, column)):
        yield from ((place, each) for place, each in enumerate(column) if each.__class__ is spoken.Unclear)


def _meant(field: Field, zone: ZoneInfo, today: date) -> Reader:
    """How the cells of a field are understood, blanks and marks apart."""
    match field.options_type:
        case "date":
            return lambda raw: _day(raw, today)
        case "datetime":
            return lambda raw: _instant(raw, zone, today)
        case "time":
            return _time
        case "boolean":
            return _answer
        case "multi_select" | "tags":
            return _several
    if field.options_type in AMOUNTS:
        return _amount
    if field.type.kind in ("text", "choice"):
        return _text if field.type.kind == "text" else _choice
    return _number


def _number(raw: Any) -> Any:
    return Decimal(repr(raw)) if raw.__class__ is float else raw


def _amount(raw: Any) -> Any:
    if raw.__class__ is str and not raw.isdecimal():
        found = spoken.number(raw)
        return raw if found is None else found
    return _number(raw)


def _answer(raw: Any) -> Any:
    found = spoken.answer(raw) if raw.__class__ is str else None
    return _number(raw) if found is None else found


def _choice(raw: Any) -> Any:
    return str(raw) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else raw


def _text(raw: Any) -> Any:
    if raw.__class__ is str:
        return raw
    return raw.isoformat() if isinstance(raw, (date, datetime, time)) else _choice(raw)


def _time(raw: Any) -> Any:
    if isinstance(raw, timedelta):
        return (datetime.min + raw).time()
    if raw.__class__ is str:
        found = spoken.clock(raw)
        return raw if found is None else found
    return raw.time() if isinstance(raw, datetime) else _number(raw)


def _several(raw: Any) -> Any:
    if isinstance(raw, str):
        return parted(raw)
    return _number(raw)


def _day(raw: Any, today: date) -> Any:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, int) and not isinstance(raw, bool):
        if 0 < raw < SERIALS:
            return EPOCH + timedelta(days=raw)
        raw = str(raw) if raw > SERIALS else raw
    if isinstance(raw, str):
        found = spoken.moment(raw, today)
        return raw if found is None else found[0]
    return raw


def _instant(raw: Any, zone: ZoneInfo, today: date) -> Any:
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if isinstance(raw, date):
        return datetime.combine(raw, time(), zone)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 < raw < SERIALS:
        return (datetime.combine(EPOCH, time()) + timedelta(seconds=round(raw * 86_400))).replace(tzinfo=zone)
    if not isinstance(raw, str):
        return raw
    found = spoken.moment(raw, today)
    if found is None:
        return _written(raw, zone, today)
    day, hour = found
    if isinstance(day, spoken.Unclear):
        return day
    if isinstance(hour, spoken.Unclear):
        return spoken.Unclear(f"{day} {hour.first}", f"{day} {hour.second}")
    return datetime.fromisoformat(f"{day}T{hour or '00:00'}").replace(tzinfo=zone)


def _written(raw: str, zone: ZoneInfo, today: date) -> Any:
    """An instant as programs write it: to a part of a second, with its distance from Greenwich."""
    head, _, tail = raw.replace("T", " ").partition(" ")
    hour, colon, rest = tail.strip().partition(":")
    try:
        found = datetime.fromisoformat(f"{_day(head, today)} {hour.zfill(2)}{colon}{rest}")
    except ValueError:
        return raw
    return found if found.tzinfo else found.replace(tzinfo=zone)
