"""Numbers, days and times of day as people write them in sheets: ¥1,200.50, 1.2万, 下午3点, 三月五日, Thu 5 Mar 2026.

A text means one thing, or is refused: of one that means two, both are named (`Unclear`). The page reads what is pasted
the same way (`form/spoken.ts`), and one corpus holds both: `tests/conformance/forms/spoken.json`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lowcode.kernel.currencies import PLACES


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text that means two things, as they would be written plainly."""

    first: str
    second: str


Found = str | Unclear | None

ANSWERS: Mapping[str, bool] = {
    "是": True, "√": True, "✓": True, "yes": True, "y": True, "true": True, "1": True, "x": True,
    "否": False, "×": False, "no": False, "n": False, "false": False, "0": False, "-": False,
}  # fmt: skip
"""Yes and no, and the marks for them."""


def answer(text: str) -> bool | None:
    """Yes or no."""
    return ANSWERS.get(text.strip().lower())


TENS: Mapping[str, int] = {
    "%": -2, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11,
    "万亿": 12,
}  # fmt: skip
"""Powers of ten that have a sign of their own."""
SIGNS = str.maketrans({"−": "-", "－": "-", "萬": "万", "億": "亿", "圆": "元"})
_MONEY = re.compile(r"\s|人民币|(?:HK|US|NT|RMB|CN)?[¥$€£]|元[整正]?(?=\)?$)|RMB")
_CODE = re.compile(r"(?<![0-9A-Z])[A-Z]{3}(?![A-Z])|[A-Z]{3}(?=\)?$)")
_NUMBER = re.compile(rf"(\()?([-+]?)([0-9]*\.?[0-9]+|[0-9]+\.)({'|'.join(sorted(TENS, key=len, reverse=True))})?(\))?")
_GROUPED = re.compile(r"[^0-9,.]*[1-9][0-9]{0,2}(,[0-9]{3})+(?![0-9,])[^,]*")
"""Commas stand before three digits each, and before the point."""
_FRACTION = re.compile(r"[^0-9,]*0")
"""No thousands begin with nothing: the comma is the point."""
LONGEST = 40
"""Characters; whatever is longer is no number, day or time."""


def number(text: str) -> Found:
    """A number: signs of currencies, commas, full-width digits, 万 and 亿, parentheses for what is below nothing."""
    bare = _MONEY.sub("", unicodedata.normalize("NFKC", text[: LONGEST + 1]).translate(SIGNS))
    bare = _CODE.sub(lambda found: "" if found[0] in PLACES else found[0], bare)
    if len(text) > LONGEST:
        return None
    if "," in bare and not _GROUPED.fullmatch(bare):
        if bare.count(",") > 1 or "." in bare:
            return None
        point, whole = _sized(bare.replace(",", ".")), _sized(bare.replace(",", ""))
        if _FRACTION.match(bare):
            return point
        return Unclear(point, whole) if point is not None and whole is not None else None
    return _sized(bare.replace(",", ""))


def _sized(plain: str) -> str | None:
    found = _NUMBER.fullmatch(plain)
    if found is None or (found[1] is None) != (found[5] is None):
        return None
    sign = "-" if found[1] or found[2] == "-" else ""
    size = found[3].removesuffix(".")
    return sign + (_shifted(size, TENS[found[4]]) if found[4] else size)


def _shifted(size: str, places: int) -> str:
    """The point moved to the right, to the left when negative."""
    whole, _, part = size.partition(".")
    point = len(whole) + places
    digits = ("0" * max(0, -point) + whole + part).ljust(point, "0")
    head, tail = digits[: max(0, point)].lstrip("0") or "0", digits[max(0, point) :].rstrip("0")
    return f"{head}.{tail}" if tail else head


