"""`lowcode bpmn`: a flow as BPMN 2.0 XML, to be drawn elsewhere, and a model that was drawn elsewhere as a flow."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.findings import show_report
from lowcode.cli.speaking import spoken
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.flows.bpmn import from_bpmn, to_bpmn
from lowcode.flows.operations.models import exits_by
from lowcode.kernel.definitions.format import format_document
from lowcode.kernel.diagnostics import LowcodeError, Report, suggestion


class NoSuchFlow(LowcodeError):
    """There is no such flow in the app."""


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("direction", choices=("export", "import"), help="out of an app, or into one")
    parser.add_argument("app", type=Path, help="the folder of the app")
    parser.add_argument("what", help="export: the name of the flow; import: the file of the model")
    parser.add_argument("--form", default="", help="import: the form whose records the flow accompanies")
    parser.add_argument("--process", default="", help="import: which process of the model, where there are several")
    parser.add_argument("--output", type=Path, help="the file to write; export: the screen when left out")
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="export: the language of names")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    reading = Reading(plugins_of(options))
    engine: Any = next(each for each in reading.engines if each.name == "flows")
    exits = exits_by(engine.reader)
    if options.direction == "export":
        documents = reading.load(options.app, Report())
        flows = {source.name: source.data for source in documents.of("flows")}
        if options.what not in flows:
            raise NoSuchFlow(f"there is no flow '{options.what}'. {suggestion(options.what, flows)}")
        xml = to_bpmn(flows[options.what], exits, options.language)
        if options.output is None:
            console.print(xml.rstrip())
        else:
            options.output.write_text(xml, encoding="utf-8")
        return 0
    model = Path(options.what)
    document, report = from_bpmn(model.read_bytes(), exits, form=options.form, process=options.process, file=model.name)
    show_report(console, report, lambda _: None)
    if document is None:
        return 1
    target = options.output or options.app / "flows" / f"{document['name']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(format_document(document), encoding="utf-8")
    console.say(f"{target} was written; `lowcode check` says what is still missing")
    return 0
