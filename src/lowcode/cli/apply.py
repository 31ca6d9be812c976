"""`lowcode apply`: a database brought to the version of an app, whole or not at all."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lowcode import publishing
from lowcode.cli.console import Console
from lowcode.cli.opening import planned_host
from lowcode.cli.plans import Watched, allow_argument, app_arguments, command_of, plan_json, planning, show_plan
from lowcode.kernel.storage.migrate import ApplyStale


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    app_arguments(parser)
    allow_argument(parser)
    parser.add_argument("--plan", metavar="NUMBER", help="apply only if the plan is still the one with this number")
    parser.add_argument("--json", action="store_true", help="write what was done as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    with planned_host(options, console) as host:
        plan = host.plan(planning(options.allow))
        if options.plan is not None and not (plan.digest.startswith(options.plan) and len(options.plan) >= 8):
            raise ApplyStale(f"the plan is now {plan.digest[:16]}, not {options.plan}; look at it again")
        watched = Watched(console, options.language)
        try:
            publishing.apply(host, plan, options.allow, watched, command_of("apply", options))
        finally:
            watched.finish()
        if options.json:
            console.print(plan_json(plan))
        else:
            show_plan(console, plan, host.app.name, options)
    return 0
