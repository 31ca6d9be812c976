"""`lowcode schema`: JSON Schemas of every document, and the settings that make an editor use them."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.models import every_model
from lowcode.cli.understanding import plugins_of
from lowcode.kernel.definitions.schema import Models, editor_settings, write_schemas

SHIPPED = Path(__file__).parent.parent / "schemas"
LOCAL = ".schemas"


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, nargs="?", default=SHIPPED, help="where to write the schemas")
    parser.add_argument(
        "--app", type=Path, metavar="FOLDER", help="write them into an app, with the settings for VS Code"
    )


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    models = every_model(plugins_of(options))
    folder = options.app / LOCAL if options.app else options.folder
    written = write_schemas(folder, models)
    for path in written:
        console.print(str(path))
    if options.app:
        _settings(options.app / ".vscode" / "settings.json", models, console)
    return 0


def _settings(path: Path, models: Models, console: Console) -> None:
    """Add the setting to those that are there; a file that is not plain JSON is left alone and the setting shown."""
    wanted = editor_settings(models, f"./{LOCAL}")
    settings: dict[str, Any] = {}
    if path.exists():
        try:
            settings = json.loads(path.read_text("utf-8"))
        except ValueError:
            console.say(f"{path} holds comments; add this to it:")
            console.print(json.dumps(wanted, indent=2))
            return
    ours = {each["url"] for each in wanted["json.schemas"]}
    others = [each for each in settings.get("json.schemas", []) if each.get("url") not in ours]
    settings["json.schemas"] = [*others, *wanted["json.schemas"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", "utf-8")
    console.print(str(path))
