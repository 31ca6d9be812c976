"""`lowcode check`: everything that is wrong with an app, at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.findings import as_json, show_report
from lowcode.cli.speaking import spoken
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.definitions import Documents, Source
from lowcode.kernel.diagnostics import Report
from lowcode.testing import stories


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("--json", action="store_true", help="write the findings as JSON")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    report = Report()
    reading = Reading(plugins_of(options))
    documents = reading.load(options.app, report)
    companions = _read_companions(documents, report)
    stories(documents, report)
    reading.compile(documents, report)
    if options.json:
        console.print(as_json(report))
    else:
        show_report(console, report, lambda path: documents.source(path) or companions.get(path))
        if not len(report):
            count = len(list(documents))
            words = f"：{count} 个文件，没有错误" if spoken() == "zh-CN" else f": {count} documents, nothing wrong"
            console.say(console.green(f"{documents.app.name}{words}"))
    return 0 if report.ok and not (options.strict and len(report)) else 1


def _read_companions(documents: Documents, report: Report) -> dict[str, Source]:
    """Seed rows, locales and app tests are JSON too, though no engine compiles them."""
    paths = [path for path in documents.files if path.endswith(".json")]
    return {path: documents.files.source(path, report) for path in paths}