NUMERALS: Mapping[str, int] = {each: value for value, each in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERALS = re.compile(r"[〇零一二两三四五六七八九十]+(?=[年月日号点时分秒刻]|$)")
_WEEKDAY = re.compile(
    r"\(?(?:(?:星期|周|週|礼拜)([一二三四五六日天])"
    r"|(?<![a-z])(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?(?![a-z])\.?,?)\)?",
    re.IGNORECASE,
)
WEEKDAYS: Mapping[str, int] = {
    **{each: place for place, each in enumerate("一二三四五六日")}, "天": 6,
    **{each: place for place, each in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR_FIRST = re.compile(
    r"([0-9]{4})(?:\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(\s*[日号])?|([0-9][0-9])([0-9][0-9]))"
)
_NO_YEAR = re.compile(r"([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_MONTH = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+([0-9]{{4}})", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"{_MONTH}\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)([0-9]{{4}})", re.IGNORECASE)
HALVES: Mapping[str, tuple[int, int]] = {
    "上午": (0, 11), "am": (0, 11), "凌晨": (0, 6), "清晨": (4, 11), "早上": (4, 11), "早晨": (4, 11), "中午": (11, 14),
    "下午": (12, 23), "pm": (12, 23), "傍晚": (16, 20), "晚上": (17, 23),
}  # fmt: skip
"""Parts of a day: the hours in them, first and last."""
_CLOCK = re.compile(
    rf"({'|'.join(HALVES)})?\s*([0-9]{{1,2}})(?::([0-9][0-9])(?::([0-5][0-9]))?"
    r"|\s*([点时])\s*(?:(半)|([13])刻|整|([0-9]{1,2})\s*分?(?:\s*([0-9]{1,2})\s*秒)?)?)?\s*(?:([ap])\.?m\.?)?",
    re.IGNORECASE,
)


def clock(text: str) -> Found:
    """A time of day: 14:30, 2:30 PM, 下午3点, 上午九点半. An hour of a clock face alone (3点) may be two."""
    return _clock(_numerals(unicodedata.normalize("NFKC", text).strip())) if len(text) <= LONGEST else None


def _numerals(text: str) -> str:
    return _NUMERALS.sub(lambda found: _digits(found[0]), text)


def _digits(numeral: str) -> str:
    """三十一 as 31, 二〇二六 as 2026."""
    if "十" not in numeral:
        return "".join(str(NUMERALS[each]) for each in numeral)
    head, _, tail = numeral.partition("十")
    if len(head) > 1 or len(tail) > 1 or tail == "十":
        return numeral
    return str((NUMERALS[head] if head else 1) * 10 + (NUMERALS[tail] if tail else 0))


def _clock(text: str) -> Found:
    found = _CLOCK.fullmatch(text)
    if found is None or (found[3] is None and found[5] is None and found[10] is None):
        return None
    half = (found[1] or (found[10] and f"{found[10]}m") or "").lower()
    minute = 30 if found[6] else int(found[7]) * 15 if found[7] else int(found[3] or found[8] or 0)
    second = int(found[4] or found[9] or 0)
    hour = int(found[2])
    if hour > 23 or minute > 59 or second > 59:
        return None
    meant = [hour] if not half and (found[3] is not None or found[2][0] == "0" or found[5] == "时") else _hours(hour)
    low, high = HALVES[half] if half else (0, 23)
    said = [f"{each:02}:{minute:02}" + (f":{second:02}" if second else "") for each in meant if low <= each <= high]
    return None if not said else said[0] if len(said) == 1 else Unclear(said[0], said[1])


def _hours(hour: int) -> list[int]:
    """What the hour of a clock face may be."""
    return [hour, 0] if hour == 12 else [hour, hour + 12] if 0 < hour < 12 else [hour]


def moment(text: str, today: date) -> tuple[str | Unclear, Found] | None:
    """A day and the time at it, if there is one: 2026-3-5, 20260305, 2026年3月5日星期四 14:30, 三月五日, 5 Mar 2026."""
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    named = _WEEKDAY.search(plain)
    weekday = WEEKDAYS[(named[1] or named[2]).lower()] if named else None
    plain = _numerals(_WEEKDAY.sub(" ", plain, count=1).strip() if named else plain)
    for pattern, days in WAYS:
        found = pattern.match(plain)
        if found is None:
            continue
        rest = plain[found.end() :]
        if rest[:1].isdigit() and plain[found.end() - 1] not in "日号":
            return None
        day, rest = _decided(days(found, today), weekday), rest.strip().removeprefix("T").strip()
        hour = _clock(rest) if rest else None
        return None if day is None or (rest and hour is None) else (day, hour)
    return None


def _decided(days: Iterable[date | None], weekday: int | None) -> str | Unclear | None:
    """The day that is meant: the weekday that is said with it chooses, and must fit."""
    known = [each for each in days if each is not None]
    if not known:
        return None
    if weekday is not None:
        fit = [each for each in known if each.weekday() == weekday]
        off = (weekday - known[0].weekday() + 3) % 7 - 3
        known = fit or [known[0], known[0] + timedelta(days=off)]
    said = [each.isoformat() for each in dict.fromkeys(known)]
    return said[0] if len(said) == 1 else Unclear(said[0], said[1])


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _year_first(found: re.Match[str], _: date) -> list[date | None]:
    return [_day(found[1], found[2] or found[5], found[3] or found[6])] if int(found[1]) >= 1000 else []


def _no_year(found: re.Match[str], today: date) -> list[date | None]:
    """The last such day, and the next."""
    days = [_day(today.year + off, found[1], found[2]) for off in (-1, 0, 1)]
    known = [each for each in days if each is not None]
    return [*[each for each in known if each <= today][-1:], *[each for each in known if each > today][:1]]


def _year_last(found: re.Match[str], _: date) -> list[date | None]:
    """The day may stand first or second."""
    return [_day(found[4], found[3], found[1]), _day(found[4], found[1], found[3])]


def _day_month(found: re.Match[str], _: date) -> list[date | None]:
    return [_day(found[3], MONTHS.index(found[2][:3].lower()) + 1, found[1])]


def _month_day(found: re.Match[str], _: date) -> list[date | None]:
    return [_day(found[3], MONTHS.index(found[1][:3].lower()) + 1, found[2])]


WAYS = (
    (_YEAR_FIRST, _year_first), (_NO_YEAR, _no_year), (_YEAR_LAST, _year_last), (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
)  # fmt: skip
