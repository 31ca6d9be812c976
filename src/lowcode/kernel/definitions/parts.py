"""The parts of an app: what is switched on and off as a whole, and what of the app that leaves (decision 0239).

A document says of which part it is (`part`). One that says nothing is of the part of what it names, and always there
where that is; a form says it itself. A part says which others it cannot be without (`needs`), and only of those may its
documents name something, unless they stand without it: a link that need not be filled, an item of a menu, a tile of a
board go with what they lead to, and come back with it.

    parts = parts_of(definition, documents, scope, report)  # what is on, what is off
    report.extend(beyond(parts, scope, documents))          # what names something of a part it does not need
    documents.without(parts.off)                            # what is left of the app
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lowcode.kernel.definitions.application import AppDefinition, PartDefinition
from lowcode.kernel.diagnostics import Catalogue, Diagnostic, Message, Report, Text

if TYPE_CHECKING:
    from lowcode.kernel.definitions.load import Documents, SourceDocument
    from lowcode.kernel.scope import Scope

MESSAGES = Catalogue(
    "parts",
    {
        "unknown": Message(
            "the app has no part '{seen}'",
            "Parts are stated in app.json; a document names the one it belongs to, and a part those it needs.",
            "Name a part that there is, or state it in app.json under 'parts'.",
        ),
        "twice": Message(
            "there are two parts '{seen}'; the other is at {other}",
            "A part is switched by its name.",
            "Rename one of them, and the documents that belong to it.",
        ),
        "of-the-app": Message(
            "app.json belongs to no part",
            "It states the parts, and is there whichever of them are on.",
            "Take 'part' out of it.",
        ),
        "off-and-needed": Message(
            "the part '{seen}' is switched on and needs '{needed}', which is off",
            "What a part names has to be there while people work with it.",
            "Switch '{needed}' on, or '{seen}' off as well.",
        ),
        "not-needed": Message(
            "this names the {what} '{seen}' of the part '{other}', which the part '{part}' does not need",
            "While the other part is off, what is named here is not there.",
            "Write '{other}' into the 'needs' of the part '{part}', or give both documents the same part.",
        ),
        "not-always": Message(
            "this belongs to no part and names the {what} '{seen}' of the part '{other}'",
            "What belongs to no part is always there, and what is named here is not, while its part is off.",
            'Write "part": "{other}" into this document, or take \'part\' out of the other.',
        ),
    },
    {
        "unknown": ("应用没有名为“{seen}”的功能块", "请填写已有的功能块，或在 app.json 的 parts 中声明它。"),
        "twice": ("有两个功能块都叫“{seen}”，另一个在 {other}", "请给其中一个改名，并修改属于它的文档。"),
        "of-the-app": ("app.json 不属于任何功能块", "请从中删去 part。"),
        "off-and-needed": (
            "功能块“{seen}”已启用，而它依赖的“{needed}”已停用",
            "请启用“{needed}”，或同时停用“{seen}”。",
        ),
        "not-needed": (
            "此处用到功能块“{other}”的{what}“{seen}”，而功能块“{part}”并不依赖它",
            "请把“{other}”写进功能块“{part}”的 needs，或让两份文档属于同一功能块。",
        ),
        "not-always": (
            "此文档不属于任何功能块，却用到功能块“{other}”的{what}“{seen}”",
            '请在此文档中写 "part": "{other}"，或从对方文档中删去 part。',
        ),
    },
)


@dataclass(frozen=True)
class Parts:
    """The parts of one version of an app."""

    stated: Mapping[str, PartDefinition] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    """The part of each document that belongs to one, by the path of the document."""

    @property
    def off(self) -> frozenset[str]:
        """The paths of the documents whose part is switched off."""
        return frozenset(path for path, name in self.of.items() if not self.stated[name].enabled)

    def needed(self, name: str) -> frozenset[str]:
        """Every part that a part cannot be without, by whatever way."""
        found: set[str] = set()
        left = [name]
        while left:
            for each in self.stated[left.pop()].needs:
                if each in self.stated and each not in found:
                    found.add(each)
                    left.append(each)
        return frozenset(found - {name})

    def needing(self, name: str) -> frozenset[str]:
        """Every part that cannot be without this one."""
        return frozenset(each for each in self.stated if each != name and name in self.needed(each))

    def switched(self, on: Iterable[str], off: Iterable[str]) -> dict[str, bool]:
        """What changes when some parts are switched: on with all they need, off with all that needs them. One that is
        to be both stays on."""
        wanted = {each: False for name in off for each in (name, *self.needing(name))}
        wanted |= {each: True for name in on for each in (name, *self.needed(name))}
        return {name: state for name, state in sorted(wanted.items()) if self.stated[name].enabled != state}

    def documents(self, name: str) -> Sequence[str]:
        """The paths of the documents of a part."""
        return sorted(path for path, part in self.of.items() if part == name)

    def title(self, name: str) -> Text:
        """What people call a part."""
        return self.stated[name].title or name


def switched_in(app: Any, states: Mapping[str, bool]) -> Any:
    """An app.json, as values, with some parts on or off."""
    parts = []
    for each in app.get("parts", ()):
        left = {key: value for key, value in each.items() if key != "enabled" or each["name"] not in states}
        parts.append({**left, "enabled": False} if states.get(each["name"]) is False else left)
    return {**app, "parts": parts}


def parts_of(definition: AppDefinition, documents: Documents, scope: Scope, report: Report) -> Parts:
    """The parts that an app states, and the documents of each. What is wrong with them becomes findings."""
    stated: dict[str, PartDefinition] = {}
    for index, part in enumerate(definition.parts):
        if part.name in stated:
            other = documents.app.place(f"/parts/{[*stated].index(part.name)}")
            place = documents.app.place(f"/parts/{index}/name")
            report.add(MESSAGES.diagnostic("twice", place, seen=part.name, other=other))
        stated.setdefault(part.name, part)
    if definition.part is not None:
        report.add(MESSAGES.diagnostic("of-the-app", documents.app.place("/part")))
    for index, part in enumerate(definition.parts):
        report.extend(_needs(part, f"/parts/{index}", stated, documents.app))
    of: dict[str, str] = {}
    for document in documents:
        name = document.data.get("part") if document is not documents.app else None
        if isinstance(name, str) and name in stated:
            of[document.path] = name
        elif isinstance(name, str):
            report.add(MESSAGES.diagnostic("unknown", document.place("/part"), seen=name, known=sorted(stated)))
    parts = Parts(stated, of)
    silent = {each.path for each in documents if "part" not in each.data} - {documents.app.path}
    silent -= {each.path for each in documents.of("forms")}
    named: dict[str, set[str]] = {}
    for what, called, place in scope.named:
        if place.document in silent and what != "role" and place not in scope.loose:
            named.setdefault(place.document, set()).add(scope.declared_at(what, called).document)
    for _ in named:  # what names something silent is known when that is
        meant = {path: _meant(parts, [of[each] for each in others if each in of]) for path, others in named.items()}
        found = {path: part for path, part in meant.items() if part and of.get(path) != part}
        if not found:
            break
        of |= found
    return parts


def _meant(parts: Parts, named: Iterable[str]) -> str | None:
    """Of the parts that a document names something of, the one that needs all others; None where none does."""
    several = {*named}
    return next((each for each in sorted(several) if several <= {each, *parts.needed(each)}), None)


def _needs(
    part: PartDefinition, at: str, stated: Mapping[str, PartDefinition], app: SourceDocument
) -> Iterator[Diagnostic]:  # fmt: skip
    for number, name in enumerate(part.needs):
        place = app.place(f"{at}/needs/{number}")
        if name not in stated:
            yield MESSAGES.diagnostic("unknown", place, seen=name, known=sorted({*stated} - {part.name}))
        elif part.enabled and not stated[name].enabled:
            yield MESSAGES.diagnostic("off-and-needed", place, seen=part.name, needed=name)


def beyond(parts: Parts, scope: Scope, documents: Documents) -> Iterator[Diagnostic]:
    """What documents name of a part that theirs does not need, and cannot stand without."""
    needed = {name: {name, *parts.needed(name)} for name in parts.stated}
    told = set()
    for what, name, place in scope.named:
        if place in scope.loose or what == "role" or place.document == documents.app.path:
            continue
        other = parts.of.get(scope.declared_at(what, name).document)
        own = parts.of.get(place.document)
        if other is None or (own is not None and other in needed[own]) or (what, name, place) in told:
            continue
        told.add((what, name, place))
        key, values = ("not-always", {}) if own is None else ("not-needed", {"part": own})
        yield MESSAGES.diagnostic(key, place, what=what, seen=name, other=other, **values)
