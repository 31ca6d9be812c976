"""`lowcode test`: the app's own tests, told one by one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Bar, Console
from lowcode.cli.findings import show_finding, show_report
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.diagnostics import Report, suggestion
from lowcode.testing import Story, stories


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("names", nargs="*", metavar="name", help="only these tests")
    parser.add_argument("--database", default="sqlite://", help="an empty database; in memory when left out")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    report = Report()
    plugins = plugins_of(options)
    documents = Reading(plugins).load(options.app, report)
    found = {story.name: story for story in stories(documents, report, plugins)}
    if not report.ok:
        show_report(console, report, documents.source)
        return 1
    unknown = [name for name in options.names if name not in found]
    for name in unknown:
        console.say(console.red(f"there is no test '{name}'. {suggestion(name, found)}"))
    chosen = [found[name] for name in options.names if name in found] if options.names else list(found.values())
    failed = sum(not _tell(story, options.database, console) for story in chosen)
    if not found:
        console.say("the app has no tests (tests/*.test.json)")
    elif not unknown:
        words = f"{len(chosen) - failed} of {len(chosen)} tests passed"
        console.say(console.red(words) if failed else console.green(words))
    return 1 if failed or unknown else 0


def _tell(story: Story, database: str, console: Console) -> bool:
    bar = Bar(console.error, story.name, len(story.definition.steps))
    outcome = story.run(database, lambda done, _total: bar.draw(done))
    bar.finish()
    sign = console.green("✓") if outcome.passed else console.red("✗")
    console.print(f"{sign} {story.name}  {console.dim(f'{outcome.steps} steps, {outcome.seconds:.1f} s')}")
    for finding in outcome.failures:
        show_finding(console, finding, lambda _path: story.source)
    return outcome.passed
