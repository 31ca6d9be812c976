"""What was understood of a record type: its fields, tables, and how it looks to expressions.

A record type is built in steps while an app is compiled (declared by its engine, formulas typed, tables made), and is
not changed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Place, Text
from lowcode.kernel.expressions import Expression, FieldShape, RecordShape, Type
from lowcode.kernel.records.fields import FieldKind
from lowcode.kernel.records.fields.choices import listed
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.named import SEVERAL

SYSTEM_FIELDS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "owner", "deleted_at")
ROW_FIELDS = ("id", "position")


@dataclass
class Field:
    """One field of a record type.

    `type` is its type in expressions. `expression` is set for computed fields; `stored` says whether its value stands
    in the record's row (else it is computed when read). `rows` names the record type of its rows for lines and links.
    """

    name: str
    id: str
    kind: FieldKind | None
    options: FieldDefinition
    type: Type
    place: Place
    title: Text = ""
    stored: bool = True
    expression: Expression | None = None
    default: Expression | None = None
    visible_when: Expression | None = None
    required_when: Expression | None = None
    read_only_when: Expression | None = None
    section_when: tuple[Expression, ...] = ()
    """The conditions of the sections it stands in, when all of them have one; it shows when one of them holds."""
    option_when: dict[str, Expression] = field(default_factory=dict)
    filter: Expression | None = None
    matches: dict[str, Expression] = field(default_factory=dict)
    target: str | None = None
    formula_place: Place | None = None
    """Where its formula is written."""
    rows: RecordType | None = None

    @cached_property
    def computed(self) -> bool:
        """Whether nobody can set it."""
        return self.options_type in ("formula", "rollup", "serial")

    @cached_property
    def always_required(self) -> bool:
        """Whether it must have a value whatever else holds."""
        return self.required and self.visible_when is None and not self.section_when

    @cached_property
    def options_type(self) -> str:
        """The word of its type."""
        return str(getattr(self.options, "type", ""))

    @cached_property
    def several(self) -> bool:
        """Whether it names several records, people or departments: pairs in a table of its own (`joins`)."""
        return self.options_type in SEVERAL

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """The words of each thing it may hold by its options."""
        return {name: words for name, words, _ in listed(self.options)}

    @cached_property
    def percent(self) -> bool:
        """Whether its number is read in percent."""
        return self.options_type == "percent" or getattr(self.options, "format", None) == "percent"

    @cached_property
    def money(self) -> bool:
        """Whether its number is an amount of money."""
        return self.options_type == "money" or getattr(self.options, "format", None) == "money"

    @cached_property
    def sealed(self) -> bool:
        """Whether the database cannot read it."""
        return bool(self.options.encrypted) or self.options_type == "secret"

    @cached_property
    def confidential(self) -> bool:
        """Whether nobody is shown it unasked, and its changes are kept without its values."""
        return self.options_type in ("password", "secret")

    @cached_property
    def required(self) -> bool:
        """Whether it must always have a value."""
        return self.options.required


@dataclass(frozen=True, slots=True)
class Relation:
    """Records of another type that link here: the reverse of the link `by` of `record_type`."""

    name: str
    record_type: str
    by: str
    title: Text = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold of every record; a blank counts as met."""

    name: str
    expression: Expression
    field: str | None
    message: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields that together may occur once: among the records that are not deleted, or among the rows of one record."""

    fields: tuple[str, ...]
    message: Text | None = None

    @property
    def name(self) -> str:
        """The name of the rule, and the end of its index's name."""
        return "_".join(self.fields)


