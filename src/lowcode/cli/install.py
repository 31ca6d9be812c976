"""`lowcode install`: put a package, or a ready-made rule, into an app; what is written has nothing wrong."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from lowcode import packages
from lowcode.cli.bringing import Bringing, written
from lowcode.cli.console import Console
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.diagnostics import LowcodeError, Report, localized, suggestion
from lowcode.rules.library.scenario import UnknownValue, fill, matches, scenarios


class NotInstalled(LowcodeError):
    """There is no such scenario, it is there already, or it does not fit the app."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "scenario",
        nargs="?",
        metavar="what",
        help="the name of a ready-made package or rule, or a package as a folder or file; without it, they are listed",
    )
    parser.add_argument("--app", type=Path, default=Path(), help="the app; here when left out")
    parser.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE", help="a value of a parameter")
    parser.add_argument("--use", action="append", default=[], metavar="WORD=NAME", help="the app's name for a word")
    parser.add_argument(
        "--rename",
        action="append",
        default=[],
        metavar="DOCUMENT=NAME",
        help="what a document of a package is called here (forms/task=project_task), or which role of the app a role "
        "of it is (roles/employee=sales)",
    )
    parser.add_argument("--update", action="store_true", help="bring a package that the app has to this version")
    parser.add_argument("--remove", action="store_true", help="take a package out of the app")
    parser.add_argument(
        "--take", choices=("mine", "theirs"), help="with --update: whose counts where both sides changed the same"
    )
    parser.add_argument("--name", help="what the rule is called; the name of the scenario when left out")
    parser.add_argument("--search", default="", help="list only scenarios with these words")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    known = scenarios()
    if options.scenario is not None and options.scenario not in known:
        return _package(options, console, known)
    if options.scenario is None:
        for name in packages.ready_made():
            said = packages.package(name).app.data
            if options.search.lower() in f"{name} {said.get('title')}".lower():
                console.print(f"{name:36} {localized(said.get('title') or name, 'en')} (package)")
        for name, (group, scenario) in known.items():
            if matches(group, scenario, options.search):
                console.print(f"{name:36} {localized(fill(scenario)['title'], 'en')}")
        return 0
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


def _package(options: Namespace, console: Console, known: Mapping[str, object]) -> int:
    """Put a package in, bring it to its newer version, or take it out."""
    if not (options.app / "app.json").is_file():
        raise NotInstalled(f"{options.app} is no app: it has no app.json; name one with --app")
    ready = packages.ready_made()
    at = ready.get(options.scenario, Path(options.scenario))
    if not at.exists() and not options.remove:
        near = suggestion(options.scenario, (*ready, *known))
        raise NotInstalled(f"there is no package or ready-made rule '{options.scenario}', and no such folder. {near}")
    try:
        names = _pairs(options.rename)
    except UnknownValue as error:
        raise NotInstalled(str(error)) from None
    bringing = Bringing(Reading(plugins_of(options)), options.app, options.scenario if options.remove else at)
    if options.remove:
        made = bringing.removed()
    elif options.update:
        made = bringing.updated(options.take)
    else:
        made = bringing.installed(names)
    for path in written(options.app, made):
        console.print(path)
    console.say("Now: lowcode plan, and lowcode apply")
    return 0


def _pairs(written: list[str]) -> dict[str, str]:
    found = {}
    for each in written:
        name, sign, value = each.partition("=")
        if not sign:
            raise UnknownValue(f"'{each}' is not NAME=VALUE")
        found[name.strip()] = value.strip()
    return found
