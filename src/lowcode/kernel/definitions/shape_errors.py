"""Pydantic's errors as findings an author can act on.

Pydantic says where by a location that mixes keys with labels of union branches, and reports every branch of a union.
Here locations become JSON pointers, and only the branch the author most likely meant is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import ErrorDetails

from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.definitions.models import known_keys
from lowcode.kernel.definitions.names import NAME, as_name
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.definitions.wording import SORTS, cure, either, limit, one_of
from lowcode.kernel.diagnostics import Diagnostic, Place, Text, localized, nearest

if TYPE_CHECKING:
    from lowcode.kernel.definitions.documents import Placed

_SORTS = {
    "string": "text", "int": "whole number", "float": "number", "decimal": "number", "bool": "boolean",
    "dict": "object", "model": "object", "mapping": "object", "model_attributes": "object", "dataclass": "object",
    "list": "list", "tuple": "list", "sequence_str": "list", "set": "list", "frozen_set": "list",
    "date": "date", "datetime": "instant", "time": "time", "none_required": "null",
    "bytes": "content", "callable": "function", "is_instance_of": "another",
}  # fmt: skip
"""Pydantic's sorts of values, by what they are called here (`wording.SORTS`)."""
_SORT = re.compile(
    r"^(?P<sort>\w+?)_(?:type|parsing|from_date_parsing|from_datetime_parsing|from_float|from_datetime_inexact)$"
)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")


@dataclass(frozen=True, slots=True)
class Error:
    """One error of pydantic, its location resolved to the pointer and to each union label with where it stood."""

    type: str
    pointer: str
    last: str
    labels: tuple[tuple[str, str], ...]
    location: tuple[int | str, ...]
    input: Any
    words: str
    context: dict[str, Any]

    @property
    def parent(self) -> str:
        """The pointer of what holds the value."""
        return self.pointer.rpartition("/")[0]


def findings(
    errors: Iterable[ErrorDetails], model: Any, data: Any, source: Placed, prefix: str = ""
) -> Iterator[Diagnostic]:
    """Every error as a finding, in the branch of each union that the author most likely meant."""
    resolved = [resolve(each, data) for each in errors]
    for error in _meant(resolved, 0):
        yield from _finding(error, model, source, prefix)


class _Nowhere:
    """Values that stand in no document: a place of them is a pointer."""

    data: Any = None

    def at(self, pointer: str) -> Any:
        """Nothing is looked up."""

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """The pointer."""
        return Place(pointer=pointer)


def faults(errors: Iterable[ErrorDetails], model: Any, data: Any) -> Iterator[tuple[str, Text]]:
    """The same of values that were sent, not written: the pointer of each fault, and what is wrong, with the cure, in
    both languages. What is missing is named by the pointer where it should stand."""
    for error in _meant([resolve(each, data) for each in errors], 0):
        pointer = f"{error.pointer}/{escape(error.last)}" if error.type == "missing" else error.pointer
        for found in _finding(error, model, _Nowhere(), ""):
            yield pointer, {
                tag: end.join(filter(None, found.told(tag))) for tag, end in (("en", ". "), ("zh-CN", "。"))
            }  # fmt: skip


def resolve(error: ErrorDetails, data: Any) -> Error:
    """Find which steps of a location are keys and indexes, and which are labels of union branches."""
    location = tuple(error["loc"])
    is_missing = error["type"] == "missing"
    walked = location[:-1] if is_missing else location
    ways = list(_ways(walked, data, "", ()))
    ways.sort(key=lambda way: (way[0] == error["input"], -len(way[2])), reverse=True)
    _, pointer, labels = ways[0]
    last = str(location[-1]) if location else ""
    return Error(
        error["type"], pointer, last, labels, location, error["input"], error["msg"], dict(error.get("ctx", {}))
    )


Way = tuple[Any, str, tuple[tuple[str, str], ...]]


def _ways(steps: Sequence[int | str], value: Any, pointer: str, labels: tuple[tuple[str, str], ...]) -> Iterator[Way]:
    if not steps:
        yield value, pointer, labels
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        yield from _ways(rest, value[step], f"{pointer}/{step}", labels)
    else:
        if isinstance(value, dict) and step in value:
            yield from _ways(rest, value[str(step)], f"{pointer}/{escape(str(step))}", labels)
        yield from _ways(rest, value, pointer, (*labels, (pointer, str(step))))


def _meant(errors: Sequence[Error], level: int) -> Iterator[Error]:
    """The errors that remain when every union is narrowed to the branch that was meant."""
    unions: dict[str, dict[str, list[Error]]] = {}
    for error in errors:
        if len(error.labels) <= level:
            yield error
        else:
            pointer, label = error.labels[level]
            unions.setdefault(pointer, {}).setdefault(label, []).append(error)
    for pointer, branches in unions.items():
        if len(branches) == 1:
            yield from _meant(next(iter(branches.values())), level + 1)
        else:
            yield from _choose(pointer, branches, level)


def _choose(pointer: str, branches: dict[str, list[Error]], level: int) -> Iterator[Error]:
    viable = {
        label: each
        for label, each in branches.items()
        if not any(_is_wrong_sort(error) and error.pointer == pointer for error in each)
    }
    if not viable:
        yield _combined(pointer, [error for each in branches.values() for error in each])
        return
    scores = {label: _against(each, pointer) for label, each in viable.items()}
    best = [label for label, score in scores.items() if score == min(scores.values())]
    if len(best) == 1:
        yield from _meant(viable[best[0]], level + 1)
        return
    tied = [error for label in best for error in viable[label]]
    unknown = [error for error in tied if error.type == "extra_forbidden" and error.parent == pointer]
    missing = sorted({error.last for error in tied if error.type == "missing" and error.pointer == pointer})
    if unknown and missing:
        for name in dict.fromkeys(error.last for error in unknown):
            error = next(each for each in unknown if each.last == name)
            yield _with(error, known=missing)
    elif missing:
        yield _with(tied[0], type="no_shape_fits", pointer=pointer, expected=one_of(missing))
    else:
        yield from _meant(viable[best[0]], level + 1)


