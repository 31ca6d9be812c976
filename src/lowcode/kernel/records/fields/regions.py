"""Provinces, cities and districts of China as data: `regions.json`, and `region_codes.json` with the codes of GB/T
2260; `python -m tools.regions` writes both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from lowcode.kernel.records.fields.invalid import Invalid

Tree = Mapping[str, Any]

SHORTER = re.compile("(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|[省市区县])$")
"""What people leave away at the end of a name."""
NOT_REGION = {"en": "there is no '{seen}' in {within}", "zh-CN": "{within}没有“{seen}”"}
NOT_CODE = {"en": "no province, city or district has the code {seen}", "zh-CN": "没有代码为 {seen} 的省、市或区县"}
TOO_FAR = {"en": "at most {limit} levels", "zh-CN": "最多 {limit} 级"}


@cache
def tree() -> Tree:
    """Name of a province to its cities, each to the list of its districts; where there is no city, to districts."""
    found: Tree = json.loads(files(__package__).joinpath("regions.json").read_text(encoding="utf-8"))
    return found


@cache
def codes() -> Mapping[str, str]:
    """The name that each code stands for: two digits a province, four a city, six a district."""
    found: Mapping[str, str] = json.loads(files(__package__).joinpath("region_codes.json").read_text(encoding="utf-8"))
    return found


def by_code(code: str) -> list[str]:
    """The way of names to a place, by its code: 33, 330106, or filled up with zeros as lists write them: 330000,
    330106000000."""
    known, short = codes(), code
    while len(short) > 2 and short.endswith("00"):
        short = short[:-2]
    if short not in known:
        raise Invalid("records.no-region-code", NOT_CODE, seen=code)
    return [known[short[:length]] for length in (2, 4, 6) if length <= len(short) and short[:length] in known]


def under(way: Sequence[str]) -> Sequence[str] | None:
    """What lies one step below a way of names; None when there is no such way."""
    level: Any = tree()
    for step in way:
        if step not in level:
            return None
        level = level[step] if isinstance(level, Mapping) else ()
    return list(level)


def full_name(step: str, names: Sequence[str]) -> str | None:
    """The name meant by a step as people shorten it: 浙江 for 浙江省, 广西 for 广西壮族自治区."""
    if step in names:
        return step
    found = [name for name in names if len(step) >= 2 and name.startswith(step)]
    return found[0] if len(found) == 1 else None


def placed(text: str) -> tuple[list[str], str]:
    """The way of names that an address begins with, however it is shortened, and what follows it: 宁波市鄞州区科技路
    88 号 is in 浙江省/宁波市/鄞州区. No way where none is named."""
    way: list[str] = []
    rest = text.strip().removeprefix("中国")
    while True:
        below = under(way) or ()
        steps = _begun(rest, [[each] for each in below]) or _begun(rest, _further(way, below), shorter=bool(way))
        if steps is None:
            again = way and len(way) == 1 and rest.startswith(way[0])  # 北京市北京市朝阳区
            if not again:
                return way, rest.strip()
            rest = rest.removeprefix(way[0])
            continue
        found, length = steps
        way, rest = [*way, *found], rest[length:].lstrip("/ ")


def _further(way: Sequence[str], below: Sequence[str]) -> list[list[str]]:
    """Ways of two steps: who names a city leaves its province out, who names a county its city."""
    ways = [[each, further] for each in below for further in under([*way, each]) or ()]
    return ways if way else [each for each in ways if not each[-1].endswith(("区", "县"))]


def _begun(text: str, ways: Sequence[Sequence[str]], *, shorter: bool = True) -> tuple[Sequence[str], int] | None:
    """The way whose last name a text begins with, and how many characters that takes; the longest counts, and none
    where two have it. `shorter`: or with what people leave of it."""
    for short in (False, True) if shorter else (False,):
        named = [(way, SHORTER.sub("", way[-1]) if short else way[-1]) for way in ways]
        fits = [(way, len(name)) for way, name in named if len(name) > 1 and text.startswith(name)]
        longest = [(way, length) for way, length in fits if length == max(each for _, each in fits)]
        if longest:
            return longest[0] if len(longest) == 1 else None
    return None


def in_full(names: list[str], levels: int) -> list[str]:
    """The way of full names, from names or from one code. A step that a municipality does not have is left out:
    北京市/北京市/朝阳区."""
    if len(names) == 1 and names[0].isascii() and names[0].isdigit():
        names = by_code(names[0])
    way: list[str] = []
    for step in names:
        below = under(way) or ()
        found = full_name(step, below)
        if found is None and way and step in (way[-1], "市辖区", "县"):
            continue
        if found is None:
            raise Invalid("records.not-region", NOT_REGION, seen=step, within="/".join(way) or "中国")
        way.append(found)
    if len(way) > levels:
        raise Invalid("records.region-too-far", TOO_FAR, limit=levels)
    return way
