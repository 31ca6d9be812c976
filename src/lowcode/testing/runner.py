"""Telling a story: step by step, until something is not as expected; the failure names the step, its line and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lowcode.kernel.definitions import Documents, Part, Source, load, parse
from lowcode.kernel.diagnostics import Catalogue, DefinitionError, Diagnostic, LowcodeError, Message, Report
from lowcode.plugins import Plugins, engines_with, kinds_with, names_of
from lowcode.testing import definition as d
from lowcode.testing.actions import find, perform
from lowcode.testing.expectations import contains, expect, expect_refused
from lowcode.testing.saved import UnknownReference
from lowcode.testing.world import CannotGoOn, Understood, World

SUFFIX = ".test.json"

MESSAGES = Catalogue(
    "tests",
    {
        "name-unlike-file": Message(
            "the name is '{seen}', the file's is '{file}'",
            "A test is named like its file, without `.test.json`.",
            "Write '{file}', or rename the file to {seen}.test.json.",
        ),
        "not-as-expected": Message(
            "{difference}",
            "What the story expects is not so.",
            "Correct the expectation, or the definition that makes it otherwise.",
        ),
        "refused": Message(
            "{reason}",
            "What a step does was refused, or what it speaks of is not there.",
            "Correct the step; where it has to be refused, write expect_refused.",
        ),
    },
)

Watch = Callable[[int, int], None]
"""Told how many steps of how many are done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a story ended: `failures` is empty when all was as expected."""

    failures: tuple[Diagnostic, ...]
    steps: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.failures


class Story:
    """One app test, ready to be told any number of times, each time in a new world."""

    def __init__(self, understood: Understood, source: Source, definition: d.AppTest) -> None:
        self.understood = understood
        self.source = source
        self.definition = definition
        self.name = definition.name

    def __str__(self) -> str:
        return self.name

    def run(self, database: str = "sqlite://", watch: Watch | None = None) -> Outcome:
        """Tell it on a database, in memory unless another is given, which must be empty."""
        began = time.perf_counter()
        world = World(self.understood, self.definition.start, self.definition.seed, database)
        failures: tuple[Diagnostic, ...] = ()
        done = 0
        try:
            for index, step in enumerate(self.definition.steps):
                if watch is not None:
                    watch(index, len(self.definition.steps))
                failures = tuple(self._step(world, index, step))
                done = index + 1
                if failures:
                    break
        finally:
            world.close()
        return Outcome(failures, done, time.perf_counter() - began)

    def check(self, database: str = "sqlite://") -> None:
        """Tell it, and raise AssertionError with everything that was not as expected: for pytest."""
        outcome = self.run(database)
        if not outcome.passed:
            raise AssertionError("\n".join(str(each) for each in outcome.failures))

    def _step(self, world: World, index: int, step: d.AnyStep) -> Iterator[Diagnostic]:
        pointer = f"/steps/{index}"
        try:
            for difference in _told(world, step):
                place = self.source.place(pointer + _within(step, difference.pointer))
                yield MESSAGES.diagnostic("not-as-expected", place, difference=difference)
            world.settle()
        except (LowcodeError, CannotGoOn, UnknownReference) as error:
            yield MESSAGES.diagnostic("refused", self.source.place(pointer), reason=error)


def _told(world: World, step: d.AnyStep) -> Iterator[Any]:
    if isinstance(step, d.ExpectStep):
        yield from expect(world, step)
    elif isinstance(step, d.RefusedStep):
        yield from expect_refused(world, step)
    elif isinstance(step, d.AdvanceStep):
        world.advance(step.advance)
    elif isinstance(step, d.FindStep):
        find(world, step)
    else:
        answer = perform(world, step)
        if isinstance(step, (d.AskStep, d.CallStep)) and step.contains is not None:
            yield from contains(world, step.contains, answer)


def _within(step: d.AnyStep, pointer: str) -> str:
    """Where in a step an expectation stands."""
    if isinstance(step, d.RefusedStep):
        return "/expect_refused"
    if not isinstance(step, d.ExpectStep):
        return pointer
    names = [name for name in type(step.expect).model_fields if isinstance(getattr(step.expect, name), Part)]
    return "/expect" + "".join(f"/{name}" for name in names[:1]) + pointer


def stories(app: str | Path | Documents, report: Report | None = None, plugins: Plugins = ()) -> list[Story]:
    """The app tests of an app, told with these plug-ins.

    Raises DefinitionError for what cannot be read, unless a report is given for it.
    """
    documents = app if isinstance(app, Documents) else load(app, Report(), engines=_folders(plugins))
    found = Report() if report is None else report
    understood = Understood(documents, plugins)
    read = [_story(understood, path, found) for path in documents.files.under("tests") if path.endswith(SUFFIX)]
    if report is None and not found.ok:
        raise DefinitionError(found)
    return [each for each in read if each is not None]


def _folders(plugins: Plugins) -> tuple[str, ...]:
    return names_of(engines_with(kinds_with(plugins))) if plugins else ()


def _story(understood: Understood, path: str, report: Report) -> Story | None:
    source = understood.documents.files.source(path, report)
    definition = parse(d.AppTest, source, report) if source.whole else None
    if definition is None:
        return None
    file = PurePosixPath(path).name.removesuffix(SUFFIX)
    if definition.name != file:
        report.add(MESSAGES.diagnostic("name-unlike-file", source.place("/name"), seen=definition.name, file=file))
    return Story(understood, source, definition)