def _against(errors: Sequence[Error], pointer: str) -> tuple[int, int, int, int]:
    """What speaks against a branch: a wrong word for its tag, then its own keys, of which one too many says more than
    one that is missing yet, then what is wrong further inside."""
    tags = sum(error.type == "literal_error" and error.parent == pointer for error in errors)
    missing = sum(error.type == "missing" and error.pointer == pointer for error in errors)
    unknown = sum(error.type == "extra_forbidden" and error.parent == pointer for error in errors)
    return tags, missing + unknown, unknown, len(errors)


def _is_wrong_sort(error: Error) -> bool:
    if error.type in ("is_instance_of", "sequence_str"):  # a list that is given as anything else
        return _of_a_list(error)
    return bool(_SORT.match(error.type)) or error.type in ("literal_error", "enum", "wrong_type", "none_required")


def _of_a_list(error: Error) -> bool:
    return error.type == "sequence_str" or error.context.get("class") == "Sequence"


def _combined(pointer: str, errors: Sequence[Error]) -> Error:
    """One error for a value that is of no sort the union takes."""
    at_root = [error for error in errors if error.pointer == pointer]
    known = [word for error in at_root for word in _possible(error)]
    if known and isinstance(at_root[0].input, str):
        return _with(at_root[0], type="literal_error", known=known)
    expected = either(sort for error in at_root for sort in _expected(error))
    return _with(at_root[0], type="wrong_type", expected=expected)


def _with(error: Error, *, type: str | None = None, pointer: str | None = None, **context: Any) -> Error:
    return Error(
        type or error.type,
        error.pointer if pointer is None else pointer,
        error.last,
        error.labels,
        error.location,
        error.input,
        error.words,
        {**error.context, **context},
    )


def _possible(error: Error) -> list[str]:
    return _QUOTED.findall(str(error.context.get("expected", ""))) if error.type in ("literal_error", "enum") else []


def _expected(error: Error) -> list[Text]:
    """The sorts of values that are possible; the words of a model's type are written by pydantic, one or the other."""
    expected = error.context.get("expected")
    if expected is not None:
        return [expected] if isinstance(expected, dict) else [*str(expected).replace("'", '"').split(" or ")]
    if _of_a_list(error):
        return [SORTS["list"]]
    found = _SORT.match(error.type)
    sort = _SORTS.get(found.group("sort") if found else error.type)
    return [SORTS[sort] if sort is not None else error.words.removeprefix("Input should be ")]


def seen(value: Any) -> Text:
    """A value as its author wrote it, shortened."""
    if isinstance(value, dict):
        return SORTS["object"]
    if isinstance(value, list):
        return SORTS["list"]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 60 else shown[:60] + "…"


def _finding(error: Error, model: Any, source: Placed, prefix: str) -> Iterator[Diagnostic]:
    pointer = prefix + error.pointer
    place = source.place(pointer)
    if error.type == "extra_forbidden":
        place = source.place(pointer, key=True)
        known = error.context.get("known") or known_keys(model, error.location[:-1])
        yield MESSAGES.diagnostic("unknown-key", place, seen=error.last, known=known)
    elif error.type == "missing":
        yield MESSAGES.diagnostic("missing", place, seen=error.last)
    elif error.type == "union_tag_not_found":
        tag = error.context["discriminator"].strip("'")
        known = known_keys(model, error.location)
        misspelt = nearest(
            tag, [key for key in error.input if key not in known] if isinstance(error.input, dict) else []
        )
        if misspelt is not None:
            place = source.place(f"{pointer}/{escape(misspelt)}", key=True)
            yield MESSAGES.diagnostic("unknown-key", place, seen=misspelt, known=known)
        else:
            yield MESSAGES.diagnostic("missing", place, seen=tag)
    elif error.type == "union_tag_invalid":
        tag, known = error.context["discriminator"].strip("'"), _QUOTED.findall(error.context["expected_tags"])
        place = source.place(f"{pointer}/{tag}")
        yield MESSAGES.diagnostic("unknown-value", place, seen=error.context["tag"], known=known)
    elif error.type in ("literal_error", "enum"):
        known = error.context.get("known") or _possible(error)
        shown = error.input if isinstance(error.input, str) else seen(error.input)
        yield MESSAGES.diagnostic("unknown-value", place, seen=shown, known=known)
    elif error.type == "no_shape_fits":
        yield MESSAGES.diagnostic("no-shape-fits", place, expected=error.context["expected"])
    elif error.type == "string_pattern_mismatch" and error.context.get("pattern") == NAME:
        yield MESSAGES.diagnostic("name", place, seen=error.input, cure=as_name(str(error.input)))
    elif _is_wrong_sort(error):
        yield MESSAGES.diagnostic("wrong-type", place, seen=seen(error.input), expected=either(_expected(error)))
    else:
        words = error.words.removeprefix("Value error, ").removeprefix("Assertion failed, ")
        yield MESSAGES.diagnostic("value", place, problem=_problem(error, words), cure=cure(error.context))


def _problem(error: Error, words: str) -> Text:
    """What is wrong with a value, after the value itself where it is short enough to be shown."""
    said = limit(error.type, error.context, words)
    if isinstance(error.input, (dict, list)):
        return said
    shown = localized(seen(error.input))
    english = f"{shown}: {words[:1].lower()}{words[1:]}"
    return english if isinstance(said, str) else {"en": english, "zh-CN": f"{shown}：{said['zh-CN']}"}
