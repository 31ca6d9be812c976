"""The words that scenarios use for forms, fields, relations, roles and options, and the words of an app for them.

`words.json` says what each word of the library means: which form a field belongs to, what it holds, what people call
it. So an app that calls things otherwise is offered its own words: those that hold the same, the nearest name first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from lowcode.kernel.diagnostics import Text, localized
from lowcode.rules.library.scenario import ScenarioDocument, used_words

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType
    from lowcode.kernel.scope import Scope

Kind = Literal["form", "relation", "field", "option", "role"]
LANGUAGES = ("zh-CN", "en")
NEAR = 0.6
"""From how alike on a word of the app is taken for the scenario's until somebody says otherwise."""
SHOWN = 12
"""So many words of the app are offered for one of a scenario, the nearest first."""
COMMON = frozenset({"id", "owner", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Every form has these."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a scenario: what it names, of which form (and field), and what it holds."""

    kind: Kind
    word: str
    title: Text
    form: str = ""
    field: str = ""
    holds: str = ""
    to: str = ""

    @property
    def key(self) -> str:
        """How the word stands in what a scenario is filled in with: options in quotes."""
        return f'"{self.word}"' if self.kind == "option" else self.word


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the app that may be meant."""

    name: str
    title: Text
    near: float


@dataclass(frozen=True, slots=True)
class Meant:
    """A word, what of the app it is taken for (None: nobody knows), and what else it could be."""

    word: Word
    name: str | None
    candidates: tuple[Candidate, ...]

    def told(self) -> dict[str, Any]:
        """For a page."""
        word = self.word
        return {
            "word": word.key, "kind": word.kind, "title": word.title, "form": word.form, "holds": word.holds,
            "name": self.name, "same": self.name == word.key,
            "candidates": [{"name": each.name, "title": each.title} for each in self.candidates[:SHOWN]],
        }  # fmt: skip


@cache
def vocabulary() -> Mapping[str, Any]:
    """What the words of all scenarios mean."""
    text = (resources.files(__package__) / "words.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


# -- what a scenario says ---------------------------------------------------------------------------------------------


def words_of(scenario: ScenarioDocument) -> tuple[Word, ...]:
    """The words of a scenario that name something of an app: its forms first, then what they have."""
    plain, quoted, roles = used_words(scenario)
    known = vocabulary()["forms"]
    forms = [each for each in known if each in plain]
    main = scenario.rule.get("form")
    if main in known:
        forms = [main, *(each for each in forms if each != main)]
    words = [Word("form", each, known[each]["title"]) for each in forms]
    words += [Word("role", each, vocabulary()["roles"][each]) for each in sorted(roles & set(vocabulary()["roles"]))]
    seen: set[str] = set()
    for form in _reached(forms, plain):
        for each in _of_form(form, plain, quoted):
            if each.key not in seen and not (each.kind == "relation" and each.word in forms):
                seen.add(each.key)
                words.append(each)
    return tuple(words)


def _reached(forms: list[str], plain: frozenset[str]) -> list[str]:
    """The forms, and those their links and relations lead to as far as the scenario follows them."""
    known = vocabulary()["forms"]
    found = list(forms)
    for form in found:
        leads = [(name, field.get("to")) for name, field in known[form]["fields"].items()]
        leads += known[form].get("relations", {}).items()
        found += [to for name, to in leads if name in plain and to in known and to not in found]
    return found


def _of_form(form: str, plain: frozenset[str], quoted: frozenset[str]) -> Iterator[Word]:
    known = vocabulary()["forms"][form]
    for name, field in known["fields"].items():
        if name not in plain or name in COMMON:
            continue
        yield Word("field", name, field["title"], form, "", field["holds"], field.get("to", ""))
        for option, title in field.get("options", {}).items():
            if option in quoted:
                yield Word("option", option, title, form, name)
    for name, to in known.get("relations", {}).items():
        if name in plain:
            yield Word("relation", name, name, form, "", "rows", to)


# -- what the app calls it --------------------------------------------------------------------------------------------


def meant(scope: Scope, words: tuple[Word, ...], given: Mapping[str, str], kept: Mapping[str, str]) -> list[Meant]:
    """Each word with the app's own: what was given now or kept from before, the same word where the app has it, else
    the nearest that holds the same."""
    chosen: dict[str, str] = {}
    found = []
    for word in words:
        candidates = _candidates(scope, word, chosen)
        names = {each.name for each in candidates}
        name = given.get(word.key)
        if name is None:
            near = candidates[0].name if candidates and candidates[0].near >= NEAR else None
            name = next((each for each in (kept.get(word.key), word.key, near) if each is not None and each in names),
                        None)  # fmt: skip
        if name is not None:
            _choose(scope, word, name, chosen)
        found.append(Meant(word, name, candidates))
    return found


def _choose(scope: Scope, word: Word, name: str, chosen: dict[str, str]) -> None:
    """Note what a word is taken for, and with a link, a relation or lines the form they lead to."""
    chosen[word.key] = name
    form = scope.records.get(chosen.get(word.form, ""))
    if not word.to or word.to in chosen or form is None:
        return
    relation, field = form.relations.get(name), form.fields.get(name)
    to = relation.record_type if relation is not None else field.type.record if field is not None else None
    if to is not None:
        chosen[word.to] = to


def _candidates(scope: Scope, word: Word, chosen: Mapping[str, str]) -> tuple[Candidate, ...]:
    """What the app has of the kind, the nearest first."""
    form: RecordType | None = scope.records.get(chosen.get(word.form, ""))
    offered: Iterator[tuple[str, Text]]
    if word.kind == "form":
        offered = ((name, each.title) for name, each in scope.records.items() if each.parent is None)
    elif word.kind == "role":
        offered = ((each.name, each.title or each.name) for each in scope.app.roles)
    elif form is None:
        return ()
    elif word.kind == "relation":
        to = chosen.get(word.to)
        offered = (
            (name, each.title or name) for name, each in form.relations.items() if to in (None, each.record_type)
        )
    elif word.kind == "option":
        offered = _options(form, word, chosen)
    else:
        offered = _fields(form, word, chosen)
    found = [Candidate(name, title, _alike(word, name, title)) for name, title in offered]
    return tuple(sorted(found, key=lambda each: (-each.near, each.name)))


def _fields(form: RecordType, word: Word, chosen: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
    to = chosen.get(word.to) if word.to else None
    for name, each in form.fields.items():
        if each.type.kind == word.holds and (not word.to or to is None or each.type.record == to):
            yield name, each.title or name
    if word.holds in ("user", "datetime"):
        for name in ("owner", "created_by") if word.holds == "user" else ("created_at", "updated_at"):
            yield name, name


def _options(form: RecordType, word: Word, chosen: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
    """The options of the field; of one that takes any word, the word itself."""
    found = form.fields.get(chosen.get(word.field, ""))
    options = found.type.options or (word.word,) if found is not None else ()
    for option in options:
        yield f'"{option}"', option


def _alike(word: Word, name: str, title: Text) -> float:
    """How alike a word and a name of the app are, in whichever way they are most alike."""
    pairs = [(word.word, name.strip('"'))]
    pairs += [(localized(word.title, each).lower(), localized(title, each).lower()) for each in LANGUAGES]
    return max(SequenceMatcher(None, one, other).ratio() for one, other in pairs if one and other)


def renamed(words: list[Meant]) -> dict[str, str]:
    """The names to fill a scenario in with: of the words that the app calls otherwise."""
    return {each.word.key: each.name for each in words if each.name is not None and each.name != each.word.key}
