"""`lowcode offers`: what a program with an OpenAPI document can be asked, and a request to begin with."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from lowcode.api.offers.connected import Connected
from lowcode.api.offers.listing import connected_of, listed, one
from lowcode.cli.console import Console, columns
from lowcode.cli.opening import understood
from lowcode.cli.places import PLACE, place
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.kernel.diagnostics import Report


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=place, help=f"the app: {PLACE}")
    parser.add_argument("connector", nargs="?", help="a connector of the type openapi; left out, all are listed")
    parser.add_argument("operation", nargs="?", help="one of its operations, to be told in full")
    parser.add_argument("--json", action="store_true", help="write what is found as JSON")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    plugins = plugins_of(options)
    app = Reading(plugins).compile(understood(options.app, console, plugins), Report())
    assert app is not None, "what was understood without errors compiles"
    plan = app.plans["api"]
    if options.operation is not None:
        told = one(connected_of(plan, options.connector), options.connector, options.operation)
        console.print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0 if told["problem"] is None else 1
    if options.connector is not None:
        names = [options.connector]
    else:
        names = [each.name for each in plan.targets.values() if isinstance(each.document, Connected)]
    found = {name: listed(connected_of(plan, name)) for name in names}
    if options.json:
        console.print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for name, operations in found.items():
        console.print(console.bold(name))
        wide = max((columns(each["name"]) for each in operations), default=0)
        for each in operations:
            gap = " " * (wide - columns(each["name"]))
            console.print(f"  {each['name']}{gap}  {each['address']}  {console.dim(each['title'])}".rstrip())
            if each["problem"] is not None:
                console.print(f"  {' ' * wide}  {console.yellow(each['problem'])}")
    return 0
