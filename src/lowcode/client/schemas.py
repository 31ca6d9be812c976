"""JSON Schemas as types of a language: the part that Python and TypeScript share. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Schema = Mapping[str, Any]
REFERENCE = "#/components/schemas/"
SHARED = ("Labelled", "File")
"""Schemas that records are made of."""


@dataclass(frozen=True)
class Member:
    """A property: its type in the language, and the words of its field."""

    name: str
    type: str
    words: str = ""
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """An object with properties."""

    name: str
    members: tuple[Member, ...]
    words: str = ""


@dataclass(frozen=True)
class FormShape:
    """A form: the names of the shapes that are read and written."""

    name: str
    read: str
    written: str


@dataclass
class Shapes:
    """All of an app, in the order in which they can be written down."""

    title: str
    version: str
    shapes: list[Shape] = field(default_factory=list)
    forms: list[FormShape] = field(default_factory=list)


class Words(Protocol):
    """How a language writes types."""

    any: str
    null: str
    plain: Mapping[str, str]

    def choice(self, values: list[Any]) -> str:
        """One of some values."""

    def listed(self, inner: str) -> str:
        """A list."""

    def united(self, parts: list[str]) -> str:
        """One of some types."""


def shapes_of(document: Mapping[str, Any], words: Words) -> Shapes:
    """The forms of an OpenAPI document as types."""
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    found = Shapes(document["info"]["title"], document["info"]["version"])
    for name in SHARED:
        if name in schemas:
            _shape(name, schemas[name], words, found)
    for name in sorted(_forms(document)):
        read, written = pascal(name), f"{pascal(name)}Values"
        _shape(read, schemas[name], words, found)
        _shape(written, schemas[f"{name}.values"], words, found)
        found.forms.append(FormShape(name, read, written))
    return found


def _forms(document: Mapping[str, Any]) -> Iterator[str]:
    for path in document["paths"]:
        matched = re.fullmatch(r"/api/records/(\w+)", path)
        if matched:
            yield matched[1]


def _shape(name: str, schema: Schema, words: Words, found: Shapes) -> str:
    """Write an object down, what stands inside of it first; its name."""
    members = []
    required = set(schema.get("required", ()))
    for each, inner in schema.get("properties", {}).items():
        said = " – ".join(filter(None, (inner.get("title", ""), inner.get("description", ""))))
        members.append(Member(each, _type(f"{name}{pascal(each)}", inner, words, found), said, each in required))
    found.shapes.append(Shape(name, tuple(members), str(schema.get("title", ""))))
    return name


def _type(name: str, schema: Schema, words: Words, found: Shapes) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "anyOf" in schema:
        return words.united([_type(name, each, words, found) for each in schema["anyOf"]])
    if "enum" in schema:
        return words.choice(list(schema["enum"]))
    kinds = schema.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds] if kinds else []
    parts = [_plain(name, kind, schema, words, found) for kind in listed]
    return words.united(parts) if parts else words.any


def _plain(name: str, kind: str, schema: Schema, words: Words, found: Shapes) -> str:
    if kind == "array":
        return words.listed(_type(f"{name}Row", schema.get("items", {}), words, found))
    if kind == "object":
        inherited = [each for part in schema.get("allOf", ()) for each in _inherited(part, found)]
        if not schema.get("properties") and not inherited:
            return words.plain["object"]
        _shape(name, schema, words, found)
        if inherited:
            last = found.shapes.pop()
            found.shapes.append(Shape(name, (*inherited, *last.members), last.words))
        return name
    return words.null if kind == "null" else words.plain[kind]


def _inherited(part: Schema, found: Shapes) -> Iterator[Member]:
    wanted = str(part.get("$ref", "")).removeprefix(REFERENCE)
    for shape in found.shapes:
        if shape.name == wanted:
            yield from shape.members


def pascal(name: str) -> str:
    """`quote_item` as the name of a type: QuoteItem."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_\W]+", name) if part)
