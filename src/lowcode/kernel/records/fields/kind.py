"""What a field type is: six members, each for one question the record engine asks.

`options` is what an author may write beside the common keys; `type` is the value's type in expressions; `column` the
column that stores it (None: nothing is stored in the record's own row); `coerce` makes a value out of what was sent;
`show` is the value in JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part, Text
from lowcode.kernel.diagnostics import Text as Words
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.privacy import PrivacyDefinition


class FieldDefinition(Part):
    """The keys every field has, whatever its type."""

    name: str = Key(pattern=r"^[a-z][a-z0-9_]*$", description="The name in expressions, columns and the API.")
    id: str | None = Key(None, description="The permanent identity: keep it when the name changes.")
    was: str | None = Key(None, description="The former name, when the field is renamed and has no id.")
    title: Text | None = None
    help: Text | None = None
    required: bool = False
    unique: bool = False
    index: bool = False
    search: bool | Literal["pinyin"] = Key(
        False,
        description="Found by the search box; `pinyin`: also by how Chinese names are spelt, whole or by initials.",
    )
    read_only: bool = False
    history: bool = True
    encrypted: bool | Literal["searchable"] = Key(
        False, description="Kept so that the database cannot read it; `searchable` can be found by its whole value."
    )
    mask: Literal["all", "phone", "id_card", "card", "email", "name", "address"] | None = Key(
        None, description="Shown so to whoever is not permitted to `reveal`."
    )
    hidden: bool = Key(False, description="Not on the page; rules, the API and files work with it as with any other.")
    default: Any = Key(None, description="A plain value, or an expression after '='.")
    privacy: PrivacyDefinition | None = Key(None, description="What it holds about a person, and why.")
    visible_when: ExpressionText | None = None
    required_when: ExpressionText | None = None
    read_only_when: ExpressionText | None = None


class Invalid(Exception):
    """A value is not one this field can hold. `code` and `message` are for the person; `values` fill the message."""

    def __init__(self, code: str, message: Words, **values: Any) -> None:
        self.code = code
        self.message = message
        self.values = values
        super().__init__(code)


class FieldKind(Protocol):
    """The contract of a field type."""

    name: str
    options: type[FieldDefinition]

    def type(self, options: Any) -> Type:
        """The type of its values in expressions."""
        ...

    def column(self, options: Any) -> TypeEngine[Any] | None:
        """The type of its column, or None when nothing is stored in the record's row."""
        ...

    def coerce(self, value: Any, options: Any) -> Any:
        """The value that was meant by what was sent; never called with a blank. Raises Invalid."""
        ...

    def show(self, value: Any, options: Any) -> Any:
        """The value as JSON; never called with a blank."""
        ...


Coerce = Callable[[Any], Any]
"""What `coerce` makes of a value, for the options of one field."""


def coercer_of(kind: FieldKind, options: Any) -> Coerce:
    """What a record type keeps of each of its fields: `coerce` for its options.

    A kind may have a `coercer(options)` of its own: a function that has looked at the options already and takes a short
    way for values that are plainly fine. It must make of every value what `coerce` makes of it."""
    own: Callable[[Any], Coerce] | None = getattr(kind, "coercer", None)
    if own is not None:
        return own(options)
    coerce = kind.coerce
    return lambda value: coerce(value, options)


def of_type(name: str) -> Any:
    """The annotation of the `type` key of one field type."""
    return Literal[name]
