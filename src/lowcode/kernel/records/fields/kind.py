"""What a field type is: six members, each for one question the record engine asks.

`options` is what an author may write beside the common keys; `type` is the value's type in expressions; `column` the
column that stores it (None: nothing is stored in the record's own row); `coerce` makes a value out of what was sent;
`show` is the value in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part, Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.invalid import Invalid as Invalid
from lowcode.kernel.records.fields.masking import A_MASK, CONFIDENTIAL, is_mask
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
    history: bool = Key(
        True,
        description="Whether the history keeps what it was and became; if not, only that it changed. "
        "Of rows it always keeps all.",
    )
    encrypted: bool | Literal["searchable"] = Key(
        False, description="Kept so that the database cannot read it; `searchable` can be found by its whole value."
    )
    mask: Literal["all", "phone", "id_card", "card", "email", "name", "address"] | None = Key(
        None, description="Shown so to whoever is not permitted to `reveal`."
    )
    hidden: bool = Key(False, description="Not on the page; rules, the API and files work with it as with any other.")
    copied: bool = Key(
        True,
        description="Whether a copy of a record takes its value; serial numbers, unique values, states and secrets are "
        "never taken.",
    )
    default: Any = Key(None, description="A plain value, or an expression after '='.")
    privacy: PrivacyDefinition | None = Key(None, description="What it holds about a person, and why.")
    visible_when: ExpressionText | None = None
    required_when: ExpressionText | None = None
    read_only_when: ExpressionText | None = None


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


@dataclass(frozen=True, slots=True)
class Plain:
    """The values of a field that are plainly fine, as source: where `test` holds of `v`, `value` is what `coerce` makes
    of it. What else the source names stands in `names`, in braces: `v in {keys}`."""

    test: str
    value: str = "v"
    names: Mapping[str, Any] = field(default_factory=dict)

    def under(self, prefix: str) -> tuple[str, str, dict[str, Any]]:
        """Test and value with their names made apart from those of others, and these names."""
        own = {name: f"{prefix}{name}" for name in self.names}
        return self.test.format(**own), self.value.format(**own), {own[name]: self.names[name] for name in own}


def plain_of(kind: FieldKind, options: Any) -> Plain | None:
    """The values of a field that its kind says are plainly fine (`plain(options)`), if it says so of any; of one that
    is shown under a mask, none is."""
    if options.mask:
        return None
    plain: Callable[[Any], Plain] | None = getattr(kind, "plain", None)
    return None if plain is None else plain(options)


def coercer_of(kind: FieldKind, options: Any) -> Coerce:
    """What a record type keeps of each of its fields: `coerce` for its options.

    A kind may have a `coercer(options)` of its own: a function that has looked at the options already; and a
    `plain(options)`, the source of a short way for values that are plainly fine. Both must make of every value what
    `coerce` makes of it."""
    made = _coercer_of(kind, options)
    return _no_masks(made, options) if options.mask or kind.name in CONFIDENTIAL else made


def _no_masks(coerce: Coerce, options: Any) -> Coerce:
    """A mask that was sent back is not the value it stands over."""

    def checked(value: Any) -> Any:
        if is_mask(value, options):
            raise Invalid("records.mask-as-value", A_MASK)
        return coerce(value)

    return checked


def _coercer_of(kind: FieldKind, options: Any) -> Coerce:
    own: Callable[[Any], Coerce] | None = getattr(kind, "coercer", None)
    coerce = kind.coerce
    slow: Coerce = own(options) if own is not None else lambda value: coerce(value, options)
    plain = plain_of(kind, options)
    if plain is None:
        return slow
    test, value, names = plain.under("")
    names["slow"] = slow
    made: Coerce = eval(f"lambda v: {value} if {test} else slow(v)", names)  # noqa: S307 (source of kinds, not of authors)
    return made
