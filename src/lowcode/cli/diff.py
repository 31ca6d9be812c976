"""`lowcode diff`: what changed between two versions of an app, in words."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.kernel.definitions import load
from lowcode.kernel.definitions.diff import Change, diff

SIGNS = {"added": "+", "removed": "-", "renamed": "→", "moved": "↕", "changed": "~"}
"""How a change is marked on a line of its own."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("before", type=Path, help="the older version: a folder or a zip archive")
    parser.add_argument("after", type=Path, help="the newer version")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")
    parser.add_argument("--json", action="store_true", help="write the changes as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    changes = diff(load(options.before), load(options.after))
    if options.json:
        console.print(json.dumps([_values(each) for each in changes], ensure_ascii=False, indent=1))
        return 0
    for each in changes:
        console.print(f"{SIGNS[each.kind]} {each.words[options.language]}")
    if not changes:
        console.say("no differences")
    return 0


def spoken() -> str:
    """The language of the terminal."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh-CN" if os.environ[name].startswith("zh") else "en"
    return "en"


def _values(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "document": change.document,
        "pointer": change.pointer,
        "words": change.words,
        "before": change.before,
        "after": change.after,
    }
