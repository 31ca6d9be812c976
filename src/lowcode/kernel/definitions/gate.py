"""The gate for what comes from outside: a value against a JSON Schema, every misfit a finding, the best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match, relevance
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.documents import Placed
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.definitions.shape_errors import seen
from lowcode.kernel.definitions.wording import SORTS, either
from lowcode.kernel.diagnostics import Diagnostic

_TYPES = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "boolean", "object": "object",
    "array": "list", "null": "null",
}  # fmt: skip


def gate(
    source: Placed, schema: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Diagnostic]:
    """Findings of a document against a schema, and `others` that it refers to by file name; nothing is fetched."""
    registry: Registry[Any] = Registry()
    registry = registry.with_resources(
        (name, DRAFT202012.create_resource(each)) for name, each in (others or {}).items()
    )
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    errors = sorted(validator.iter_errors(source.data), key=relevance, reverse=True)
    return [finding for error in errors for finding in _findings(_meant(error), source)]


def _meant(error: ValidationError) -> ValidationError:
    """The error inside alternatives that says most."""
    return best_match([error]) if error.context else error


def _findings(error: ValidationError, source: Placed) -> Iterator[Diagnostic]:
    pointer = "".join(f"/{escape(str(step))}" for step in error.absolute_path)
    place = source.place(pointer)
    rule, value = error.validator, error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if rule == "additionalProperties" and isinstance(value, dict) and wanted is False:
        known = list(schema.get("properties", ()))
        own = "x-" if "^x-" in schema.get("patternProperties", ()) else None
        for key in value:
            if key not in known and not (own and key.startswith(own)):
                at = source.place(f"{pointer}/{escape(key)}", key=True)
                yield MESSAGES.diagnostic("unknown-key", at, seen=key, known=known)
    elif rule == "required" and isinstance(value, dict):
        missing = error.message.split("'")[1]
        yield MESSAGES.diagnostic("missing", place, seen=missing)
    elif rule == "type":
        types = [wanted] if isinstance(wanted, str) else list(wanted)
        expected = either(SORTS[_TYPES[each]] if each in _TYPES else each for each in types)
        yield MESSAGES.diagnostic("wrong-type", place, seen=seen(value), expected=expected)
    elif rule in ("enum", "const"):
        known = [wanted] if rule == "const" else list(wanted)
        yield MESSAGES.diagnostic("unknown-value", place, seen=value, known=known)
    else:
        yield MESSAGES.diagnostic("gate", place, problem=error.message, cure=_cure(rule, wanted))


def _cure(rule: Any, wanted: Any) -> str:
    cures = {
        "pattern": "Write a text of the form {}.",
        "format": "Write it in the format '{}'.",
        "minimum": "Write {} or more.",
        "maximum": "Write {} or less.",
        "minLength": "Write at least {} characters.",
        "maxLength": "Write at most {} characters.",
        "minItems": "Give at least {}.",
        "maxItems": "Give at most {}.",
        "uniqueItems": "Remove what stands twice.",
    }
    return cures.get(str(rule), "").format(wanted)
