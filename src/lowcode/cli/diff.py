"""`lowcode diff`: what changed between two versions of an app, in words."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from lowcode.cli import remote
from lowcode.cli.console import Console
from lowcode.cli.places import ANYWHERE, Running, documents_whole, place
from lowcode.cli.speaking import spoken
from lowcode.kernel.definitions.diff import Change, diff

SIGNS = {"added": "+", "removed": "-", "renamed": "→", "moved": "↕", "changed": "~"}
"""How a change is marked on a line of its own."""
APART = ("definitions.unknown-folder", "definitions.name-unlike-file", "definitions.name-twice")
"""What is compared all the same: folders of plug-ins are of no engine here."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("before", type=place, help=f"the older version: {ANYWHERE}")
    parser.add_argument("after", type=place, help="the newer version")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")
    parser.add_argument("--json", action="store_true", help="write the changes as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    remote.told_apart(*(each.url for each in (options.before, options.after) if isinstance(each, Running)))
    changes = diff(*(documents_whole(each, apart=APART) for each in (options.before, options.after)))
    if options.json:
        console.print(json.dumps([values_of(each) for each in changes], ensure_ascii=False, indent=1))
        return 0
    show(console, changes, options.language)
    if not changes:
        console.say("没有差异" if options.language == "zh-CN" else "no differences")
    return 0


def show(console: Console, changes: Iterable[Change], language: str) -> None:
    """Each change as a sentence."""
    for each in changes:
        console.print(f"{SIGNS[each.kind]} {each.words[language]}")


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
