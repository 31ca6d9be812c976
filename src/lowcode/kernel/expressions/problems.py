"""What is wrong with an expression: code, words, position, cure.

ExpressionError
└── holds ExpressionProblem, one for each mistake found

NotPushable
└── a back end cannot express a tree; the reason is in words
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ExpressionProblem:
    """One mistake in the text of an expression."""

    code: str
    message: str
    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1
    hint: str = ""
    nearest: str | None = None
    text: str = ""

    def __str__(self) -> str:
        lines = self.text.splitlines() or [""]
        shown = lines[min(self.line, len(lines)) - 1]
        width = max(1, min(self.end - self.start, len(shown) - self.column + 1))
        parts = [
            f"line {self.line}, column {self.column}: {self.message}",
            f"  {shown}",
            "  " + " " * (self.column - 1) + "^" * width,
        ]
        if self.hint:
            parts.append(f"  {self.hint}")
        return "\n".join(parts)


def problem(
    code: str, message: str, text: str, start: int, end: int, hint: str = "", nearest: str | None = None
) -> ExpressionProblem:
    """A problem with line and column worked out from the position."""
    before = text[:start]
    line = before.count("\n") + 1
    column = start - (before.rfind("\n") + 1) + 1
    if nearest and not hint:
        hint = f"Did you mean {nearest}?"
    return ExpressionProblem(f"expressions.{code}", message, start, end, line, column, hint, nearest, text)


class ExpressionError(Exception):
    """The expression cannot be used; `problems` lists everything found wrong with it."""

    def __init__(self, problems: Iterable[ExpressionProblem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(one) for one in self.problems))


class NotPushable(Exception):
    """A back end cannot carry out this expression; the reason says what stands in the way."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(reason)


class CycleError(Exception):
    """Formulas depend on each other in a circle; `chain` names them in order, first and last the same."""

    def __init__(self, chain: tuple[str, ...]):
        self.chain = chain
        super().__init__("these formulas depend on each other: " + " → ".join(chain))
