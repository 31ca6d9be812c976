"""What a command of the command line is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from lowcode.cli.console import Console


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `run` gets the parsed arguments and the console, and returns the exit code."""

    name: str
    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Console], int]
