"""Which keys a model takes at a place: for the hint of a misspelt one."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def known_keys(model: Any, location: Iterable[int | str]) -> list[str]:
    """Every key that can be written at a location of a model, which may contain labels of union branches."""
    found = [model]
    for step in location:
        alternatives = [each for annotation in found for each in branches(annotation)]
        labelled = [each for each in alternatives if _is_labelled(each, str(step))]
        found = [inner for each in alternatives for inner in inside(each, step)] + labelled or alternatives
    models = [each for annotation in found for each in branches(annotation) if is_model(each)]
    return list(dict.fromkeys(key for each in models for key in keys_of(each)))


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a model as they stand in JSON."""
    return [field.alias or name for name, field in model.model_fields.items()]


def is_model(annotation: Any) -> bool:
    """Whether an annotation is a model class."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def branches(annotation: Any) -> Iterator[Any]:
    """What an annotation may be, unions taken apart."""
    origin = get_origin(annotation)
    if hasattr(annotation, "__value__"):
        yield from branches(annotation.__value__)
    elif origin is Annotated:
        yield from branches(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for each in get_args(annotation):
            yield from branches(each)
    else:
        yield annotation


def _is_labelled(annotation: Any, label: str) -> bool:
    if not is_model(annotation):
        return False
    if annotation.__name__ == label:
        return True
    literals = [
        get_args(field.annotation)
        for field in annotation.model_fields.values()
        if get_origin(field.annotation) is Literal
    ]
    return any(label in words for words in literals)


def inside(annotation: Any, step: int | str) -> Iterator[Any]:
    """What an annotation holds under a key or an index."""
    if is_model(annotation):
        for name, field in annotation.model_fields.items():
            if step == (field.alias or name):
                yield field.annotation
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if not isinstance(origin, type) or not arguments:
        return
    if issubclass(origin, Mapping):
        yield arguments[-1]
    elif isinstance(step, int) and issubclass(origin, (Sequence, set, frozenset)):
        yield (
            arguments[0]
            if len(arguments) == 1 or arguments[-1] is Ellipsis
            else arguments[min(step, len(arguments) - 1)]
        )
