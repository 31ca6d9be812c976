"""The JSON Schema of one value, made whole: a schema that needs nothing but itself, in the draft 2020-12.

Only what says which values are permitted is kept; OpenAPI 3.0 is lifted (`nullable`, exclusive limits as truth values);
what is read-only need not be sent, what is write-only need not come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from lowcode.api.offers.patterns import checkable
from lowcode.api.offers.references import References, Unusable
from lowcode.kernel.reasons import both

Direction = Literal["sent", "answered"]
NODES = 20_000
DEPTH = 60
PLAIN = frozenset({
    "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties",
    "format", "dependentRequired", "type",
})  # fmt: skip
ONE = frozenset({
    "additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else", "unevaluatedItems",
    "unevaluatedProperties",
})  # fmt: skip
LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED = frozenset({"properties", "dependentSchemas"})
IN_PLACE_ONE = ("not", "if", "then", "else")
IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


class Schemas:
    """The schemas of one document."""

    def __init__(self, references: References, version: str) -> None:
        self.references = references
        self.old = version.startswith("3.0")

    def whole(self, schema: Any, direction: Direction) -> Mapping[str, Any] | bool:
        """A schema with all it refers to. Raises Unusable."""
        made = _Making(self.references, self.old, direction)
        found = made.lifted(schema, 0)
        while made.waiting:
            name, target = made.waiting.popitem()
            made.done[name] = made.lifted(target, 0)
        _no_circles(made.done)
        if isinstance(found, bool):
            return found
        return {**found, "$defs": made.done} if made.done else dict(found)


class _Making:
    def __init__(self, references: References, old: bool, direction: Direction) -> None:
        self.references, self.old, self.direction = references, old, direction
        self.names: dict[str, str] = {}
        self.waiting: dict[str, Any] = {}
        self.done: dict[str, Any] = {}
        self.count = 0

    def lifted(self, schema: Any, depth: int) -> Any:
        """One schema; what it refers to is put down to be done."""
        self.count += 1
        if self.count > NODES or depth > DEPTH:
            raise Unusable(
                both(
                    f"its schema has more than {NODES} parts, or is nested deeper than {DEPTH}",
                    f"其 schema 超过 {NODES} 个部分，或嵌套超过 {DEPTH} 层",
                )
            )
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, Mapping):
            raise Unusable(both("a schema is an object, true or false", "schema 应为对象、true 或 false"))
        found: dict[str, Any] = {}
        if isinstance(schema.get("$ref"), str):
            found["$ref"] = f"#/$defs/{self._name(schema['$ref'])}"
            if self.old:
                return found
        for word, value in schema.items():
            self._word(word, value, found, depth)
        self._required(schema, found)
        self._patterns(schema, found, depth)
        return self._of_old(schema, found) if self.old else found

    def _name(self, reference: str) -> str:
        known = self.names.get(reference)
        if known is None:
            known = self.names[reference] = str(len(self.names))
            self.waiting[known] = self.references.at(reference)
        return known

    def _word(self, word: str, value: Any, found: dict[str, Any], depth: int) -> None:
        if word in PLAIN and self._good(word, value):
            found[word] = value
        elif word in ONE:
            found[word] = self.lifted(value, depth + 1)
        elif word in LISTS and isinstance(value, list) and value:
            found[word] = [self.lifted(each, depth + 1) for each in value]
        elif word in NAMED and isinstance(value, Mapping):
            found[word] = {str(name): self.lifted(each, depth + 1) for name, each in value.items()}
        elif word == "pattern" and checkable(value):
            found[word] = value

    def _good(self, word: str, value: Any) -> bool:
        """Whether a plain word has a value it can have; what has not is left out, as a reader of schemas would."""
        match word:
            case "type":
                kinds = value if isinstance(value, list) else [value]
                return bool(kinds) and all(isinstance(each, str) and each in TYPES for each in kinds)
            case "enum":
                return isinstance(value, list)
            case "const":
                return True
            case "format":
                return isinstance(value, str)
            case "uniqueItems":
                return isinstance(value, bool)
            case "dependentRequired":
                return isinstance(value, Mapping) and all(isinstance(each, list) for each in value.values())
            case "exclusiveMaximum" | "exclusiveMinimum" if self.old:
                return False
            case "multipleOf":
                return _number(value) and value > 0
            case _:
                return _number(value)

    def _required(self, schema: Mapping[str, Any], found: dict[str, Any]) -> None:
        """What must be there, apart from what only the other side gives."""
        required = schema.get("required")
        if not isinstance(required, list):
            return
        properties = schema.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        word = "readOnly" if self.direction == "sent" else "writeOnly"
        names = [str(name) for name in required]
        found["required"] = [each for each in names if not self._marked(properties.get(each), word)]

    def _marked(self, schema: Any, word: str) -> bool:
        found = self.references.follow(schema)
        return isinstance(found, Mapping) and found.get(word) is True

    def _patterns(self, schema: Mapping[str, Any], found: dict[str, Any], depth: int) -> None:
        patterns = schema.get("patternProperties")
        if not isinstance(patterns, Mapping) or not patterns:
            return
        if all(checkable(each) for each in patterns):
            found["patternProperties"] = {name: self.lifted(each, depth + 1) for name, each in patterns.items()}
        else:  # names that are not looked at cannot be refused either
            for word in ("additionalProperties", "unevaluatedProperties"):
                found.pop(word, None)

    def _of_old(self, schema: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        for limit, exclusive in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
            if schema.get(exclusive) is True and limit in found:
                found[exclusive] = found.pop(limit)
        if schema.get("nullable") is True and isinstance(found.get("type"), str):
            found["type"] = [found["type"], "null"]
            if isinstance(found.get("enum"), list) and None not in found["enum"]:
                found["enum"] = [*found["enum"], None]
        return found


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _no_circles(named: Mapping[str, Any]) -> None:
    """Refuse a schema that refers to itself for the very same value: it could never be checked."""
    state: dict[str, bool] = {}
    for start in named:
        if start in state:
            continue
        path: list[tuple[str, Iterator[str]]] = [(start, iter(_same_value(named[start])))]
        state[start] = False
        while path:
            name, following = path[-1]
            target = next(following, None)
            if target is None:
                state[name] = True
                path.pop()
            elif target not in state:
                state[target] = False
                path.append((target, iter(_same_value(named[target]))))
            elif not state[target]:
                raise Unusable(
                    both(
                        "its schema refers to itself for one and the same value",
                        "其 schema 对同一个值引用了自身，无法校验",
                    )
                )


def _same_value(schema: Any) -> list[str]:
    """The schemas that the very value of this one is held against."""
    found: list[str] = []
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, Mapping):
            continue
        if "$ref" in each:
            found.append(each["$ref"].removeprefix("#/$defs/"))
        waiting.extend(each[word] for word in IN_PLACE_ONE if word in each)
        for word in IN_PLACE_LISTS:
            waiting.extend(each.get(word, ()))
        waiting.extend(each.get("dependentSchemas", {}).values())
    return found
