"""A scenario: a rule with parameters. Filling one in gives a rule document for an app.

`"$days"` stands for the value of a parameter, `${days}` for its text within other words, `"$title"` for the scenario's
own title. Words that name forms, fields and options are replaced by those of the app: in expressions, in `{{ }}` parts
and where a name stands alone, never within the words for people. What a rule writes into records is in one language:
an expression that holds words is given for each, and that of whoever installs the scenario is taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from pydantic import Field

from lowcode.kernel.definitions.documents import Name, Part, Text
from lowcode.kernel.diagnostics import localized

_PLACE = re.compile(r"\$\{(\w+)\}( (?:working )?(?:minute|hour|day|week|month|year)s\b)?")
"""A parameter, with the English unit it counts."""
_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_WORD = re.compile(r"\b[a-z][a-z0-9_]*\b")
_INSIDE = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
WORDS = frozenset({"title", "text", "message", "subject", "reason", "help", "confirm"})
"""What people read: only `{{ }}` parts of it name anything."""


NAMING = frozenset({"set", "values", "into"})
"""Where keys are names of fields, and not words of the documents."""
FIXED = frozenset({"cron", "at", "from", "until", "strategy", "phase", "leap", "late", "run_as", "repeat", "catch_up"})
"""What a scenario says in words of the documents that are no expressions and name nothing of an app."""


class ParameterDocument(Part):
    """Something to be chosen when a scenario is installed."""

    default: int | str
    title: Text = ""


class ScenarioDocument(Part):
    """One scenario. `example` says what sets it off, for its test and for whoever wants to see it work."""

    name: Name
    title: Text
    help: Text = ""
    parameters: dict[str, ParameterDocument] = Field(default_factory=dict)
    rule: dict[str, Any]
    example: dict[str, Any] = Field(default_factory=dict)


class GroupDocument(Part):
    """Scenarios that belong together."""

    group: Name
    title: Text
    scenarios: list[ScenarioDocument]


class UnknownValue(ValueError):
    """A value is given for a parameter that a scenario does not have, or of the wrong kind."""


@cache
def groups() -> tuple[GroupDocument, ...]:
    """Every group, in the order of their names."""
    folder = resources.files(__package__) / "scenarios"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda each: each.name)
    return tuple(GroupDocument.model_validate(json.loads(each.read_text("utf-8"))) for each in files)


def scenarios() -> Mapping[str, tuple[GroupDocument, ScenarioDocument]]:
    """Every scenario by name, with its group."""
    return {each.name: (group, each) for group in groups() for each in group.scenarios}


def fill(
    scenario: ScenarioDocument,
    values: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    *,
    name: str | None = None,
    language: str | None = None,
) -> dict[str, Any]:
    """The rule document of a scenario. `values` are parameters by name, `names` the app's words by the scenario's; an
    option is given in quotes (`'"new"'`). `language`: in which it writes into records. Raises UnknownValue."""
    chosen = {key: each.default for key, each in scenario.parameters.items()}
    for key, value in (values or {}).items():
        if key not in chosen:
            raise UnknownValue(f"'{scenario.name}' has no parameter '{key}'; it has {', '.join(chosen) or 'none'}")
        if isinstance(chosen[key], int):
            try:
                chosen[key] = int(value)
            except (TypeError, ValueError):
                raise UnknownValue(f"'{key}' is a number, and {value!r} is none") from None
        else:
            chosen[key] = str(value)
    filling = _Filling(chosen, names or {}, language)
    title = filling.words(scenario.title)
    filled = filling.document(scenario.rule, title)
    return {"name": name or scenario.name, "title": title, **filled}


class _Filling:
    """One filling: the values chosen and the words replaced."""

    def __init__(self, values: Mapping[str, Any], names: Mapping[str, str], language: str | None = None) -> None:
        self.values, self.names, self.language = values, names, language

    def document(self, written: Any, title: Any, key: str = "") -> Any:
        if isinstance(written, Mapping):
            if key in WORDS:
                return {language: self.text(each) for language, each in written.items()}
            if key in NAMING:
                return {self.word(name): self.document(self.spoken(each), title) for name, each in written.items()}
            return {name: self.document(each, title, name) for name, each in written.items()}
        if isinstance(written, list):
            return [self.document(each, title, key) for each in written]
        if not isinstance(written, str):
            return written
        if written == "$title":
            return title
        if written.startswith("$") and written[1:] in self.values:
            return self.values[written[1:]]
        if key in WORDS:
            return self.text(written)
        if key == "state":
            return self.names.get(f'"{written}"', self.word(written)).strip('"')
        return written if key in FIXED else self.expression(self.placed(written))

    def spoken(self, written: Any) -> Any:
        """An expression in the language of records, where it is given in several."""
        return localized(written, self.language) if isinstance(written, Mapping) else written

    def words(self, written: Text) -> Text:
        if isinstance(written, Mapping):
            return {language: self.text(each) for language, each in written.items()}
        return self.text(written)

    def text(self, written: str) -> str:
        """Words for people: parameters, and the names within `{{ }}`."""
        parts = _INSIDE.split(self.placed(written))
        return "".join(self.expression(part) if part.startswith("{{") else part for part in parts)

    def placed(self, written: str) -> str:
        return _PLACE.sub(self._counted, written)

    def _counted(self, found: re.Match[str]) -> str:
        if found[1] not in self.values:
            return found[0]
        value, unit = self.values[found[1]], found[2] or ""
        return f"{value}{unit.removesuffix('s') if value == 1 else unit}"

    def expression(self, written: str) -> str:
        """An expression or a name: words outside quotes, and whole quoted options."""
        if not self.names:
            return written
        parts = _QUOTED.split(written)
        return "".join(self.names.get(part, part) if part[:1] in ('"', "'") else self.renamed(part) for part in parts)

    def renamed(self, part: str) -> str:
        return _WORD.sub(lambda found: self.names.get(found[0], found[0]), part)

    def word(self, name: str) -> str:
        return self.names.get(name, name)


class _Noting(dict[str, str]):
    """Names for nothing, that note what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def __bool__(self) -> bool:
        return True

    def get(self, word: str, default: Any = None) -> Any:
        """The word itself."""
        self.asked.add(word)
        return default


def used_words(scenario: ScenarioDocument) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What a scenario says that an app may call otherwise: plain words, options (without their quotes), roles."""
    noted = _Noting()
    filling = _Filling({key: each.default for key, each in scenario.parameters.items()}, noted)
    filled = filling.document(scenario.rule, "")
    quoted = frozenset(each[1:-1] for each in noted.asked if each[:1] in ('"', "'"))
    plain = frozenset(each for each in noted.asked if each[:1] not in ('"', "'"))
    states = frozenset(_below(filled, "state"))
    return plain, quoted | states, frozenset(_below(filled, "role"))


def _below(written: Any, key: str) -> Iterator[str]:
    """Every text that stands under a key."""
    if isinstance(written, Mapping):
        for name, each in written.items():
            if name == key:
                yield from [each] if isinstance(each, str) else [one for one in each if isinstance(one, str)]
            yield from _below(each, key)
    elif isinstance(written, list):
        for each in written:
            yield from _below(each, key)


def matches(group: GroupDocument, scenario: ScenarioDocument, words: str) -> bool:
    """Whether every one of some words stands in the names, titles or help of a scenario or its group."""
    said = " ".join(
        [scenario.name, group.group, *_every(scenario.title), *_every(scenario.help), *_every(group.title)]
    ).lower()
    return all(each in said for each in words.lower().split())


def _every(text: Text) -> list[str]:
    return list(text.values()) if isinstance(text, Mapping) else [text]
