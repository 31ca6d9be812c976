"""`lowcode format`: every document written in the one way."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.findings import show_report
from lowcode.cli.models import every_model, model_of
from lowcode.cli.schema import LOCAL
from lowcode.cli.understanding import plugins_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.load import APP, COMPANIONS
from lowcode.kernel.definitions.schema import Models, schema_file
from lowcode.kernel.definitions.source import Source, read_source
from lowcode.kernel.definitions.upgrade import lift
from lowcode.kernel.diagnostics import Report

_LOSES = frozenset({"definitions.comment", "definitions.duplicate-key", "definitions.missing-value"})
"""Findings whose mending would lose what the author wrote."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or one document of it")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something would change")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    root = _root(options.app)
    models = every_model(plugins_of(options))
    report = Report()
    sources: dict[str, Source] = {}
    changed = 0
    for path in console.progress(list(_paths(options.app, root, models)), "formatting"):
        found = Report()
        source = read_source(path.relative_to(root).as_posix(), path.read_bytes(), found)
        sources[source.path] = source
        if not source.whole or any(each.code in _LOSES for each in found):
            report.extend(found)
            continue
        text = _formatted(source, root, models, report)
        if text.encode() != path.read_bytes():
            changed += 1
            console.print(str(path))
            if not options.check:
                path.write_text(text, "utf-8", newline="\n")
    show_report(console, report, sources.get)
    would = "would change" if options.check else "changed"
    console.say(f"{changed} of {len(sources)} documents {would}")
    return 1 if not report.ok or (options.check and changed) else 0


def _root(path: Path) -> Path:
    """The folder of the app that a path lies in."""
    for folder in (path, *path.resolve().parents):
        if (folder / APP).is_file():
            return folder if folder != path else path
    return path if path.is_dir() else path.parent


def _paths(given: Path, root: Path, models: Models) -> Iterator[Path]:
    if given.is_file():
        yield given
        return
    if (root / APP).is_file():
        yield root / APP
    for folder in dict.fromkeys((*filter(None, models), *COMPANIONS)):
        yield from sorted((root / folder).rglob("*.json"))


def _formatted(source: Source, root: Path, models: Models, report: Report) -> str:
    folder = source.path.split("/", 1)[0] if "/" in source.path else ""
    model = model_of(models, folder)
    data = source.data
    if isinstance(data, dict) and model is not None:
        data = _with_schema(lift(folder or "app", source, report), source, root, schema_file(models, folder))
    return format_document(data, model)


def _with_schema(data: dict[str, Any], source: Source, root: Path, schema: str | None) -> dict[str, Any]:
    """Name the schema, where the app has schemas of its own (`lowcode schema --app`)."""
    if schema is None or not (root / LOCAL / schema).is_file():
        return data
    here = (root / source.path).parent
    relative = Path(os.path.relpath(root / LOCAL / schema, here)).as_posix()
    return {**data, "$schema": relative if relative.startswith(".") else f"./{relative}"}
