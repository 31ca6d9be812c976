"""`lowcode undo`: a database taken back to the version before, with the data it had and what was written since."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lowcode import publishing
from lowcode.cli.console import Console
from lowcode.cli.opening import planned_host
from lowcode.cli.places import replace
from lowcode.cli.plans import Teller, Watched, allow_argument, app_arguments, command_of, plan_json, show_plan

WORDS = {
    "zh-CN": "数据库已回到之前的版本；{app} 里仍是较新的定义，加 --write 可写回之前的定义",
    "en": "the database is at the version before; {app} still holds the newer definitions: see --write",
}


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    app_arguments(parser)
    allow_argument(parser)
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--write", action="store_true", help="write the former documents into the folder of the app")
    parser.add_argument("--json", action="store_true", help="write what is done as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    tell = Teller(options.language)
    with planned_host(options, console, there=True) as host:
        plan, documents = publishing.plan_undo(host)
        needed = [each for each in plan.needed(options.allow) if not each.startswith("retire:")]
        if not options.plan:
            watched = Watched(console, options.language)
            try:
                publishing.apply(host, plan, options.allow, watched, command_of("undo", options))
            finally:
                watched.finish()
        if options.json:
            console.print(plan_json(plan))
        else:
            show_plan(console, plan, host.app.name, options)
    if options.plan:
        if needed:
            console.say(console.yellow(tell("allow") + " ".join(f"--allow {each}" for each in needed)))
        return 1 if needed else 0
    if options.write and options.app.is_dir():
        replace(options.app, documents)
    else:
        console.say(WORDS[options.language].format(app=options.app))
    return 0
