"""What was counted for one answer, so that nothing is counted twice.

A total, a share, a level of a cross table ask for groups that are made of groups already known: those are added up,
where that is exact (`reports.parts`). Everything else is a question of its own at its own level: a count of different
values, a middle value, a dimension over a set, more groups than are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression
from lowcode.reports.operations.query import GROUP_LIMIT, counted
from lowcode.reports.parts import Counted
from lowcode.reports.plan import Facts
from lowcode.reports.run import Key


@dataclass(frozen=True, slots=True)
class Scan:
    """Groups that are known: by which dimensions, of which measures."""

    dimensions: tuple[Expression, ...]
    measures: tuple[str, ...]
    found: Counted

    def answer(self, dimensions: Sequence[Expression], measures: Sequence[str]) -> Counted | None:
        """Some of the measures by some of the dimensions; None when these groups do not add up to those."""
        known = [each.text for each in self.dimensions]
        places = [known.index(each.text) for each in dimensions if each.text in known]
        which = [self.measures.index(each) for each in measures if each in self.measures]
        if len(places) < len(dimensions) or len(which) < len(measures) or len(self.found.groups) >= GROUP_LIMIT:
            return None
        lost = [each for at, each in enumerate(self.dimensions) if at not in places]
        found = self.found.of(which)
        if not lost and places == sorted(places):
            return found
        if any(each.type.kind == "multi" for each in lost) or not all(each.adds for each in found.measures):
            return None
        return found.at(places)


class Scans:
    """The groups that were counted for one answer."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[Any, list[Scan]] = {}

    def grouped(
        self, facts: Facts, used: Sequence[str], values: Mapping[str, Any], *, whole: bool = False
    ) -> dict[Key, list[Any]]:
        """The measures of every group, or of the whole; `used` names the filters in force."""
        moment = self._context.moment()
        dimensions = () if whole else facts.dimensions
        measures = tuple(each.text for _, each in facts.measures)
        conditions = tuple(facts.filters[name].text for name in used if name != "period")
        key = (
            facts.record, facts.where and facts.where.text, facts.period and facts.period.text, tuple(used), conditions,
            tuple(sorted(values.items(), key=lambda pair: pair[0])),
        )  # fmt: skip
        scans = self._known.setdefault(key, [])
        for scan in scans:
            known = scan.answer(dimensions, measures)
            if known is not None:
                return known.finished(moment)
        found = counted(self._context, facts, used, values, whole=whole)
        scans.append(Scan(dimensions, measures, found))
        return found.finished(moment)
