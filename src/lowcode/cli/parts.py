"""`lowcode parts`: what of an app is switched on and off together; `--on` and `--off` write it into app.json."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.models import every_model, model_of
from lowcode.cli.speaking import spoken
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.parts import Parts, switched_in
from lowcode.kernel.diagnostics import LowcodeError, Report, localized, suggestion


class NoSuchPart(LowcodeError):
    """The app states no part of the name."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, nargs="?", default=Path(), help="the folder of the app; here when left out")
    parser.add_argument("--on", action="append", default=[], metavar="PART", help="switch it on, with what it needs")
    parser.add_argument("--off", action="append", default=[], metavar="PART", help="switch it off, with what needs it")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of titles")
    parser.add_argument("--json", action="store_true", help="write the parts as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    report = Report()
    reading = Reading(plugins_of(options))
    app = reading.compile(reading.load(options.app, report), report)
    if app is None:
        report.raise_if_wrong()
    assert app is not None
    if options.on or options.off:
        changed = switched(app.parts, options.on, options.off)
        _write(options.app / "app.json", changed)
        for name in changed:
            state = "on" if changed[name] else "off"
            console.say(f"{name} is switched {state}")
        console.say("Now: lowcode plan, and lowcode apply")
        return 0
    told = [told_of(app.parts, name, options.language) for name in app.parts.stated]
    if options.json:
        console.print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for each in told:
        needs = f"  needs {', '.join(each['needs'])}" if each["needs"] else ""
        state = console.green("on ") if each["enabled"] else console.dim("off")
        console.print(f"{state}  {each['name']:20} {each['title']}: {each['documents']} documents{needs}")
    if not told:
        console.say("the app states no parts: everything is always there (docs/parts.md)")
    return 0


def told_of(parts: Parts, name: str, language: str) -> dict[str, Any]:
    """What is told of a part."""
    part = parts.stated[name]
    return {
        "name": name, "title": localized(parts.title(name), language), "enabled": part.enabled,
        "needs": list(part.needs), "documents": len(parts.documents(name)),
    }  # fmt: skip


def switched(parts: Parts, on: list[str], off: list[str]) -> dict[str, bool]:
    """What changes when some parts are switched. Raises NoSuchPart."""
    for name in (*on, *off):
        if name not in parts.stated:
            raise NoSuchPart(f"the app has no part '{name}'. {suggestion(name, parts.stated)}")
    found = parts.switched(on, off)
    both = [name for name in off if found.get(name, parts.stated[name].enabled)]
    if both:
        raise NoSuchPart(f"'{both[0]}' cannot be off: what is switched on needs it")
    return found


def _write(path: Path, changed: dict[str, bool]) -> None:
    data = switched_in(json.loads(path.read_text("utf-8")), changed)
    path.write_text(format_document(data, model_of(every_model(), "")), "utf-8", newline="\n")
