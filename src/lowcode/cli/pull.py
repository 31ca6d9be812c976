"""`lowcode pull`: the app of a database, or of another folder, fetched into a folder.

What would be written over is said first, in words, and needs a word of consent; what was there goes into an archive
beside the folder, from which it can be pulled back.
"""

from __future__ import annotations

import json
import zipfile
from argparse import ArgumentParser, Namespace
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from lowcode.cli import remote
from lowcode.cli.console import Console
from lowcode.cli.diff import show, values_of
from lowcode.cli.places import ANYWHERE, Place, Running, documents_at, documents_whole, place, replace
from lowcode.cli.plans import language_argument
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.definitions import Documents
from lowcode.kernel.definitions.diff import diff
from lowcode.kernel.diagnostics import Report
from lowcode.plugins import names_of

WORDS = {
    "same": ("{folder} 已是最新", "{folder} has it already"),
    "new": ("已写入 {folder}：{count} 个文档", "written into {folder}: {count} documents"),
    "kept": ("原有内容保存在 {archive}；撤销：lowcode pull {folder} --from {archive} --overwrite",
             "what was there is kept in {archive}; to undo: lowcode pull {folder} --from {archive} --overwrite"),
    "ask": ("{folder} 中的内容将被覆盖；确认请加 --overwrite",
            "this would be written over in {folder}; to do it: --overwrite"),
}  # fmt: skip


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="the folder it is written into")
    parser.add_argument("--from", dest="source", type=place, required=True, metavar="APP", help=ANYWHERE)
    parser.add_argument("--overwrite", action="store_true", help="write over what differs")
    parser.add_argument("--plan", action="store_true", help="only say what would change in the folder")
    parser.add_argument("--json", action="store_true", help="write the changes as JSON")
    language_argument(parser)


def run(options: Namespace, console: Console) -> int:
    """Run the command; 1 when something would be written over without consent."""
    folder: Path = options.folder

    def tell(key: str, **values: object) -> str:
        return WORDS[key][0 if options.language == "zh-CN" else 1].format(folder=folder, **values)

    engines = names_of(Reading(plugins_of(options)).engines)
    fetched = documents_whole(options.source, engines)
    there = documents_at(folder, Report(), engines) if (folder / "app.json").is_file() else None
    changes = diff(there, fetched) if there is not None else ()
    if options.json:
        console.print(json.dumps([values_of(each) for each in changes], ensure_ascii=False, indent=1))
    else:
        show(console, changes, options.language)
    if there is not None and not changes and _same(there, fetched):
        console.say(tell("same"))
        _mark(folder, options.source, fetched)
        remote.finished(folder)
        return 0
    if options.plan:
        return 0
    if there is not None and not options.overwrite:
        console.say(console.yellow(tell("ask")))
        return 1
    archive = _keep(folder) if there is not None else None
    if archive is not None:
        console.say(tell("kept", archive=archive))
    remote.begun(folder, str(options.source), archive)
    replace(folder, fetched, there)
    _mark(folder, options.source, fetched)
    remote.finished(folder)
    console.say(console.green(tell("new", count=len(list(fetched)))))
    return 0


def _mark(folder: Path, source: Place, fetched: Documents) -> None:
    """Remember what a running host and the folder have in common: `lowcode push` looks at it."""
    if isinstance(source, Running):
        remote.mark(folder, source.url, fetched.digest)


def _same(one: Documents, other: Documents) -> bool:
    return one.digest == other.digest and dict(one.files) == dict(other.files)


def _keep(folder: Path) -> Path:
    """An archive of the app that stands in a folder."""
    whole = folder.resolve()
    ends = chain(("",), (f"-{number}" for number in count(2)))
    names = (f"{whole.name}-{datetime.now():%Y%m%d-%H%M%S}{end}.zip" for end in ends)
    path = next(path for name in names if not (path := whole.parent / name).exists())
    beside = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            name = each.relative_to(folder)
            if each.is_file() and not name.parts[0].startswith("."):
                archive.write(each, name.as_posix())
    beside.replace(path)  # what bears the name is whole
    return path
