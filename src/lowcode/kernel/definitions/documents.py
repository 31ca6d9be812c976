"""What documents are made of: closed models, the types their texts have, and `parse`.

An engine describes its documents as subclasses of `Document` (one file) and `Part` (something inside one).
Both refuse unknown keys; keys that begin with `x-` belong to the author and pass everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal, Protocol, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, WithJsonSchema
from pydantic.functional_validators import WrapValidator
from pydantic_core import ErrorDetails, PydanticCustomError

from lowcode.kernel.definitions.names import NAME, NAME_LENGTH
from lowcode.kernel.definitions.pointers import unescape, value_at
from lowcode.kernel.definitions.shape_errors import findings, resolve
from lowcode.kernel.definitions.upgrade import FORMAT
from lowcode.kernel.definitions.wording import SORTS
from lowcode.kernel.diagnostics import LANGUAGE, Place, Report, localized


def _text(value: Any, inner: Any) -> Any:
    try:
        return inner(value)
    except ValidationError:
        raise PydanticCustomError(
            "wrong_type",
            localized(SORTS["text by language"]),
            {"expected": SORTS["text by language"]},
        ) from None


def _words_schema(description: str, form: str) -> WithJsonSchema:
    by_language = {
        "type": "object",
        "propertyNames": {"pattern": LANGUAGE},
        "additionalProperties": {"type": "string"},
        "minProperties": 1,
    }
    return WithJsonSchema({"anyOf": [{"type": "string"}, by_language], "format": form, "description": description})


Name = Annotated[str, StringConstraints(pattern=NAME, max_length=NAME_LENGTH)]
"""What other documents refer to."""

_Words = str | dict[Annotated[str, StringConstraints(pattern=LANGUAGE)], str]

Text = Annotated[
    _Words, WrapValidator(_text), _words_schema("Words for people: one text, or one per language.", "lowcode-text")
]
"""Words for people: one text, or one per language."""

Template = Annotated[
    _Words, WrapValidator(_text), _words_schema("Words with {{ expression }} parts.", "lowcode-template")
]
"""Words with `{{ expression }}` parts: one text, or one per language."""

ColorName = Literal[
    "blue", "cyan", "teal", "green", "lime", "yellow", "orange", "red", "pink", "purple", "indigo", "gray",
    "gold", "volcano", "magenta", "violet", "geekblue", "grey", "default",
]  # fmt: skip
"""The colours by their names, those of other palettes among them; what each looks like stands in the page's tokens."""

Color = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "enum": list(get_args(ColorName)),
            "format": "lowcode-color",
            "description": "One of the colours by its name.",
        }
    ),
]
"""A colour by its name; of a form's fields, one that has no such name is told (`forms.colors`)."""

File = Annotated[
    _Words, WrapValidator(_text), _words_schema("A file of the app: its path, or one per language.", "lowcode-file")
]
"""A file of the app by its path, such as `templates/logo.png`; or one per language."""

Expression = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "lowcode-expression",
            "description": 'An expression, such as: total > 100 and stage = "won"',
        }
    ),
]
"""An expression of the one language; its engine compiles it."""


def _own_keys(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {"^x-": {}}


class Part(BaseModel):
    """Something inside a document: closed, frozen, `x-` keys pass."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, json_schema_extra=_own_keys
    )


class Document(Part):
    """One file of an app."""

    schema_: str | None = Field(None, alias="$schema", description="Where editors find the schema of this document.")
    format: int = Field(FORMAT, ge=1, description="The document format; older ones are lifted when loaded.")
    name: Name = Field(description="What other documents call it; the file has the same name.")
    title: Text = Field("", description="What people call it.")
    part: Name | None = Field(None, description="The part of the app it belongs to; left out, that of what it names.")


class Placed(Protocol):
    """Data that knows where its values stand: a `Source`, or a `SourceDocument`."""

    @property
    def data(self) -> Any:
        """The values."""
        ...

    def at(self, pointer: str) -> Any:
        """The value at a JSON pointer."""
        ...

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """Where a value stands."""
        ...


Model = TypeVar("Model")


def parse(model: type[Model] | Any, source: Placed, report: Report, pointer: str = "") -> Model | None:
    """A document (or the part of it at `pointer`) as its model; every error becomes a finding, and None is returned.

    `model` is a model class or any annotation, such as a union of models told apart by `type`.
    """
    adapter = adapter_of(cast(Hashable, model))
    value = source.at(pointer) if pointer else source.data
    while True:
        text = json.dumps(value)
        try:
            return adapter.validate_json(text, strict=True, by_alias=True, by_name=False)  # type: ignore[no-any-return]
        except ValidationError as error:
            errors = error.errors(include_url=False)
            own = {resolve(each, value).pointer for each in errors if _is_own_key(each)}
            if not own:
                report.extend(findings(errors, model, value, source, pointer))
                return None
            value = _without(json.loads(text), own)


@lru_cache(maxsize=1024)
def adapter_of(model: Any) -> TypeAdapter[Any]:
    """The validator of a model or annotation, made once."""
    return TypeAdapter(model)


def _is_own_key(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden" and str(error["loc"][-1]).startswith("x-")


def _without(value: Any, pointers: Iterable[str]) -> Any:
    """A copy without an author's own keys."""
    for pointer in pointers:
        parent, _, last = pointer.rpartition("/")
        del value_at(value, parent)[unescape(last)]
    return value
