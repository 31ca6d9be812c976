"""JSON Schemas of somebody else, validated within bounds.

A regular expression can keep a process busy for ever, and so can a schema that refers to itself in two ways. Patterns
are checked where they cannot (no repeated groups, two repetitions at most) and the text is short; how often references
are followed for one value is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry

from lowcode.api.misfits import reason
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.reasons import both

STEPS = 20_000
"""References followed for one value."""
TEXT = 200
"""Characters of a text a pattern is asked of."""
PATTERN = 300
REPEATED = re.compile(r"\)[*+{]")
ENDLESS = re.compile(r"(?<!\\)[*+]|\{\d*,\}")


class TooMuch(ValueError):
    """A value would take too long to check."""


_left: ContextVar[list[int] | None] = ContextVar("references left", default=None)
_reference = Draft202012Validator.VALIDATORS["$ref"]


def checkable(pattern: Any) -> bool:
    """Whether a pattern can be asked of a short text without fear."""
    if not isinstance(pattern, str) or len(pattern) > PATTERN or REPEATED.search(pattern):
        return False
    if len(ENDLESS.findall(pattern)) > 2 or re.search(r"\\[1-9]|\(\?P?[=<!&>]", pattern):
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _bounded(validator: Any, reference: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    left = _left.get()
    if left is not None:
        left[0] -= 1
        if left[0] < 0:
            raise TooMuch
    yield from _reference(validator, reference, instance, schema)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and len(instance) <= TEXT and not re.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"$ref": _bounded, "pattern": _pattern}
)


def _chinese(error: ValidationError) -> str:
    """What is wrong by one error: of a key that is missing, which."""
    if error.validator == "required" and isinstance(error.instance, Mapping):
        required: Any = error.validator_value
        missing = [name for name in required if name not in error.instance and repr(name) in error.message]
        return "缺少" + "、".join(f"“{name}”" for name in missing)
    return localized(reason(error), "zh-CN")


def wrong(schema: Mapping[str, Any] | bool, value: Any, most: int = 5) -> list[dict[str, str]]:
    """What is wrong with a value by a schema, in both languages, each with its place: `/items/0/amount: …`; at most so
    many."""
    checking = Validator(schema, format_checker=FormatChecker(), registry=Registry())
    token = _left.set([STEPS])
    found = []
    try:
        for error in checking.iter_errors(value):
            place = "".join(f"/{step}" for step in error.absolute_path)
            found.append(both(f"{place or '/'}: {error.message[:200]}", f"{place or '/'}：{_chinese(error)}"))
            if len(found) == most:
                break
    except (TooMuch, RecursionError):
        return [both("/: it is too deep or too large to be checked", "/：内容过深或过大，无法校验")]
    finally:
        _left.reset(token)
    return found
