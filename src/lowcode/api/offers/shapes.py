"""A schema as the shape that an author is held to: the parts of objects, what a list has, what sort of value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.api import schemas
from lowcode.api.offers.references import References
from lowcode.api.offers.schemas import Direction
from lowcode.kernel.requests import NOTHING_KNOWN, Shape

DEPTH = 8
MOST = 3000
"""So many parts of one value are looked at; what is beyond may be anything."""
HOPS = 10


class Shapes:
    """Shapes of the schemas of one document, sent or answered."""

    def __init__(self, references: References, direction: Direction) -> None:
        self.references = references
        self.hidden = "readOnly" if direction == "sent" else "writeOnly"
        self.left = MOST
        self._known: dict[tuple[str, str, int], tuple[Shape, int]] = references.shapes

    def of(self, schema: Any, depth: int = DEPTH) -> Shape:
        """The shape of a schema. Raises Unusable for a reference that leads nowhere."""
        if not depth or self.left <= 0:
            return NOTHING_KNOWN
        name = schema.get("$ref") if isinstance(schema, Mapping) and len(schema) == 1 else None
        if not isinstance(name, str):
            return self._made(schema, depth)
        key = self.hidden, name, depth
        shape, size = self._known.get(key, (NOTHING_KNOWN, self.left + 1))
        if size <= self.left:
            self.left -= size
            return shape
        before = self.left
        shape = self._made(schema, depth)
        if self.left > 0:  # it is whole: operations of one document speak of the same things
            self._known[key] = shape, before - self.left
        return shape

    def _made(self, schema: Any, depth: int) -> Shape:
        self.left -= 1
        parts = self._merged(schema, HOPS)
        if any("oneOf" in each or "anyOf" in each for each in parts):
            return NOTHING_KNOWN
        properties = {str(name): part for each in parts for name, part in _properties(each).items()}
        if properties:
            return self._object(parts, properties, depth)
        kinds = {str(kind) for each in parts for kind in _kinds(each)}
        if kinds == {"array"} or (not kinds and any("items" in each for each in parts)):
            entry = next((each["items"] for each in parts if "items" in each), True)
            return Shape(entry=self.of(entry, depth - 1))
        if kinds == {"object"}:
            return Shape(parts={}, required=self._required(parts, {}))
        return Shape(schemas.type_of({name: value for each in parts for name, value in each.items()}))

    def _object(self, parts: list[Mapping[str, Any]], properties: Mapping[str, Any], depth: int) -> Shape:
        found = {name: self.of(part, depth - 1) for name, part in properties.items()}
        own = {"additionalProperties", "patternProperties", "unevaluatedProperties"}
        open_ = any(each.get(word) not in (None, False) for each in parts for word in own)
        return Shape(parts=found, required=self._required(parts, properties), closed=not open_)

    def _required(self, parts: list[Mapping[str, Any]], properties: Mapping[str, Any]) -> frozenset[str]:
        names = {str(name) for each in parts for name in each.get("required") or ()}
        return frozenset(name for name in names if not self._is_hidden(properties.get(name)))

    def _is_hidden(self, schema: Any) -> bool:
        found = self.references.follow(schema)
        return isinstance(found, Mapping) and found.get(self.hidden) is True

    def _merged(self, schema: Any, hops: int) -> list[Mapping[str, Any]]:
        """A schema with all that holds for the very value too."""
        found = self.references.follow(schema)
        if not isinstance(found, Mapping):
            return []
        inner = found.get("allOf")
        below = inner if isinstance(inner, list) and hops else []
        beside = [found] if found is schema or not isinstance(schema, Mapping) or len(schema) == 1 else [schema, found]
        return [*beside, *(one for each in below for one in self._merged(each, hops - 1))]


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _kinds(schema: Mapping[str, Any]) -> list[Any]:
    written = schema.get("type")
    kinds = written if isinstance(written, list) else [written]
    return [each for each in kinds if each not in (None, "null")]
