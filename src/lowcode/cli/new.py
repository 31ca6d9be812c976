"""`lowcode new`: an app, one more document of it, or a kind for a plug-in; what is written has nothing wrong."""

from __future__ import annotations

import keyword
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lowcode.cli import scaffold
from lowcode.cli.console import Console
from lowcode.cli.models import every_model, model_of
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.definitions.names import NAME, as_name
from lowcode.kernel.diagnostics import LowcodeError, suggestion
from lowcode.plugins import kinds_with

FOLDERS = {"form": "forms", "flow": "flows", "rule": "rules", "table": "rules", "test": "tests"}


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
    parser.add_argument("--form", help="the form a flow, rule or table is about")


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
    if options.kind in ("flow", "rule", "table") and options.form not in forms:
        raise NotNew(f"a {options.kind} is about a form; name it with --form. {suggestion(options.form, forms)}")
    ending = ".test.json" if options.kind == "test" else ".json"
    path = f"{FOLDERS[options.kind]}/{name}{ending}"
    _write(options.app, path, document(options.kind, name, options.form), console)
    return 0


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


def app_documents(name: str) -> dict[str, Any]:
    """The documents of an app to begin with: one form, one role, one person."""
    title = name.replace("_", " ").capitalize()
    return {
        "app.json": {
            "name": name,
            "title": title,
            "version": "0.1.0",
            "roles": [{"name": "member", "title": {"zh-CN": "成员", "en": "Member"}}],
            "menus": [{"title": title, "items": [{"form": "note"}, {"tasks": True}]}],
        },
        "forms/note.json": {**document("form", "note", None), "title": {"zh-CN": "记录", "en": "Note"}},
        "seed/people.json": {"users": [{"login": "ada", "name": "Ada", "roles": ["member", "administrator"]}]},
        "tests/note.test.json": {
            "name": "note",
            "title": "A note is kept",
            "steps": [
                {"as": "ada", "create": {"form": "note", "values": {"title": "First"}, "as": "note"}},
                {"as": "ada", "expect": {"record": "$note", "values": {"title": "First"}}},
            ],
        },
    }


def document(kind: str, name: str, form: str | None) -> dict[str, Any]:
    """A document of a kind to begin with."""
    title = name.replace("_", " ").capitalize()
    head: dict[str, Any] = {"name": name, "title": title}
    if kind == "form":
        return head | {
            "label": "title",
            "fields": [
                {
                    "name": "title",
                    "type": "text",
                    "title": {"zh-CN": "标题", "en": "Title"},
                    "required": True,
                    "search": True,
                },
                {"name": "details", "type": "long_text", "title": {"zh-CN": "详情", "en": "Details"}},
            ],
            "permissions": [{"role": "member", "can": ["create", "read", "edit"]}],
        }
    if kind == "flow":
        nodes = [
            {"id": "start", "type": "start", "to": "check"},
            {
                "id": "check",
                "type": "approve",
                "title": {"zh-CN": "审批", "en": "Check"},
                "approvers": [{"role": "administrator"}],
                "approved": "end",
                "rejected": "end",
            },
            {"id": "end", "type": "end"},
        ]
        return head | {"form": form, "start": {"on": "manual"}, "nodes": nodes}
    if kind == "rule":
        notice = {"notify": {"to": ["owner"], "title": {"zh-CN": "有新记录", "en": "Something new"}}}
        return head | {"form": form, "on": {"created": True}, "actions": [notice]}
    if kind == "table":
        return head | {
            "type": "table",
            "form": form,
            "hit": "FIRST",
            "inputs": [{"name": "mine", "expression": "owner = ME()"}],
            "outputs": [{"name": "answer", "type": "text"}],
            "rules": [
                {"when": {"mine": "TRUE"}, "then": {"answer": '"mine"'}},
                {"when": {"mine": "-"}, "then": {"answer": '"another\'s"'}},
            ],
        }
    return head | {"steps": []}


def _write(app: Path, relative: str, data: Any, console: Console) -> None:
    path = app / relative
    if path.exists():
        raise NotNew(f"{path} is there already")
    folder = relative.rpartition("/")[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_document(data, model_of(every_model(), folder)), "utf-8", newline="\n")
    console.print(str(path))
