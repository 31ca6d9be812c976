"""Rules that wait: a list of actions cut where it waits, and the condition that ends the waits of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Place
from lowcode.kernel.expressions import Expression, Type, nodes
from lowcode.kernel.expressions.types import DATETIME
from lowcode.rules.actions.kind import Action
from lowcode.rules.actions.wait import WaitAction
from lowcode.rules.definition import RuleDocument
from lowcode.rules.plan import Rule, Step

STARTED: Mapping[str, Type] = {"started_at": DATETIME}
"""What expressions of a rule that waits may ask: when it set out for the record."""

Refuse = Callable[..., None]


def waits(document: RuleDocument) -> bool:
    """Whether a rule waits between its actions."""
    return any("wait" in each for each in document.actions)


def variables_of(document: RuleDocument) -> dict[str, Type]:
    """The variables its actions begin with."""
    return dict(STARTED) if waits(document) else {}


def check_waits(document: RuleDocument, refuse: Refuse) -> None:
    """A wait stands between actions of a rule, not within a step; something comes after it; an exit ends a wait."""
    for at, step in enumerate(document.steps):
        for index, action in enumerate(step.actions):
            if "wait" in action:
                refuse("wait-in-step", f"/steps/{at}/actions/{index}/wait")
    if document.actions and "wait" in document.actions[-1]:
        refuse("wait-for-nothing", f"/actions/{len(document.actions) - 1}/wait")
    if document.exit is not None and not waits(document):
        refuse("exit-without-wait", "/exit")


def cut(actions: Sequence[Action]) -> tuple[Step, ...]:
    """The actions up to the first wait as step 0, and a step more after each wait."""
    steps = [Step(0, None, ())]
    for action in actions:
        if isinstance(action, WaitAction):
            steps.append(Step(len(steps), None, (), wait=action))
        else:
            steps[-1] = replace(steps[-1], actions=(*steps[-1].actions, action))
    return tuple(steps)


def watching_exit(rule: Rule, source: SourceDocument, compiled: Callable[[SourceDocument], Rule | None]) -> Rule | None:
    """The rule that notices in a save that the exit condition of another came true; None when only the time can tell,
    or when other records must be asked: then it is asked at the end of each wait."""
    condition = rule.exit
    if condition is None or rule.form is None or condition.rows or _reads_start(condition):
        return None
    said = {
        "name": rule.name,
        "form": rule.form,
        "on": {"becomes": condition.text},
        "actions": [{"stop": {"rule": rule.name}}],
    }
    made = compiled(SourceDocument("rules", _OfExit(source, said)))
    return replace(made, name=f"{rule.name}:exit", ends=rule.name) if made is not None else None


def _reads_start(condition: Expression) -> bool:
    return any(isinstance(node, nodes.Variable) and node.name == "started_at" for node in nodes.walk(condition.tree))


class _OfExit(Source):
    """A document made from the exit of a rule: whatever is found in it stands there."""

    def __init__(self, source: SourceDocument, data: dict[str, Any]) -> None:
        super().__init__(source.path, None, data)
        self._origin = source

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """The exit condition."""
        return self._origin.place("/exit", key=key)
