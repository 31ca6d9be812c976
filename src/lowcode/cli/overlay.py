"""`lowcode overlay`: a firm's own changes over an app that somebody else keeps up.

lowcode overlay begin ours --over vendor/crm          an empty overlay
lowcode overlay edit ours forms/account.json          a document of the app, to be changed
lowcode overlay status ours                           what it changes, and what of the app has moved since
lowcode overlay update ours [PATH …] [--take mine]    the app's changes taken in, and the base moved along
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.diff import show
from lowcode.cli.findings import show_report
from lowcode.cli.models import every_model, model_of
from lowcode.cli.speaking import spoken
from lowcode.cli.understanding import plugins_of
from lowcode.kernel.definitions import load
from lowcode.kernel.definitions.diff import diff
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.load import tree_of
from lowcode.kernel.definitions.merge import MISSING, merge
from lowcode.kernel.definitions.overlay import BASE, OVERLAY, Layered, Overlaid, finding
from lowcode.kernel.definitions.schema import Models
from lowcode.kernel.diagnostics import Report, nearest

ACTIONS = ("begin", "edit", "status", "update")


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("action", choices=ACTIONS, help="what to do")
    parser.add_argument("overlay", type=Path, help="the folder of the overlay")
    parser.add_argument("paths", nargs="*", help="documents of the app: forms/account.json (update: all without any)")
    parser.add_argument("--over", help="begin: the folder or archive of the app, as seen from here")
    parser.add_argument("--take", choices=("mine", "theirs"), help="update: whose change stands where both clash")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")
    parser.add_argument("--json", action="store_true", help="status: write it as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    if options.action == "begin":
        return _begin(options, console)
    report = Report()
    tree = tree_of(str(options.overlay), report)
    if not isinstance(tree, Overlaid):
        show_report(console, report, lambda _: None)
        console.say(f"{options.overlay} is no overlay: it has no {OVERLAY}; `lowcode overlay begin` makes one")
        return 1
    theirs = frozenset(tree.over.paths())
    unknown = [path for path in options.paths if path not in theirs.union(tree.own.paths())]
    for path in unknown:
        near = nearest(path, theirs)
        console.say(f"the app has no {path}" + (f"; did you mean {near}?" if near else ""))
    if unknown:
        return 1
    do = {"edit": _edit, "status": _status, "update": _update}[options.action]
    return do(options, console, tree)


def _begin(options: Namespace, console: Console) -> int:
    """An overlay with nothing in it yet."""
    file = options.overlay / OVERLAY
    if not options.over or not Path(options.over).exists():
        console.say("say with --over which folder or archive the app is" if not options.over else
                    f"there is no app at {options.over}")  # fmt: skip
        return 1
    if file.exists():
        console.say(f"{file} is there already")
        return 1
    options.overlay.mkdir(parents=True, exist_ok=True)
    where = Path(os.path.relpath(options.over, options.overlay))
    _write(file, {"name": options.overlay.resolve().name.replace("-", "_"), "over": where.as_posix()})
    console.say(f"{options.overlay} lies over {options.over}; take documents into it with `lowcode overlay edit`")
    return 0


def _edit(options: Namespace, console: Console, tree: Overlaid) -> int:
    """Take documents of the app into the overlay, with what they are now as their base."""
    if not options.paths:
        console.say("name the documents to edit, for instance forms/account.json")
        return 1
    for path in options.paths:
        own = options.overlay / path
        if own.exists():
            console.say(f"{own} is there already")
            continue
        content = tree.over.read(path)
        for file in (own, options.overlay / BASE / path):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else _text(content).encode())
        console.print(str(own))
    return 0


def _status(options: Namespace, console: Console, tree: Overlaid) -> int:
    """What the overlay changes, and what of the app has moved since; 1 where they clash."""
    layers = list(_chosen(tree, options.paths))
    clashes = sum(len(each.clashes) for each in layers)
    if options.json:
        console.print(json.dumps([_values(each) for each in layers], ensure_ascii=False, indent=1))
        return 1 if clashes else 0
    for each in layers:
        console.print(f"{each.path}: {_standing(each)}")
        show(console, _changes(each.base, each.mine, each.path), options.language)
        if each.moved:
            console.print("  the app since:")
            show(console, _changes(each.base, each.theirs, each.path), options.language)
    _tell(console, layers)
    return 1 if clashes else 0


def _update(options: Namespace, console: Console, tree: Overlaid) -> int:
    """Write what comes of the three, and move the base along; documents that clash stay as they are without --take."""
    models = every_model(plugins_of(options))
    left = []
    for each in _chosen(tree, options.paths):
        layer = _settled(each, options.take) if options.take else each
        if layer.clashes:
            left.append(layer)
        elif layer.moved or each.clashes:
            _put(options.overlay, layer, models, tree)
            console.print(f"{each.path}: {_standing(each)}")
    _tell(console, left)
    console.say("the overlay is up to date" if not left else "these stay as they are: say --take, or edit them")
    return 1 if left else 0


def _settled(layer: Layered, take: str) -> Layered:
    """The layer with one side's change wherever both clash: the other side is merged as if it had stayed as it was
    there."""
    if not layer.clashes or take == "mine":
        return replace(layer, clashes=())
    merged, _ = merge(layer.base, layer.theirs, layer.mine)  # the side named first stands where both clash
    return replace(layer, merged=merged, clashes=())


def _put(folder: Path, layer: Layered, models: Models, tree: Overlaid) -> None:
    own, base = folder / layer.path, folder / BASE / layer.path
    if layer.theirs is MISSING:
        base.unlink(missing_ok=True)
    else:
        content = tree.over.read(layer.path)
        base.parent.mkdir(parents=True, exist_ok=True)
        base.write_bytes(content if isinstance(content, bytes) else _text(content).encode())
    if layer.merged is MISSING:
        own.unlink(missing_ok=True)
    elif isinstance(layer.merged, bytes):
        own.write_bytes(layer.merged)
    else:
        kind = layer.path.split("/", 1)[0] if "/" in layer.path else ""
        own.write_text(format_document(layer.merged, model_of(models, kind)), "utf-8", newline="\n")


def _chosen(tree: Overlaid, paths: Iterable[str]) -> Iterator[Layered]:
    wanted = frozenset(paths)
    return (each for each in tree.layers() if not wanted or each.path in wanted)


def _standing(layer: Layered) -> str:
    if layer.base is MISSING:
        return "added by the overlay" if layer.theirs is MISSING else "added by both"
    if layer.theirs is MISSING:
        return "dropped by the app"
    if not layer.moved:
        return "changed by the overlay"
    return "clashes with the app" if layer.clashes else "changed by both, and merged"


def _tell(console: Console, layers: Iterable[Layered]) -> None:
    report = Report()
    for each in layers:
        for clash in each.clashes:
            report.add(finding(each.path, clash))
    show_report(console, report, lambda _: None)


def _changes(before: Any, after: Any, path: str) -> list[Any]:
    """What changed of one document, in words; nothing for what is no document, or is not there."""
    if not all(isinstance(each, dict) for each in (before, after)):
        return []
    app = {"name": "app", "title": "app"}
    sides = ({"app.json": each} if path == "app.json" else {"app.json": app, path: each} for each in (before, after))
    return diff(*(load(each, Report()) for each in sides))


def _values(layer: Layered) -> dict[str, Any]:
    """A layer as JSON."""
    clashes = [
        {"pointer": each.pointer, **{side: _plain(getattr(each, side)) for side in ("base", "mine", "theirs")}}
        for each in layer.clashes
    ]
    return {"path": layer.path, "standing": _standing(layer), "clashes": clashes}


def _plain(value: Any) -> Any:
    return None if value is MISSING else value if not isinstance(value, bytes) else f"{len(value)} bytes"


def _write(file: Path, data: Any) -> None:
    file.write_text(_text(data), "utf-8", newline="\n")


def _text(data: Any) -> str:
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, indent=2) + "\n"
