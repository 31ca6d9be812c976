"""A firm's own changes over an app somebody else keeps up: an overlay.

An overlay is a folder with an `overlay.json` that names the app it lies over. A document in it stands instead of the
app's of the same path, or is one of its own; under `base/` lies what the app had there when it was changed. As long as
the app still has that, the overlay's document counts as it is written. When the app has moved on, the three are merged
while loading, and what both sides changed otherwise is a finding with all three values: nothing of either is lost
unseen. `lowcode overlay update` writes the merged documents and moves the base along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.merge import MISSING, Clash, merge, same
from lowcode.kernel.definitions.source import read_source
from lowcode.kernel.definitions.trees import Tree, Values
from lowcode.kernel.definitions.upgrade import lift
from lowcode.kernel.diagnostics import Place, Report, nearest

OVERLAY = "overlay.json"
BASE = "base/"
DEEPEST = 4
"""Overlays over overlays: more is taken for a circle."""
KEYS = ("name", "title", "over", "without", "$schema")


@dataclass(frozen=True, slots=True)
class Layered:
    """One path of an overlay: what the app had, what the overlay makes of it, what the app has now, and what comes of
    the three. `MISSING` stands for what is not there."""

    path: str
    base: Any
    mine: Any
    theirs: Any
    merged: Any
    clashes: tuple[Clash, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the app has moved on since the overlay changed it."""
        return self.base is not MISSING and not same(self.base, self.theirs)


class Overlaid:
    """The files of an app with an overlay over them."""

    def __init__(self, over: Tree, own: Tree, without: Iterable[str], report: Report) -> None:
        self.over, self.own, self.report = over, own, report
        self.without = frozenset(without)
        self._theirs, self._own = frozenset(over.paths()), frozenset(own.paths())
        self._mine = frozenset(path for path in self._own if path != OVERLAY and not path.startswith(BASE))
        self._layers: dict[str, Layered] = {}
        self._told: set[str] = set()

    def paths(self) -> Iterable[str]:
        """Every path of both; those the overlay leaves out are not there, and those the app dropped unchanged."""
        dropped = {path for path in self._mine - self._theirs if self.layer(path).merged is MISSING}
        return ((self._theirs - self.without) | self._mine) - dropped

    def read(self, path: str) -> Any:
        """What stands at a path: the app's, the overlay's as it is written, or, where both have moved, the values that
        come of them."""
        if path not in self._mine:
            return self.over.read(path)
        layer = self.layer(path)
        if not layer.moved and not layer.clashes:
            return self.own.read(path)
        if path not in self._told:
            self._told.add(path)
            for clash in layer.clashes:
                self.report.add(finding(path, clash))
        return layer.merged

    def layers(self) -> Iterator[Layered]:
        """Every path the overlay has something at."""
        return (self.layer(path) for path in sorted(self._mine))

    def layer(self, path: str) -> Layered:
        """What comes of one path."""
        found = self._layers.get(path)
        if found is None:
            found = self._layers[path] = self._layered(path)
        return found

    def _layered(self, path: str) -> Layered:
        had = f"{BASE}{path}"
        base = self._value(self.own, had, path) if had in self._own else MISSING
        theirs = self._value(self.over, path, path) if path in self._theirs else MISSING
        mine = self._value(self.own, path, path)
        if base is MISSING and theirs is MISSING:
            return Layered(path, base, mine, theirs, mine)
        merged, clashes = merge(base, mine, theirs)
        return Layered(path, base, mine, theirs, merged, tuple(clashes))

    def _value(self, tree: Tree, path: str, document: str) -> Any:
        """What a file says: values of a document, the bytes of anything else."""
        content = tree.read(path)
        if not document.endswith(".json"):
            return bytes(content) if isinstance(content, (bytes, bytearray)) else content
        source = read_source(path, content, Report())  # what is wrong with the text is found where it is read
        if not isinstance(source.data, dict):
            return source.data
        return lift(document.split("/", 1)[0] if "/" in document else "app", source, Report())


def finding(path: str, clash: Clash) -> Any:
    """A clash as a finding: what it was, what each side made of it."""
    said = {side: _said(getattr(clash, side)) for side in ("base", "mine", "theirs")}
    return MESSAGES.diagnostic("overlay-clash", Place(path, clash.pointer), path=path, **said)


SHOWN = 80


def _said(value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if isinstance(value, bytes):
        return f"a file of {len(value):,} bytes"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


NOTHING = Values({})
"""What is read of an overlay that lies over nothing: any more would be findings that follow from that."""


def overlaid(own: Tree, folder: Path | None, opened: Callable[[Path, Report], Tree], report: Report) -> Tree:
    """The files of what an overlay lies over, with the overlay over them; a tree without `overlay.json` is itself.

    `folder`: where the overlay stands, which the app it names is sought from. `opened` gives the files of a place."""
    tree = own
    layers: list[tuple[Tree, list[str]]] = []
    while OVERLAY in frozenset(tree.paths()):
        named = _named(tree, report)
        if named is None:
            return NOTHING
        over, without = named
        place = None if folder is None else folder / over
        wrong = "without-place" if place is None else "too-deep" if len(layers) == DEEPEST else ""
        if wrong or place is None or not place.exists():
            where = Place(OVERLAY, "/over")
            report.add(
                MESSAGES.diagnostic(f"overlay-{wrong or 'of-nothing'}", where, seen=over, at=place, most=DEEPEST)
            )
            return NOTHING
        layers.append((tree, without))
        tree, folder = opened(place, report), place if place.is_dir() else place.parent
    for layer, without in reversed(layers):
        known = frozenset(tree.paths())
        for at, path in enumerate(without):
            if path not in known:
                near = nearest(path, known) or ""
                where = Place(OVERLAY, f"/without/{at}")
                report.add(MESSAGES.diagnostic("overlay-leaves-out-nothing", where, seen=path, near=near))
        tree = Overlaid(tree, layer, without, report)
    return tree


def _named(tree: Tree, report: Report) -> tuple[str, list[str]] | None:
    """What an overlay lies over, and what of it is left out."""
    source = read_source(OVERLAY, tree.read(OVERLAY), report)
    data = source.data if isinstance(source.data, dict) else {}
    without = data.get("without", [])
    for key in data:
        if key not in KEYS and not key.startswith("x-"):
            place = source.place(f"/{key}", key=True)
            near = nearest(key, KEYS) or ""
            report.add(MESSAGES.diagnostic("overlay-unknown-key", place, seen=key, known=list(KEYS), near=near))
    if not isinstance(data.get("over"), str) or not data["over"]:
        report.add(MESSAGES.diagnostic("overlay-over-what", source.place("/over")))
        return None
    if not isinstance(without, list) or not all(isinstance(each, str) for each in without):
        report.add(MESSAGES.diagnostic("overlay-without-paths", source.place("/without")))
        without = []
    return data["over"], without
