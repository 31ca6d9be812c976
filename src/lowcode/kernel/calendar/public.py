"""Public holidays of countries, year by year, with the days that are worked instead (调休) where a country swaps them.

China's are data: what the State Council arranged for each year, which is settled in the autumn before. A year that is
not arranged yet is answered with the days the law names by date, and says so (`settled`). Those of other countries come
from the package `holidays`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from lowcode.kernel.reasons import Reasoned, both

BY_DATE = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Days off by law in China that need no arrangement and no moon."""


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year that are free, and those that are worked though their weekday is not."""

    free: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    settled: bool = True
    """Whether this is how the year was arranged, and not only what is known of it beforehand."""


class NoSuchCountry(Reasoned):
    """There are no holidays of this country or part of it here; the message says what to do."""


def check(country: str, region: str | None) -> None:
    """Whether the holidays of a country are here. Raises NoSuchCountry."""
    if country == "CN" and region is None:
        return
    known = _library(country).list_supported_countries()
    if country not in known:
        raise NoSuchCountry(
            both(
                f"'{country}' is not a country whose holidays are known; write it as in ISO 3166 (CN, DE)",
                f"没有“{country}”的节假日，国家请按 ISO 3166 填写（CN、DE）",
            )
        )
    if region is not None and region not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise NoSuchCountry(
            both(
                f"'{region}' is not a part of {country} with holidays of its own: {parts}",
                f"“{region}”不是 {country} 中有自己节假日的地区：{parts if known[country] else '没有'}",
            )
        )


def _library(country: str) -> Any:
    """The package that knows a country's holidays. Read when an app names such a country: reading it takes a tenth of
    the start of a process, and most need China's alone."""
    try:
        import holidays
    except ModuleNotFoundError:
        raise NoSuchCountry(
            both(
                f'the holidays of {country} need the package holidays: pip install "lowcode[holidays]"',
                f'{country} 的节假日需要程序库 holidays：pip install "lowcode[holidays]"',
            )
        ) from None
    return holidays


@cache
def countries() -> dict[str, list[str]]:
    """The countries whose holidays are here (ISO 3166), with those of their parts that have holidays of their own:
    China's alone without the package that knows the others."""
    try:
        found: dict[str, list[str]] = _library("").list_supported_countries()
    except NoSuchCountry:
        return {"CN": []}
    others = {country: parts for country, parts in sorted(found.items()) if len(country) == 2 and country != "CN"}
    return {"CN": [], **others}


@cache
def public_year(country: str, region: str | None, year: int) -> Year:
    """The public holidays of one year."""
    if country == "CN" and region is None:
        return _china().get(year) or Year(frozenset(date(year, *each) for each in BY_DATE), settled=False)
    check(country, region)
    found = _library(country).country_holidays(country, subdiv=region, years=year)
    worked = getattr(found, "weekend_workdays", ())
    return Year(frozenset(found), frozenset(each for each in worked if each.year == year))


@cache
def _china() -> dict[int, Year]:
    data = json.loads(files(__package__).joinpath("cn.json").read_text(encoding="utf-8"))
    return {
        int(year): Year(
            frozenset(date.fromisoformat(each) for each in days["free"]),
            frozenset(date.fromisoformat(each) for each in days["worked"]),
        )
        for year, days in data.items()
    }
