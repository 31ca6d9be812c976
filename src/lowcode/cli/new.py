"""`lowcode new`: an app, one more document of it, or a kind for a plug-in; what is written has nothing wrong."""

from __future__ import annotations

import keyword
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lowcode.cli import scaffold
from lowcode.cli.beginnings import app_documents, document
from lowcode.cli.console import Console
from lowcode.cli.models import every_model, model_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.names import NAME, as_name
from lowcode.kernel.diagnostics import LowcodeError, suggestion
from lowcode.plugins import kinds_with

FOLDERS = {
    "form": "forms",
    "flow": "flows",
    "rule": "rules",
    "table": "rules",
    "report": "reports",
    "dashboard": "reports",
    "template": "printing",
    "endpoint": "api",
    "test": "tests",
}
OF_FORM = ("flow", "rule", "table", "report", "template", "endpoint")
"""Documents that are about a form."""


class NotNew(LowcodeError):
    """It is there already, or cannot be called so."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("kind", choices=("app", *FOLDERS, "kind"), help="what to begin")
    parser.add_argument(
        "names",
        nargs="+",
        metavar="name",
        help="its name; a path for an app; for a kind of a plug-in its sort and name",
    )
    parser.add_argument("--into", type=Path, default=Path(), help="the folder a kind goes into; here when left out")
    parser.add_argument("--app", type=Path, default=Path(), help="the app a document goes into; here when left out")
    parser.add_argument("--form", help=f"the form that a new {', '.join(OF_FORM[:-1])} or {OF_FORM[-1]} is about")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    if options.kind == "kind":
        return _new_kind(options, console)
    if len(options.names) > 1:
        raise NotNew(f"one name is enough for a new {options.kind}; there are {len(options.names)}")
    written = options.names[0]
    if options.kind == "app":
        folder = Path(written)
        for path, data in app_documents(as_name(folder.resolve().name)).items():
            _write(folder, path, data, console)
        console.say(f"Now: lowcode demo {folder}")
        return 0
    if not (options.app / "app.json").is_file():
        raise NotNew(f"{options.app} is no app: it has no app.json; name one with --app")
    name = _name(written)
    forms = sorted(path.stem for path in (options.app / "forms").rglob("*.json"))
    if options.kind in OF_FORM and options.form not in forms:
        raise NotNew(f"{_a(options.kind)} is about a form; name it with --form. {suggestion(options.form, forms)}")
    ending = ".test.json" if options.kind == "test" else ".json"
    path = f"{FOLDERS[options.kind]}/{name}{ending}"
    _write(options.app, path, document(options.kind, name, options.form), console)
    return 0


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "endpoint" else f"a {kind}"


def _name(written: str) -> str:
    name = as_name(written)
    if name != written:
        raise NotNew(f"'{written}' cannot be a name ({NAME}); '{name}' can")
    return name


def _new_kind(options: Namespace, console: Console) -> int:
    """A kind for a plug-in: the module, its test and its page."""
    if len(options.names) != 2:
        raise NotNew(f"write: lowcode new kind SORT NAME, the sort one of {', '.join(scaffold.sorts())}")
    sort, name = options.names[0], _name(options.names[1])
    if sort not in scaffold.sorts():
        raise NotNew(f"there is no extension point '{sort}'. {suggestion(sort, scaffold.sorts())}")
    if name in sys.stdlib_module_names or keyword.iskeyword(name):
        raise NotNew(f"'{name}' is a module or a word of Python; choose another name")
    if {name, name.upper()} & set(kinds_with()[sort].names):
        raise NotNew(f"there is a {sort} '{name}' already; choose another name")
    written = {options.into / path: text for path, text in scaffold.files(sort, name).items()}
    there = [str(path) for path in written if path.exists()]
    if there:
        raise NotNew(f"{there[0]} is there already")
    options.into.mkdir(parents=True, exist_ok=True)
    for path, text in written.items():
        path.write_text(text, "utf-8", newline="\n")
        console.print(str(path))
    console.say(f"Now: pytest {options.into / f'test_{name}.py'}")
    return 0


def _write(app: Path, relative: str, data: Any, console: Console) -> None:
    path = app / relative
    if path.exists():
        raise NotNew(f"{path} is there already")
    folder = relative.rpartition("/")[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_document(data, model_of(every_model(), folder)), "utf-8", newline="\n")
    console.print(str(path))
