"""`lowcode install`: add a ready-made rule to an app; what is written has nothing wrong."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.diagnostics import LowcodeError, Report, localized, suggestion
from lowcode.rules.library.scenario import UnknownValue, fill, matches, scenarios


class NotInstalled(LowcodeError):
    """There is no such scenario, it is there already, or it does not fit the app."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("scenario", nargs="?", help="its name; without one, the scenarios are listed")
    parser.add_argument("--app", type=Path, default=Path(), help="the app; here when left out")
    parser.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE", help="a value of a parameter")
    parser.add_argument("--use", action="append", default=[], metavar="WORD=NAME", help="the app's name for a word")
    parser.add_argument("--name", help="what the rule is called; the name of the scenario when left out")
    parser.add_argument("--search", default="", help="list only scenarios with these words")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    known = scenarios()
    if options.scenario is None:
        for name, (group, scenario) in known.items():
            if matches(group, scenario, options.search):
                console.print(f"{name:36} {localized(fill(scenario)['title'], 'en')}")
        return 0
    if options.scenario not in known:
        raise NotInstalled(f"there is no scenario '{options.scenario}'. {suggestion(options.scenario, known)}")
    try:
        values, names = _pairs(options.set), _pairs(options.use)
        document = fill(known[options.scenario][1], values, names, name=options.name)
    except UnknownValue as error:
        raise NotInstalled(str(error)) from None
    path = options.app / "rules" / f"{document['name']}.json"
    if not (options.app / "app.json").is_file():
        raise NotInstalled(f"{options.app} is no app: it has no app.json; name one with --app")
    if path.exists():
        raise NotInstalled(f"{path} is there already; give the rule another --name")
    path.parent.mkdir(exist_ok=True)
    path.write_text(format_document(document), "utf-8")
    report = Report()
    reading = Reading(plugins_of(options))
    reading.compile(reading.load(options.app, report), report)
    wrong = [each for each in report.errors if each.place.document == f"rules/{path.name}"]
    if wrong:
        path.unlink()
        for each in wrong:
            console.print(str(each))
        raise NotInstalled("the scenario does not fit the app as it is: name the app's words with --use")
    console.say(f"{path} is written")
    return 0


def _pairs(written: list[str]) -> dict[str, str]:
    found = {}
    for each in written:
        name, sign, value = each.partition("=")
        if not sign:
            raise UnknownValue(f"'{each}' is not NAME=VALUE")
        found[name.strip()] = value.strip()
    return found
