"""What is wrong with an expression: code, sentence, position, cure.

ExpressionError
└── holds ExpressionProblem, one for each mistake found

NotPushable
└── a back end cannot express a tree; the reason is in words
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.expressions.told import Sentence, say, several

AROUND = 50
"""So many characters of a long text are shown on either side of the place."""


@dataclass(frozen=True)
class ExpressionProblem:
    """One mistake in the text of an expression; `said` and `cure` are told in the language of whoever reads them."""

    code: str
    said: Sentence
    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1
    cure: Sentence | None = None
    nearest: str | None = None
    text: str = ""

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.said.told("en")

    @property
    def hint(self) -> str:
        """The cure, in English."""
        return self.cure.told("en") if self.cure is not None else ""

    @property
    def both(self) -> dict[str, str]:
        """What is wrong and the cure, in both languages."""
        return several(self.said, self.cure)

    @property
    def values(self) -> dict[str, Any]:
        """What a program reads of it: the sentence by its key and the values in it, as JSON."""
        return {"column": self.column, "key": self.said.key, "values": self.said.plain}

    def told(self, locale: str | None) -> tuple[str, str]:
        """What is wrong and the cure, as somebody reads them."""
        return self.said.told(locale), self.cure.told(locale) if self.cure is not None else ""

    def in_text(self, text: str, locale: str | None) -> tuple[str, str]:
        """The same, and where in the text of an expression it is: what a document tells of it. In a blank
        text there is no place to point at."""
        if not text.strip():
            return self.told(locale)
        begin, end = max(0, self.column - AROUND), self.column + AROUND
        near = text if len(text) <= 2 * AROUND else f"{'…' * (begin > 0)}{text[begin:end]}{'…' * (end < len(text))}"
        where = say("in-text", said=self.said, text=repr(near), column=self.column)
        return where.told(locale), self.told(locale)[1]

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
    code: str, said: Sentence, text: str, start: int, end: int, cure: Sentence | None = None, nearest: str | None = None
) -> ExpressionProblem:
    """A problem with line and column worked out from the position."""
    before = text[:start]
    line = before.count("\n") + 1
    column = start - (before.rfind("\n") + 1) + 1
    if nearest and cure is None:
        cure = say("near", name=nearest)
    return ExpressionProblem(f"expressions.{code}", said, start, end, line, column, cure, nearest, text)


class ExpressionError(Exception):
    """The expression cannot be used; `problems` lists everything found wrong with it."""

    def __init__(self, problems: Iterable[ExpressionProblem]):
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self.problems)


class NotPushable(Exception):
    """A back end cannot carry out this expression; the reason says what stands in the way."""

    def __init__(self, said: Sentence):
        self.said = said
        super().__init__(said)

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.said.told("en")


class CycleError(Exception):
    """Formulas depend on each other in a circle; `chain` names them in order, first and last the same."""

    def __init__(self, chain: tuple[str, ...]):
        self.chain = chain
        super().__init__("these formulas depend on each other: " + " → ".join(chain))
