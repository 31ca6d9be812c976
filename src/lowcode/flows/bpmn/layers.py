"""Where the steps of one level stand: rows by their distance from the start, and ways around what lies between. The
page draws by the same rules (`runtime/src/flows/layers.ts`); both are held to `tests/conformance/flows/layers.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LANE = 14
SWEEPS = 6

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to another; it leaves so far from the middle of its step."""

    source: str
    target: str
    leaves: float = 0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large steps are, how far apart in a row (`gap`) and from row to row (`rise`); `boxes` are those of another
    size."""

    width: float
    height: float
    gap: float
    rise: float
    boxes: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, id: str) -> tuple[float, float]:
        """Width and height of a step."""
        return self.boxes.get(id, (self.width, self.height))


@dataclass(frozen=True, slots=True)
class Layout:
    """`at` is the middle of each step, `ways` the points each arrow goes through: never over a step."""

    width: float
    height: float
    at: Mapping[str, Spot]
    ways: Sequence[Sequence[Spot]]


@dataclass(slots=True)
class _Item:
    id: str
    row: int
    width: float
    height: float
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


Row = tuple[float, float]
"""Where it begins and ends."""


def layered(ids: Sequence[str], arrows: Sequence[Arrow], sizes: Sizes) -> Layout:
    """Rows from top to bottom."""
    lanes = {index: lane for lane, index in enumerate(_backward(ids, arrows))}
    ranked = _ranks(ids, [arrow for index, arrow in enumerate(arrows) if index not in lanes])
    items = {id: _Item(id, ranked[id], *sizes.of(id)) for id in ids}
    for index, arrow in enumerate(arrows):
        if index not in lanes:
            _join(arrow, items)
    lines = _ordered(list(items.values()))
    rows = _rows(lines, sizes)
    inner = max([sizes.width, *(_wide(line, sizes) for line in lines)])
    at = _placed(lines, rows, inner, sizes)
    shared = {target: _shared(items[target], items, at, rows) for target in {arrow.target for arrow in arrows}}
    ways = []
    for index, arrow in enumerate(arrows):
        ends = items[arrow.source], items[arrow.target]
        if index in lanes:
            lane = inner + LANE * (1 + lanes[index])
            ways.append(_around(*ends, at, rows, arrow.leaves, lane, sizes.rise / 2))
        else:
            between = shared[arrow.target].get(ends[0].row + 1, ())
            ways.append(_through(*ends, between, at, rows, arrow.leaves))
    width = inner + (LANE * (len(lanes) + 1) if lanes else 0)
    return Layout(width, rows[-1][1], {id: at[id] for id in ids}, ways)


def _backward(ids: Sequence[str], arrows: Sequence[Arrow]) -> list[int]:
    """The arrows that lead back to where one came from."""
    out: dict[str, list[int]] = {id: [] for id in ids}
    for number, arrow in enumerate(arrows):
        out[arrow.source].append(number)
    found: list[int] = []
    state: dict[str, str] = {}
    for first in ids:
        if first in state:
            continue
        state[first] = "open"
        stack: list[tuple[str, Iterator[int]]] = [(first, iter(out[first]))]
        while stack:
            id, onward = stack[-1]
            index = next(onward, -1)
            if index < 0:
                state[id] = "done"
                stack.pop()
                continue
            target = arrows[index].target
            if state.get(target) == "open":
                found.append(index)
            elif target not in state:
                state[target] = "open"
                stack.append((target, iter(out[target])))
    return found


def _ranks(ids: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """The longest way from a beginning to each step."""
    open_: dict[str, int] = dict.fromkeys(ids, 0)
    out: dict[str, list[str]] = {id: [] for id in ids}
    for arrow in arrows:
        open_[arrow.target] += 1
        out[arrow.source].append(arrow.target)
    found = dict.fromkeys(ids, 0)
    ready = [id for id in ids if not open_[id]]
    while ready:
        id = ready.pop()
        for target in out[id]:
            found[target] = max(found[target], found[id] + 1)
            open_[target] -= 1
            if not open_[target]:
                ready.append(target)
    return found


def _join(arrow: Arrow, items: dict[str, _Item]) -> None:
    """An arrow over several rows passes a place in each. All that lead to one step share them: it joins the first that
    is there."""
    one, last = items[arrow.source], items[arrow.target]
    for row in range(one.row + 1, last.row):
        id = _place(row, last)
        known = id in items
        if not known:
            items[id] = _Item(id, row, LANE, 0)
        _link(one, items[id])
        if known:
            return
        one = items[id]
    _link(one, last)


def _place(row: int, target: _Item) -> str:
    return f"{row}>{target.id}"


def _link(one: _Item, other: _Item) -> None:
    one.after.append(other.id)
    other.before.append(one.id)


def _ordered(items: Sequence[_Item]) -> list[list[_Item]]:
    """Each row in the order in which its arrows cross least: by the middle of what is before, then of what is after."""
    lines: list[list[_Item]] = [[] for _ in range(max((each.row for each in items), default=0) + 1)]
    for each in items:
        lines[each.row].append(each)
    place: dict[str, float] = {}

    def number(line: list[_Item]) -> None:
        place.update({each.id: index - (len(line) - 1) / 2 for index, each in enumerate(line)})

    def sort(line: list[_Item], before: bool) -> None:
        middle = {}
        for each in line:
            others = each.before if before else each.after
            middle[each.id] = sum(place[id] for id in others) / len(others) if others else place[each.id]
        line.sort(key=lambda each: middle[each.id])
        number(line)

    for line in lines:
        number(line)
    for _ in range(SWEEPS):
        for line in lines:
            sort(line, True)
        for line in reversed(lines):
            sort(line, False)
    for line in lines:
        sort(line, True)
    return lines


def _wide(line: Sequence[_Item], sizes: Sizes) -> float:
    return sum(each.width + sizes.gap for each in line) - sizes.gap


def _rows(lines: Sequence[Sequence[_Item]], sizes: Sizes) -> list[Row]:
    """Each row is as tall as the tallest in it."""
    rows: list[Row] = []
    bottom = -sizes.rise
    for line in lines:
        top = bottom + sizes.rise
        bottom = top + max((each.height for each in line), default=0)
        rows.append((top, bottom))
    return rows


def _placed(
    lines: Sequence[Sequence[_Item]], rows: Sequence[Row], whole: float, sizes: Sizes
) -> dict[str, Spot]:  # fmt: skip
    at: dict[str, Spot] = {}
    for line, (top, bottom) in zip(lines, rows, strict=True):
        x = (whole - _wide(line, sizes)) / 2
        for each in line:
            at[each.id] = (x + each.width / 2, (top + bottom) / 2)
            x += each.width + sizes.gap
    return at


def _shared(
    target: _Item, items: Mapping[str, _Item], at: Mapping[str, Spot], rows: Sequence[Row]
) -> dict[int, list[Spot]]:  # fmt: skip
    """By row what is left of the way to a step through the places that lead to it: its bends only."""
    found: dict[int, list[Spot]] = {}
    rest: list[Spot] = []
    for row in range(target.row - 1, -1, -1):
        if _place(row, target) not in items:
            break
        x, (top, bottom) = at[_place(row, target)][0], rows[row]
        straight = bool(rest) and rest[0][0] == x
        rest = [(x, top), *(rest[1:] if straight else [(x, bottom), *rest])]
        found[row] = rest
    return found


def _through(
    first: _Item, last: _Item, between: Sequence[Spot], at: Mapping[str, Spot], rows: Sequence[Row], leaves: float
) -> list[Spot]:
    """From the lower edge of the first to the upper edge of the last; straight down past whatever is taller beside
    it."""
    (x, y), (bottom, top) = at[first.id], (rows[first.row][1], rows[last.row][0])
    points = [(x + leaves, y + first.height / 2)]
    if points[0][1] < bottom:
        points.append((x + leaves, bottom))
    x, y = at[last.id][0], at[last.id][1] - last.height / 2
    return [*points, *between, *([(x, top)] if y > top else []), (x, y)]


def _around(
    first: _Item, last: _Item, at: Mapping[str, Spot], rows: Sequence[Row], leaves: float, lane: float, half: float
) -> list[Spot]:
    """Down between its row and the next, to a lane beside all rows, and in again above the row it leads to."""
    (x, y), (to, into) = at[first.id], at[last.id]
    x += leaves
    low, high = rows[first.row][1] + half, rows[last.row][0] - half
    return [(x, y + first.height / 2), (x, low), (lane, low), (lane, high), (to, high), (to, into - last.height / 2)]
