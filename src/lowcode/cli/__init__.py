"""The command line: `lowcode check`, `plan`, `apply`, `serve` and the rest, one file per command.

A command is a module of its name with two functions: `arguments(parser)` and `run(options, console)`, which returns
the exit code. `main` parses, runs and turns what was refused into words: 0 done, 1 refused or something wrong found,
2 wrong usage, 130 interrupted. Results go to standard output, everything said on the way to standard error.

Only the module of the command that runs is imported, so that `lowcode --help` does not wait for the engines.
"""

from __future__ import annotations

import gc
import importlib
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from types import ModuleType

from lowcode.cli.console import Console
from lowcode.kernel.diagnostics import DefinitionError, LowcodeError
from lowcode.kernel.release import release

COMMANDS = {
    "new": "begin an app, or a document of one",
    "install": "put a package or a ready-made rule into an app, or list what there is",
    "parts": "list the parts of an app, or switch some on and off",
    "check": "tell everything that is wrong with the definitions of an app",
    "pull": "fetch the app of a running host, a database or another folder into a folder",
    "push": "publish an app to a running host over HTTP",
    "diff": "say what changed between two versions of an app",
    "overlay": "keep one's own changes over an app that somebody else keeps up, and take its changes in",
    "format": "write every document in the one canonical way",
    "explain": "say what a save of a form sets going, and which rows each role reads",
    "offers": "say what a program with an OpenAPI document can be asked",
    "bpmn": "write a flow as BPMN 2.0 XML, or make a flow of a model",
    "client": "write a client of an app's API in Python or TypeScript, with types of its forms",
    "schema": "write the JSON Schemas of all documents, for editors",
    "test": "run the tests of an app (tests/*.test.json)",
    "plan": "say what applying an app to a database would do, before anything is done",
    "apply": "bring a database to the version of an app",
    "undo": "take a database back to the version before",
    "serve": "serve an app on a database over HTTP",
    "work": "deliver, keep timers and do what was put off, in a process of its own",
    "mcp": "let an agent work with an app, over standard input and output (Model Context Protocol)",
    "backup": "write definitions, rows and files of an app into one archive",
    "restore": "bring a backup into an empty database",
    "demo": "run the example CRM in the browser, with data to try it on",
}

WITHOUT_PLUGINS = frozenset({"new", "diff"})
"""The commands that understand no definitions, and so need no kinds."""

PLUGIN = "use a plug-in: the name it is installed under, a module, or 'installed' for all there are; may be repeated"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    console = Console(sys.stdout, sys.stderr)
    name = next((each for each in given if not each.startswith("-")), "")
    parser = ArgumentParser(prog="lowcode", description="Apps made of JSON definitions: check, try and run them.")
    parser.add_argument("--version", action="version", version=f"lowcode {release()}")
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    for each, summary in COMMANDS.items():
        added = commands.add_parser(each, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        if each == name:
            module = _read(f"lowcode.cli.{each}")
            module.arguments(added)
            if name not in WITHOUT_PLUGINS:
                added.add_argument("--plugin", action="append", default=[], metavar="NAME", help=PLUGIN)
            added.set_defaults(run=module.run)
    options = parser.parse_args(given)
    try:
        return int(options.run(options, console))
    except DefinitionError as error:
        for finding in error.report:
            console.print(str(finding))
        return 1
    except LowcodeError as error:
        chinese = getattr(error, "chinese", "") if getattr(options, "language", "") == "zh-CN" else ""
        console.say(console.red(chinese or str(error)))
        return 1
    except KeyboardInterrupt:
        console.say("interrupted")
        return 130
    except BrokenPipeError:  # whoever read the results has gone, `lowcode check | head` for instance
        sys.stderr.close()
        return 1


def _read(name: str) -> ModuleType:
    """The module of a command, with all it needs. What is read stays: the collector has nothing to find in it, neither
    meanwhile, nor while the command runs, nor at its end."""
    if name in sys.modules:
        return sys.modules[name]
    collecting = gc.isenabled()
    gc.disable()
    try:
        found = importlib.import_module(name)
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return found
