"""Whether the graph of a flow is sound: everything reachable, every token able to end, every join able to fire.

The last two are not guessed from the drawing. All markings a flow can come to are walked, with every choice taken both
ways: a marking is the set of arrows on which tokens stand. Flows are small, so this is exact; a limit ends the walk of
one that is not, and then nothing is said about it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations

from lowcode.flows.plan import Gate, flow_key

MARKINGS_LIMIT = 20_000
SPLITS = ("split", "choose")
TOKENS_LIMIT = 4
"""Tokens on one arrow at a time. More than this come only from a loop that makes more with every round."""

Marking = tuple[tuple[str, int], ...]
"""How many tokens stand on each arrow, in the order of the arrows' names."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node as the graph sees it."""

    id: str
    gate: Gate
    exits: Mapping[str, str]
    stops: bool = False
    rests: bool = False
    """Whether people or time decide when it goes on."""
    adds: frozenset[str] = frozenset()
    """Exits that are taken beside the others: events that do not interrupt."""


class Graph:
    """The nodes of one flow and the questions asked of them."""

    def __init__(self, vertices: Iterable[Vertex], entry: str) -> None:
        self.vertices = {vertex.id: vertex for vertex in vertices}
        self.entry = entry
        self.target = {
            flow_key(vertex.id, exit): target
            for vertex in self.vertices.values()
            for exit, target in vertex.exits.items()
        }
        self.incoming = {
            vertex.id: self._groups(vertex.id) for vertex in self.vertices.values() if vertex.gate == "join"
        }
        self.merges = {vertex.id: self._reach(vertex.id) for vertex in self.vertices.values() if vertex.gate == "merge"}

    def _reach(self, merge: str) -> dict[str, frozenset[str]]:
        """From each node the arrows into an inclusive join that can be reached without passing it."""
        arrows = frozenset(key for key, target in self.target.items() if target == merge)
        found: dict[str, frozenset[str]] = {}
        for vertex in self.vertices.values():
            if vertex.id != merge:
                onward = (self._arrows_from(flow_key(vertex.id, exit), {merge}) for exit in vertex.exits)
                found[vertex.id] = arrows & frozenset[str]().union(*onward)
        return found

    def _groups(self, join: str) -> tuple[tuple[str, ...], ...]:
        """The arrows into a join, together where only one of them can bring a token: the ways of a branch that all
        lead here count as one incoming flow, as though they met before. Two arrows can both bring a token when some
        split reaches them by different exits, or a step does by its own way on and one that is taken beside it."""
        arrows = [key for key, target in self.target.items() if target == join]
        reached: dict[str, list[frozenset[str]]] = {key: [] for key in arrows}
        splits = [vertex for vertex in self.vertices.values() if vertex.gate in SPLITS or vertex.adds]
        for split in splits:
            by_exit = {exit: self._arrows_from(flow_key(split.id, exit), {split.id, join}) for exit in split.exits}
            for key in arrows:
                reached[key].append(frozenset(exit for exit, found in by_exit.items() if key in found))

        def together(one: str, other: str) -> bool:
            return not any(map(_both, splits, reached[one], reached[other]))

        groups: list[list[str]] = []
        for key in arrows:
            fitting = [group for group in groups if any(together(key, each) for each in group)]
            if any(not all(together(key, each) for each in group) for group in fitting) or len(fitting) > 1:
                return tuple((each,) for each in arrows)
            if fitting:
                fitting[0].append(key)
            else:
                groups.append([key])
        return tuple(tuple(group) for group in groups)

    def _arrows_from(self, key: str, beyond: Set[str]) -> frozenset[str]:
        """The arrows a token on this arrow can come to without passing certain nodes."""
        found = {key}
        waiting = [key]
        while waiting:
            target = self.target[waiting.pop()]
            if target in beyond:
                continue
            for exit in self.vertices[target].exits:
                onward = flow_key(target, exit)
                if onward not in found:
                    found.add(onward)
                    waiting.append(onward)
        return frozenset(found)

    def reachable(self) -> frozenset[str]:
        """Every node a token can come to."""
        return _closure([self.entry], lambda id: self.vertices[id].exits.values())

    def finishing(self) -> frozenset[str]:
        """Every node from which its own token can reach some end: what goes on beside it ends another one."""
        before: dict[str, list[str]] = {id: [] for id in self.vertices}
        for vertex in self.vertices.values():
            for exit, target in vertex.exits.items():
                if exit not in vertex.adds:
                    before[target].append(vertex.id)
        ends = [vertex.id for vertex in self.vertices.values() if vertex.gate == "end"]
        return _closure(ends, lambda id: before[id])

    def joins_without_split(self) -> Iterator[str]:
        """Joins that no split reaches by two of its exits."""
        reached = {
            vertex.id: [
                _closure([target], lambda id: self.vertices[id].exits.values()) for target in vertex.exits.values()
            ]
            for vertex in self.vertices.values()
            if vertex.gate in SPLITS or vertex.adds
        }
        for vertex in self.vertices.values():
            if vertex.gate not in ("join", "merge"):
                continue
            if not any(sum(vertex.id in each for each in branches) > 1 for branches in reached.values()):
                yield vertex.id

    def endless_loops(self) -> Iterator[tuple[str, ...]]:
        """Loops on which nobody is asked and nothing is waited for."""
        moving = {id: vertex for id, vertex in self.vertices.items() if not vertex.rests and vertex.gate != "end"}
        seen: set[str] = set()
        for id in moving:
            if id in seen:
                continue
            onward = _closure(
                [target for target in moving[id].exits.values() if target in moving],
                lambda each: [t for t in moving[each].exits.values() if t in moving],
            )
            if id in onward:
                back = tuple(
                    each
                    for each in moving
                    if each in onward
                    and id in _closure([each], lambda e: [t for t in moving[e].exits.values() if t in moving])
                )
                seen.update(back)
                yield back

    def walk(self, first: Marking | None = None) -> tuple[Set[str], Set[str]]:
        """Joins that can wait for ever, and splits that make more tokens with every round: from the start, or from
        wherever tokens stand."""
        waiting_for_ever: set[str] = set()
        multiplied: set[str] = set()
        if first is None:
            first = tuple((flow_key(self.entry, exit), 1) for exit in self.vertices[self.entry].exits)
        seen = {first}
        queue = deque([first])
        while queue and len(seen) < MARKINGS_LIMIT:
            marking = queue.popleft()
            following = list(self._following(dict(marking)))
            if marking and not following:
                waiting_for_ever.update(self.target[key] for key, _ in marking)
            for tokens in following:
                over = [self.target[key] for key, count in tokens.items() if count > TOKENS_LIMIT]
                multiplied.update(split for each in over for split in self._splits_on_a_loop(each))
                settled = tuple(sorted((key, count) for key, count in tokens.items() if count))
                if not over and settled not in seen:
                    seen.add(settled)
                    queue.append(settled)
        return waiting_for_ever, multiplied

    def _splits_on_a_loop(self, node: str) -> list[str]:
        """The splits that come to themselves again and to this node; without one, the node itself."""
        found = []
        for vertex in self.vertices.values():
            if vertex.gate in SPLITS or vertex.adds:
                onward = _closure(vertex.exits.values(), lambda id: self.vertices[id].exits.values())
                if vertex.id in onward and node in onward:
                    found.append(vertex.id)
        return found or [node]

    def _following(self, marking: dict[str, int]) -> Iterator[dict[str, int]]:
        for key, count in marking.items():
            vertex = self.vertices[self.target[key]]
            if count and vertex.gate == "end":  # nobody decides when a token on its way to an end gets there
                yield {} if vertex.stops else _moved(marking, [key], [])
                return
        for key, count in marking.items():
            vertex = self.vertices[self.target[key]]
            passing = vertex.gate == "step" and not vertex.rests and not vertex.adds
            if count and passing:  # walked on before anybody acts
                yield from (_moved(marking, [key], [flow_key(vertex.id, exit)]) for exit in vertex.exits)
                return
        for key in marking:
            vertex = self.vertices[self.target[key]]
            out = [flow_key(vertex.id, exit) for exit in vertex.exits]
            if vertex.gate == "join":
                groups = self.incoming[vertex.id]
                taken = [next((each for each in group if marking.get(each)), None) for group in groups]
                if key == taken[0] and None not in taken:
                    yield _moved(marking, [each for each in taken if each is not None], out)
            elif vertex.gate == "merge":
                filled = {each for each, count in marking.items() if count and self.target[each] == vertex.id}
                if key == min(filled, default=None) and not self._still_coming(marking, vertex.id, filled):
                    yield _moved(marking, filled, out)
            elif vertex.gate == "split":
                yield _moved(marking, [key], out)
            elif vertex.gate == "choose":
                for count in range(1, len(out) + 1):
                    for some in combinations(out, count):
                        yield _moved(marking, [key], some)
            else:
                beside = [flow_key(vertex.id, exit) for exit in vertex.exits if exit in vertex.adds]
                for each in out:
                    for count in range(len(beside) + 1) if each not in beside else ():
                        for some in combinations(beside, count):
                            yield _moved(marking, [key], [each, *some])

    def _still_coming(self, marking: Mapping[str, int], merge: str, filled: Set[str]) -> bool:
        """Whether a token on the way can bring what is missing at an inclusive join."""
        reach = self.merges[merge]
        for key, count in marking.items():
            found = reach.get(self.target[key], frozenset()) if count else frozenset[str]()
            if found - filled and not found & filled:
                return True
        return False


def _closure(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """What can be come to from some nodes."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for each in following(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return frozenset(found)


def _moved(marking: Mapping[str, int], taken: Iterable[str], put: Iterable[str]) -> dict[str, int]:
    tokens = dict(marking)
    for key in taken:
        tokens[key] -= 1
    for key in put:
        tokens[key] = tokens.get(key, 0) + 1
    return tokens


def _both(split: Vertex, some: Set[str], others: Set[str]) -> bool:
    """Whether a token that comes to a node can go on by an exit of each at the same time."""
    beside = split.exits.keys() if split.gate in SPLITS else split.adds
    return any(one != other and (one in beside or other in beside) for one in some for other in others)
