"""`lowcode explain`: what a save of a form sets going, which rows each role reads, and its public faces."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lowcode.app import App
from lowcode.cli.console import Console
from lowcode.cli.opening import understood
from lowcode.cli.speaking import spoken
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.explain.facing import on_public
from lowcode.explain.kinds import kinds_there_are, on_event
from lowcode.explain.reading import DIALECTS, on_read
from lowcode.explain.saving import on_save
from lowcode.kernel.diagnostics import LowcodeError, Report, suggestion

PUBLIC = {"en": "public form '{name}'", "zh-CN": "公开表单“{name}”"}


class NotExplained(LowcodeError):
    """There is no such form."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("forms", nargs="*", metavar="forms.NAME", help="only these forms; all of them when left out")
    parser.add_argument("--sql", choices=tuple(DIALECTS), default="sqlite", help="the database whose SQL is shown")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")
    parser.add_argument("--kinds", action="store_true", help="list the kinds there are, with origin, file and line")
    parser.add_argument("--events", action="store_true", help="list who hears which event, and what runs by the clock")
    parser.add_argument("--json", action="store_true", help="write the explanation as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    plugins = plugins_of(options)
    reading = Reading(plugins)
    app = reading.compile(understood(options.app, console, plugins), Report())
    assert app is not None, "what was understood without errors compiles"
    if options.kinds or options.events:
        _show_lists(app, reading, options, console)
        return 0
    names = [_form(app, each) for each in options.forms] or list(app.scope.names("form"))
    told = {
        name: {"save": on_save(app, name), "read": on_read(app, name, options.sql), "public": on_public(app, name)}
        for name in names
    }
    if options.json:
        console.print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for name, each in told.items():
        console.print(console.bold(f"forms.{name}"))
        for step in each["save"]:
            _show_step(step, options.language, console)
        for role in each["read"]:
            console.print(f"  {role['words'][options.language]}")
            if role["sql"] is not None:
                console.print(console.dim("      " + " ".join(role["sql"].split())))
        for face in each["public"]:
            console.print(f"  {PUBLIC[options.language].format(name=face['name'])}")
            _show_entries(face["entries"], options.language, console)
    return 0


def _show_lists(app: App, reading: Reading, options: Namespace, console: Console) -> None:
    told: dict[str, Any] = {}
    if options.kinds:
        told["kinds"] = kinds_there_are(reading.kinds)
    if options.events:
        told["events"] = on_event(app)
    if options.json:
        console.print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in told.get("kinds", ()):
        console.print(f"{each['sort']:<9} {each['name']:<20} {each['origin']:<16} {console.dim(each['place'])}")
    for each in told.get("events", ()):
        forms = f" ({', '.join(each['forms'])})" if each["forms"] else ""
        console.print(f"{each['event'] or 'by the clock':<16} {each['handler']}{forms}  {console.dim(each['place'])}")


def _form(app: App, text: str) -> str:
    name = text.removeprefix("forms.")
    known = app.scope.names("form")
    if name not in known:
        raise NotExplained(f"there is no form '{name}'. {suggestion(name, known)}")
    return name


def _show_step(step: Mapping[str, Any], language: str, console: Console) -> None:
    engine = f" ({step['engine']})" if step["engine"] else ""
    console.print(f"  {step['order']:>3} {step['words'][language]}{console.dim(engine)}")
    _show_entries(step["entries"], language, console)


def _show_entries(entries: Iterable[Mapping[str, Any]], language: str, console: Console) -> None:
    for entry in entries:
        place = entry["place"]
        where = f"{place['document']}:{place['line']}" if place.get("document") else ""
        console.print(f"      {entry['words'][language]}  {console.dim(where)}".rstrip())
