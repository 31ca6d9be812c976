"""The command line: `lowcode check`, `plan`, `apply`, `serve` and the rest, one file per command.

A command is a `Command`: its name, one line of help, the arguments it adds and what it runs. `main` parses, runs and
turns what was refused into words and an exit code: 0 done, 1 refused or something wrong found, 2 wrong usage,
130 interrupted. Results go to standard output, everything said on the way to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lowcode.cli import check, diff, format, schema
from lowcode.cli.command import Command
from lowcode.cli.console import Console
from lowcode.cli.findings import show_report
from lowcode.kernel.diagnostics import DefinitionError, LowcodeError

COMMANDS: tuple[Command, ...] = (check.COMMAND, diff.COMMAND, format.COMMAND, schema.COMMAND)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = parser_of(COMMANDS)
    options = parser.parse_args(arguments)
    console = Console(sys.stdout, sys.stderr)
    try:
        code: int = options.run(options, console)
    except DefinitionError as error:
        show_report(console, error.report)
        code = 1
    except LowcodeError as error:
        console.say(console.red(str(error)))
        code = 1
    except KeyboardInterrupt:
        console.say("interrupted")
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    return code


def parser_of(commands: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(prog="lowcode", description="Apps made of JSON definitions: check, try, run them.")
    subparsers = parser.add_subparsers(title="commands", metavar="command", required=True)
    for command in commands:
        added = subparsers.add_parser(command.name, help=command.summary, description=command.summary)
        command.arguments(added)
        added.set_defaults(run=command.run)
    return parser
