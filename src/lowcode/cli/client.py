"""`lowcode client`: a client of an app's API that knows its forms and fields by their types."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.opening import understood
from lowcode.cli.places import PLACE, place
from lowcode.cli.understanding import plugins_of
from lowcode.client import python, typescript
from lowcode.host import Host

WRITERS = {"python": python.module, "typescript": typescript.module}
ENDINGS = {".py": "python", ".ts": "typescript"}


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=place, help=f"the app: {PLACE}")
    parser.add_argument("-o", "--output", type=Path, help="the file to write; standard output when left out")
    parser.add_argument("--language", choices=tuple(WRITERS), help="by the ending of the file when left out, or Python")
    parser.add_argument("--name", default="Api", help="what the class is called (Api)")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    plugins = plugins_of(options)
    documents = understood(options.app, console, plugins)
    host = Host(documents, "sqlite://", plugins=plugins)
    try:
        described = host.ask(host.app_actor, "api.openapi")
    finally:
        host.close()
    ending = options.output.suffix if options.output is not None else ""
    text = WRITERS[options.language or ENDINGS.get(ending, "python")](described, options.name)
    if options.output is None:
        console.print(text)
    else:
        options.output.write_text(text, encoding="utf-8")
        console.say(console.green(f"{options.output}: {text.count(chr(10))} lines"))
    return 0
