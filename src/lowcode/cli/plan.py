"""`lowcode plan`: what applying an app to a database would do: steps, rows, cost, what breaks, which consents."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lowcode.cli.console import Console
from lowcode.cli.opening import planned_host
from lowcode.cli.plans import Teller, allow_argument, app_arguments, plan_json, planning, show_plan


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    app_arguments(parser)
    allow_argument(parser)
    parser.add_argument("--json", action="store_true", help="write the plan as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command; 1 when applying would be refused without further consent."""
    tell = Teller(options.language)
    with planned_host(options, console) as host:
        plan = host.plan(planning(options.allow))
        needed = plan.needed(options.allow)
        wrong = any(found.severity == "error" for effect in plan.effects for found in effect.findings)
        if options.json:
            console.print(plan_json(plan))
        else:
            show_plan(console, plan, host.app.name, options)
            if wrong:
                console.say(console.red(tell("refused")))
            elif needed:
                console.say(console.yellow(tell("allow") + " ".join(f"--allow {each}" for each in needed)))
    return 1 if wrong or needed else 0
