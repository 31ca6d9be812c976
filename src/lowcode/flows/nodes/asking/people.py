"""Who is meant: the sources an author names, and how they become people when a node is entered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.reading import STARTER, Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work
    from lowcode.kernel.identity.directory import Directory


WAYS = ("user", "role", "manager_of", "department_head", "field", "expression")


class PersonSource(Part):
    """One way of saying who is meant; exactly one of the keys (with `level` beside it where it applies)."""

    user: str | None = Field(None, description="One person, by login.")
    role: str | None = Field(None, description="Everybody with this role.")
    manager_of: ExpressionText | None = Field(
        None, description="The superior of the starter ('starter') or of the person in a field, such as 'owner'."
    )
    department_head: ExpressionText | None = Field(
        None, description="The head of the department of the starter, of a person, or of a department field."
    )
    level: int = Field(1, ge=1, le=20, description="How many levels up: 2 is the superior's superior.")
    field: str | None = Field(None, description="The person or people in a field of the record.")
    expression: ExpressionText | None = Field(None, description="An expression that is a person or a set of people.")

    @property
    def keys(self) -> list[str]:
        """The ways in which it says who is meant."""
        return [key for key in WAYS if getattr(self, key)]


Sources = list[PersonSource | str]
"""A text stands for the expression it is: `"owner.manager"`."""


@dataclass(frozen=True, slots=True)
class Source:
    """An understood source. `of` is None for the starter."""

    kind: Literal["user", "role", "manager", "head", "value"]
    name: str = ""
    of: Expression | None = None
    of_department: bool = False
    level: int = 1


def read(sources: Sources, reading: Reading, pointer: str) -> tuple[Source, ...]:
    """The sources of a list in a document; what is wrong with them becomes findings."""
    found = (_read_one(source, reading.at(f"{pointer}/{index}")) for index, source in enumerate(sources))
    return tuple(source for source in found if source is not None)


def _read_one(document: PersonSource | str, reading: Reading) -> Source | None:
    if isinstance(document, str):
        return _value(document, reading, "")
    keys = document.keys
    if len(keys) != 1:
        reading.finding("one-source", count=len(keys), seen=keys)
        return None
    if document.user is not None:
        return Source("user", document.user)
    if document.role is not None:
        reading.find("role", document.role, "/role")
        return Source("role", document.role)
    if document.field is not None:
        if reading.field(reading.form, document.field, "/field") is None:
            return None
        return _value(document.field, reading, "/field")
    if document.expression is not None:
        return _value(document.expression, reading, "/expression")
    if document.manager_of is not None:
        of, _ = _person(document.manager_of, reading, "/manager_of", departments=False)
        return Source("manager", of=of, level=document.level)
    assert document.department_head is not None
    of, department = _person(document.department_head, reading, "/department_head", departments=True)
    return Source("head", of=of, of_department=department, level=document.level)


def _value(text: str, reading: Reading, pointer: str) -> Source | None:
    of, _ = _person(text, reading, pointer, departments=False, several=True)
    return Source("value", of=of)


def _person(
    text: str, reading: Reading, pointer: str, *, departments: bool, several: bool = False
) -> tuple[Expression | None, bool]:
    """The expression of a person (None: the starter), and whether it is a department instead."""
    if text == STARTER and STARTER in reading.variables:
        return None, False
    expression = reading.expression(text, pointer)
    if expression is None:
        return None, False
    kind = expression.type
    if kind.target == "user" or (several and kind.kind == "users"):
        return expression, False
    if several and kind.kind == "multi" and kind.record == "user":
        return expression, False
    if departments and kind.target == "department":
        return expression, True
    reading.finding("not-a-person", pointer, seen=text, kind=str(kind))
    return None, False


def expressions(sources: Iterable[Source]) -> list[Expression]:
    """What must be known of the record before the people can be found."""
    return [source.of for source in sources if source.of is not None]


def find(sources: Sequence[Source], work: Work) -> list[int]:
    """The people the sources mean now, in order, possibly twice."""
    found: list[int] = []
    for source in sources:
        found.extend(_find_one(source, work))
    return found


def _find_one(source: Source, work: Work) -> list[int]:
    directory = work.directory
    of = work.starter if source.of is None else work.value(source.of)
    match source.kind:
        case "user":
            user = directory.by_login.get(source.name)
            return [] if user is None else [user.id]
        case "role":
            return [user.id for user in directory.with_role(source.name)]
        case "value":
            return _ids(of)
        case "manager":
            return _ids(manager_of(directory, of, source.level))
        case "head":
            if of is not None and not source.of_department:
                user = directory.users.get(of)
                of = user.department if user else None
            return _ids(_head_of(directory, of, source.level))


def manager_of(directory: Directory, person: int | None, level: int = 1) -> int | None:
    """The superior so many levels up, or None when the line ends before."""
    for _ in range(level):
        if person is None:
            return None
        person = directory.manager_of(person)
    return person


def _head_of(directory: Directory, department_id: int | None, level: int) -> int | None:
    department = directory.departments.get(department_id) if department_id is not None else None
    for _ in range(level - 1):
        if department is None or department.parent is None:
            return None
        department = directory.departments.get(department.parent)
    return department.head if department else None


def _ids(value: Any) -> list[int]:
    if value is None:
        return []
    return [value] if isinstance(value, int) else [each for each in value if each is not None]