@dataclass(frozen=True, slots=True)
class WithoutOverlaps:
    """Ranges from `start` to `end` of which two may not overlap where `per` is the same; of the records for which
    `where` holds."""

    start: str
    end: str
    per: tuple[str, ...]
    where: Expression | None
    message: Text | None
    place: Place
    position: int = 0
    """Which of the rules of its form it is: several may be over the same range."""

    @property
    def columns(self) -> tuple[str, ...]:
        """By what the others are found."""
        return (*self.per, self.end)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Fields by which the same thing, entered twice, is recognised."""

    fields: tuple[str, ...]
    match: str = "exact"


@dataclass(frozen=True, slots=True)
class Permission:
    """What some roles may do with the records for which `where` holds, and which fields are kept from them."""

    roles: frozenset[str]
    can: frozenset[str]
    where: Expression | None
    hide: frozenset[str]
    read_only: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Follower:
    """Who is told when stored formulas of a record changed without a save of it, if what changed is among `reads`.
    `told` is called with (context, id, values before, values now)."""

    reads: frozenset[str]
    told: Callable[..., None]
    touched: Callable[..., None] | None = None
    """Of who need not know from what to what: called with (context, id, names) in place of `told` where only that sums
    change is known, so that nothing has to be read."""


@dataclass
class RecordType:
    """A record type: what the forms engine declared, and everything derived from it."""

    name: str
    title: Text
    place: Place
    id: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    unique: tuple[Unique, ...] = ()
    without_overlaps: tuple[WithoutOverlaps, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    permissions: tuple[Permission, ...] = ()
    label: Expression | None = None
    tree: str | None = None
    """The link of a record to the one it hangs under, when the records form a tree."""
    parent: RecordType | None = None
    """The record type whose lines these are; None for records of their own."""
    parent_field: str = ""
    table: sa.Table = None  # type: ignore[assignment]
    history: sa.Table = None  # type: ignore[assignment]
    stages: sa.Table | None = None
    joins: dict[str, sa.Table] = field(default_factory=dict)
    """The table of pairs of each field that names several (`Field.several`)."""
    intervals: dict[str, RecordType] = field(default_factory=dict)
    """The stays in the states of each state field, as rows (`intervals`)."""
    entries: RecordType | None = None
    """What was done with the records, as rows (`entries`)."""
    computed: tuple[Field, ...] = ()
    """Stored computed fields in the order in which they depend on one another."""
    extras: dict[str, Any] = field(default_factory=dict)
    """What engines keep with it under their own name; `indexes`: fields some engine looks for, to be indexed;
    `refreshed`: who is told when stored formulas changed without a save (`Follower`)."""

    @property
    def shape(self) -> RecordShape:
        """How expressions see it: system fields, own fields, and the records that link here."""
        shapes = dict(SYSTEM_SHAPES if self.parent is None else ROW_SHAPES)
        shapes["id"] = FieldShape("id", "id", Type("record", record=self.name))
        if self.parent is not None:
            shapes["parent"] = FieldShape("parent", "parent", Type("record", record=self.parent.name), "")
        for each in self.fields.values():
            shapes[each.name] = FieldShape(each.name, each.id, each.type, str(each.title or each.name))
        for relation in self.relations.values():
            shapes[relation.name] = FieldShape(
                relation.name, relation.name, Type("rows", record=relation.record_type), ""
            )
        return RecordShape(self.name, shapes, self.tree is not None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields each of which tells its records apart, as people write them: unique alone, and serial numbers."""
        named = [each.fields[0] for each in self.unique if len(each.fields) == 1]
        named += [each.name for each in self.fields.values() if each.options_type == "serial"]
        return tuple(name for name in dict.fromkeys(named) if name in self.fields and not self.fields[name].sealed)

    @property
    def called_by(self) -> tuple[str, ...]:
        """The keys that are texts, beside the label if that is one of them: what a record of a tree is called by."""
        own = self.label.paths if self.label is not None and self.label.text in self.fields else frozenset()
        return tuple(name for name in self.keys if self.fields[name].type.kind == "text" and name not in own)

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields with a column of their own."""
        return tuple(each for each in self.fields.values() if each.stored and each.name in self.table.c)

    @cached_property
    def lines(self) -> tuple[Field, ...]:
        """The fields that hold rows of their own."""
        return tuple(each for each in self.fields.values() if each.rows is not None)

    @cached_property
    def rows_below(self) -> tuple[tuple[str, RecordType], ...]:
        """The record types of its rows, and of rows in them, with the way there: `groups`, `groups.items`."""
        found: list[tuple[str, RecordType]] = []
        for each in self.lines:
            assert each.rows is not None
            found.append((each.name, each.rows))
            found += ((f"{each.name}.{path}", rows) for path, rows in each.rows.rows_below)
        return tuple(found)

    @cached_property
    def untold(self) -> frozenset[str]:
        """The fields, and columns of rows by their way, of whose changes only is kept that they were."""
        return frozenset(
            f"{way}.{name}".lstrip(".")
            for way, owner in (("", self), *self.rows_below)
            for name, each in owner.fields.items()
            if each.confidential or each.sealed
        )

    @cached_property
    def root(self) -> RecordType:
        """The record type with a life of its own whose rows these are; itself when it is one."""
        return self if self.parent is None else self.parent.root

    @cached_property
    def way(self) -> str:
        """How its root reaches these rows: `groups.items`; blank for the root itself."""
        above = self.parent.way if self.parent is not None else ""
        return f"{above}.{self.parent_field}".lstrip(".")

    @cached_property
    def states(self) -> tuple[Field, ...]:
        """The fields that move along transitions."""
        return tuple(each for each in self.fields.values() if each.options_type == "state")

    @property
    def sets(self) -> Mapping[str, Field]:
        """Fields somebody can set, by name."""
        return {name: each for name, each in self.fields.items() if not each.computed}


def _system(name: str, type_: Type) -> FieldShape:
    return FieldShape(name, name, type_, name)


SYSTEM_SHAPES: Mapping[str, FieldShape] = {
    shape.name: shape
    for shape in (
        _system("id", Type("number", scale=0)),
        _system("version", Type("number", scale=0)),
        _system("created_at", Type("datetime")),
        _system("created_by", Type("user", record="user")),
        _system("updated_at", Type("datetime")),
        _system("updated_by", Type("user", record="user")),
        _system("owner", Type("user", record="user")),
        _system("deleted_at", Type("datetime")),
    )
}
ROW_SHAPES: Mapping[str, FieldShape] = {
    "id": _system("id", Type("number", scale=0)),
    "position": _system("position", Type("number", scale=0)),
}
DIRECTORY_SHAPES: Mapping[str, RecordShape] = {
    "user": RecordShape(
        "user",
        {
            shape.name: shape
            for shape in (
                _system("id", Type("number", scale=0)),
                _system("login", Type("text")),
                _system("name", Type("text")),
                _system("email", Type("text")),
                _system("active", Type("boolean")),
                _system("department", Type("record", record="department")),
                _system("manager", Type("user", record="user")),
            )
        },
    ),
    "department": RecordShape(
        "department",
        {
            shape.name: shape
            for shape in (
                _system("id", Type("number", scale=0)),
                _system("name", Type("text")),
                _system("parent", Type("record", record="department")),
                _system("head", Type("user", record="user")),
            )
        },
        tree=True,
    ),
}
