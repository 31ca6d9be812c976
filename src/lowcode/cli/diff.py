"""`lowcode diff`: what changed between two versions of an app, in words."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from lowcode.cli import remote
from lowcode.cli.console import Console
from lowcode.cli.places import ANYWHERE, Running, documents_at, place
from lowcode.kernel.definitions.diff import Change, diff
from lowcode.kernel.diagnostics import Report

SIGNS = {"added": "+", "removed": "-", "renamed": "→", "moved": "↕", "changed": "~"}
"""How a change is marked on a line of its own."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("before", type=place, help=f"the older version: {ANYWHERE}")
    parser.add_argument("after", type=place, help="the newer version")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")
    parser.add_argument("--json", action="store_true", help="write the changes as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    remote.told_apart(*(each.url for each in (options.before, options.after) if isinstance(each, Running)))
    changes = diff(documents_at(options.before, Report()), documents_at(options.after, Report()))
    if options.json:
        console.print(json.dumps([values_of(each) for each in changes], ensure_ascii=False, indent=1))
        return 0
    show(console, changes, options.language)
    if not changes:
        console.say("no differences")
    return 0


def show(console: Console, changes: Iterable[Change], language: str) -> None:
    """Each change as a sentence."""
    for each in changes:
        console.print(f"{SIGNS[each.kind]} {each.words[language]}")


def spoken() -> str:
    """The language of the terminal."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh-CN" if os.environ[name].startswith("zh") else "en"
    return "en"


def values_of(change: Change) -> dict[str, object]:
    """A change as JSON."""
    return {
        "kind": change.kind,
        "document": change.document,
        "pointer": change.pointer,
        "words": change.words,
        "before": change.before,
        "after": change.after,
    }
