"""The one way a document is written, so that two saves of the same thing are the same bytes and differences are small.

Keys stand in the order of the document's model, an author's own last; two spaces; what fits on a line of 120 columns
stands on one, except lists of objects, which get a line for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from lowcode.kernel.definitions.models import branches, inside, is_model, keys_of

WIDTH = 120


def format_document(data: Any, model: Any = None) -> str:
    """The canonical text of a document; without a model, keys stay in the author's order."""
    ordered = _ordered(data, [model] if model is not None else [])
    return _written(ordered, 0, 0, top=True) + "\n"


def _ordered(data: Any, annotations: list[Any]) -> Any:
    """The data with its keys in the order of the model that fits best."""
    if isinstance(data, list):
        items = [each for annotation in _alternatives(annotations) for each in inside(annotation, 0)]
        return [_ordered(each, items) for each in data]
    if not isinstance(data, dict):
        return data
    alternatives = list(_alternatives(annotations))
    model = _fitting(data, [each for each in alternatives if is_model(each)])
    if model is None:
        inner = [each for annotation in alternatives if not is_model(annotation) for each in inside(annotation, "")]
        return {key: _ordered(value, inner) for key, value in data.items()}
    known = [key for key in keys_of(model) if key in data]
    own = [key for key in data if key not in known]
    return {key: _ordered(data[key], list(inside(model, key))) for key in (*known, *own)}


def _alternatives(annotations: Iterable[Any]) -> Iterable[Any]:
    return (branch for annotation in annotations for branch in branches(annotation))


def _fitting(data: dict[str, Any], models: list[type[BaseModel]]) -> type[BaseModel] | None:
    """The model whose tag the data carries; among equals, the one that knows most of its keys."""

    def fit(model: type[BaseModel]) -> tuple[int, int]:
        tags = 0
        for name, field in model.model_fields.items():
            key = field.alias or name
            if get_origin(field.annotation) is Literal and key in data:
                tags += 1 if data[key] in get_args(field.annotation) else -1
        return tags, len(set(keys_of(model)) & set(data))

    return max(models, key=fit, default=None)


def _written(data: Any, indent: int, before: int, *, top: bool = False) -> str:
    """A value at an indent; `before` is the room already taken on its line."""
    if not isinstance(data, (dict, list)) or not data:
        return json.dumps(data, ensure_ascii=False)
    if not top and _may_be_short(data):
        line = json.dumps(data, ensure_ascii=False)
        if before + len(line) + 1 <= WIDTH - _wide(line):
            return line
    pad = " " * (indent + 2)
    if isinstance(data, dict):
        members = []
        for key, value in data.items():
            head = f"{pad}{json.dumps(key, ensure_ascii=False)}: "
            members.append(head + _written(value, indent + 2, len(head) + _wide(head)))
        opening, closing = "{", "}"
    else:
        members = [pad + _written(value, indent + 2, len(pad)) for value in data]
        opening, closing = "[", "]"
    return f"{opening}\n" + ",\n".join(members) + "\n" + " " * indent + closing


def _may_be_short(data: Any) -> bool:
    """Whether it may stand on one line: a list of several objects may not, however short."""
    values = list(data.values()) if isinstance(data, dict) else data
    if isinstance(data, list) and len(data) > 1 and any(isinstance(each, dict) for each in data):
        return False
    return all(_may_be_short(each) for each in values if isinstance(each, (dict, list)))


def _wide(text: str) -> int:
    """How many columns the text needs beyond its characters: Chinese ones take two."""
    return sum(1 for character in text if character >= "\u1100")
