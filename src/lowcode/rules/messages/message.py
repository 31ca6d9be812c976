"""A message template as understood: the facts of a record in, a subject and a text out, in every language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.kernel.diagnostics import Text
    from lowcode.kernel.expressions import Expression, Moment

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text, for the records for which a condition holds."""

    when: Expression | None
    subject: TextTemplate
    text: TextTemplate


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, in every language it has."""

    subject: Any
    text: Any


@dataclass(frozen=True, slots=True)
class Message:
    """One template; the last of its wordings has no condition."""

    name: str
    title: Text
    form: str | None
    wordings: tuple[Wording, ...]
    group: Text = ""
    help: Text = ""
    roles: frozenset[str] | None = None

    @property
    def needs(self) -> tuple[Expression, ...]:
        """Everything it reads."""
        found: list[Expression] = []
        for each in self.wordings:
            found += [each.when] if each.when is not None else []
            found += [*each.subject.expressions, *each.text.expressions]
        return tuple(found)

    def wording(self, facts: Facts, moment: Moment, **variables: Any) -> Wording:
        """The first wording whose condition holds for a record."""
        return next(each for each in self.wordings if each.when is None or each.when.test(facts, moment, **variables))

    def words(self, facts: Facts, moment: Moment, **variables: Any) -> Words:
        """The words for a record."""
        chosen = self.wording(facts, moment, **variables)
        return Words(
            chosen.subject.render_all(facts, moment, **variables), chosen.text.render_all(facts, moment, **variables)
        )


def inline(subject: TextTemplate, text: TextTemplate) -> Message:
    """Words written where they are used, as a template without a name."""
    return Message("", "", None, (Wording(None, subject, text),))
