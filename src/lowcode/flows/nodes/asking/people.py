"""Who is meant: the sources an author names, and how they become people when a node is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.asking.votes import Meant
from lowcode.flows.nodes.reading import STARTER, Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.types import USER, USERS
from lowcode.kernel.records.filters import people_at

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work
    from lowcode.kernel.identity.directory import Directory


WAYS = (
    "user",
    "role",
    "manager_of",
    "managers_of",
    "department_head",
    "members_of",
    "field",
    "expression",
    "chosen_by",
)
LONGEST_LINE = 50
"""Superiors above one another. A directory in which people are superiors of one another has no end."""


class PersonSource(Part):
    """One way of saying who is meant; exactly one of the keys (with `level` beside it where it applies)."""

    user: str | None = Field(None, description="One person, by login.")
    role: str | None = Field(None, description="Everybody with this role.")
    manager_of: ExpressionText | None = Field(
        None, description="The superior of the starter ('starter') or of the person in a field, such as 'owner'."
    )
    department_head: ExpressionText | None = Field(
        None,
        description="The head of the department of the starter, of a person, or of a department field; or of one that "
        "a text names, such as '\"finance\"'.",
    )
    level: int = Field(1, ge=1, le=20, description="How many levels up: 2 is the superior's superior.")
    managers_of: ExpressionText | None = Field(
        None, description="The superiors of the starter or of a person, one above the other, the nearest first (逐级)."
    )
    levels: int | None = Field(None, ge=1, le=20, description="managers_of: so many levels; left out: to the top.")
    until_role: str | None = Field(None, description="managers_of: up to the first who has this role, with them.")
    members_of: ExpressionText | None = Field(
        None,
        description="Everybody in the department of the starter, of a person, or of a department field; or in one that "
        "a text names, such as '\"finance\"'.",
    )
    chosen_by: Literal["starter", "previous"] | None = Field(
        None, description="Whom the starter picks, or the person who approved just before."
    )
    among: str | None = Field(None, description="chosen_by: only people with this role may be picked.")
    weight: int = Field(1, ge=1, le=1000, description="What a vote of these people weighs where votes are weighed.")
    field: str | None = Field(
        None, description="The person or people in a field of the record, or behind a link of it: `project.lead`."
    )
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

    kind: Literal["user", "role", "manager", "managers", "head", "members", "value", "chosen"]
    name: str = ""
    of: Expression | None = None
    of_department: bool = False
    level: int = 1
    weight: int = 1
    by: Literal["starter", "previous"] = "starter"
    role: str | None = None


def read(sources: Sources, reading: Reading, pointer: str, node: str = "") -> tuple[Source, ...]:
    """The sources of a list in a document; what is wrong with them becomes findings."""
    found = (_read_one(source, reading.at(f"{pointer}/{index}"), node) for index, source in enumerate(sources))
    return tuple(source for source in found if source is not None)


def _read_one(document: PersonSource | str, reading: Reading, node: str) -> Source | None:
    if isinstance(document, str):
        return _value(document, reading, "")
    keys = document.keys
    if not keys:
        reading.finding("no-source")
        return None
    if len(keys) > 1:
        reading.finding("one-source", count=len(keys), seen=keys)
        return None
    found = _named(document, reading, node) or _related(document, reading)
    return replace(found, weight=document.weight) if found is not None else None


def _named(document: PersonSource, reading: Reading, node: str) -> Source | None:
    """A person, a role, or people who are still to be picked."""
    if document.user is not None:
        return Source("user", document.user)
    if document.role is not None:
        reading.find("role", document.role, "/role")
        return Source("role", document.role)
    if document.chosen_by is not None:
        if document.among is not None:
            reading.find("role", document.among, "/among")
        if not node:
            reading.finding("chosen-where", "/chosen_by")
        return Source("chosen", node, by=document.chosen_by, role=document.among)
    return None


def _related(document: PersonSource, reading: Reading) -> Source | None:
    """People found from the record or from another person."""
    if document.field is not None:
        if "." not in document.field and reading.field(reading.form, document.field, "/field") is None:
            return None
        return _value(document.field, reading, "/field")
    if document.expression is not None:
        return _value(document.expression, reading, "/expression")
    if document.manager_of is not None:
        of, _ = _person(document.manager_of, reading, "/manager_of", departments=False)
        return Source("manager", of=of, level=document.level)
    if document.managers_of is not None:
        if document.until_role is not None:
            reading.find("role", document.until_role, "/until_role")
        of, _ = _person(document.managers_of, reading, "/managers_of", departments=False)
        return Source("managers", of=of, level=document.levels or LONGEST_LINE, role=document.until_role)
    if document.members_of is not None:
        of, department = _person(document.members_of, reading, "/members_of", departments=True)
        return Source("members", of=of, of_department=department)
    if document.department_head is None:
        return None
    of, department = _person(document.department_head, reading, "/department_head", departments=True)
    return Source("head", of=of, of_department=department, level=document.level)


def _value(text: str, reading: Reading, pointer: str) -> Source | None:
    of, _ = _person(text, reading, pointer, departments=False, several=True)
    return Source("value", of=of)


def _person(
    text: str, reading: Reading, pointer: str, *, departments: bool, several: bool = False
) -> tuple[Expression | None, bool]:
    """The expression of a person (None: the starter), and whether it is a department instead: one in a field, or what
    one is called."""
    if text == STARTER and STARTER in reading.variables:
        return None, False
    wanted = people_at(reading.scope.shapes.records, reading.form, text) if several else USER
    expression = reading.expression(text, pointer, expect=USERS if wanted is USERS else None)
    if expression is None:
        return None, False
    kind = expression.type
    if kind.target == "user" or (several and kind.kind == "users"):
        return expression, False
    if several and kind.kind in ("multi", "rows") and kind.record == "user":
        return expression, False
    if departments and (kind.target == "department" or kind.kind == "text"):
        return expression, True
    reading.finding("not-a-person", pointer, seen=text, kind=kind.text)
    return None, False


def expressions(sources: Iterable[Source]) -> list[Expression]:
    """What must be known of the record before the people can be found."""
    return [source.of for source in sources if source.of is not None]


def find(sources: Sequence[Source], work: Work) -> list[Meant]:
    """The people the sources mean now, in order, possibly twice."""
    found: list[Meant] = []
    for group, source in enumerate(sources):
        found.extend(Meant(person, group, source.weight) for person in _find_one(source, work))
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
        case "chosen":
            return list(work.chosen(source.name))
        case "value":
            return _ids(of)
        case "manager":
            return _ids(manager_of(directory, of, source.level))
        case "managers":
            return _line_above(directory, of, source.level, source.role)
        case "head":
            return _ids(_head_of(directory, _department(source, directory, of), source.level))
        case "members":
            department = _department(source, directory, of)
            users = sorted(directory.users.values(), key=lambda user: user.id)
            return [user.id for user in users if department is not None and user.department == department]


def _department(source: Source, directory: Directory, of: Any) -> int | None:
    if isinstance(of, str):
        return next((each.id for each in directory.departments.values() if of in each.called), None)
    if of is None or source.of_department:
        return of if source.of_department else None
    user = directory.users.get(of)
    return user.department if user else None


def _line_above(directory: Directory, person: int | None, levels: int, until: str | None) -> list[int]:
    """Superiors, the nearest first, each once; up to the first who has a role, where one is named."""
    found: list[int] = []
    while person is not None and len(found) < levels:
        person = directory.manager_of(person)
        if person is None or person in found:
            break
        found.append(person)
        user = directory.users.get(person)
        if until is not None and user is not None and until in user.roles:
            break
    return found


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
    if isinstance(value, int):
        return [value]
    return [each["id"] if isinstance(each, Mapping) else each for each in value if each is not None]
