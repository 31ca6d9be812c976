"""People as rules name them: "owner", {"role": "director"}, {"manager_of": "owner"}; resolved when a rule fires."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from pydantic import model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.identity import org
from lowcode.kernel.records.filters import people_at

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.rules.actions.kind import Firing, Site

USER = Type("user", record="user")
DEPARTMENT = Type("record", record="department")


class PersonDocument(Part):
    """One way to name people."""

    role: str | None = None
    department: ExpressionText | None = None
    user: str | None = None
    field: str | None = None
    manager_of: ExpressionText | None = None
    department_head: ExpressionText | None = None
    expression: ExpressionText | None = None

    @model_validator(mode="after")
    def _one(self) -> PersonDocument:
        ways = ("role", "user", "field", "manager_of", "department_head", "expression")
        named = [way for way in ways if getattr(self, way) is not None]
        if len(named) != 1:
            raise Unfit(
                f"people are named in one way of: {', '.join(ways)}", f"人员只能用以下一种方式指定：{'、'.join(ways)}"
            )
        if self.department is not None and self.role is None:
            raise Unfit(
                "'department' narrows a 'role'; name the role as well", "department 用来限定角色，请同时填写 role"
            )
        return self


@dataclass(frozen=True, slots=True)
class ByRole:
    """Everybody with a role, perhaps only of one department."""

    role: str
    department: Expression | None


@dataclass(frozen=True, slots=True)
class ByLogin:
    """One person by login."""

    login: str


@dataclass(frozen=True, slots=True)
class ByExpression:
    """The person an expression gives, or the people of a field of several."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class ManagerOf:
    """The manager of the person an expression gives."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class HeadOf:
    """The head of the department an expression gives."""

    expression: Expression


Person: TypeAlias = ByRole | ByLogin | ByExpression | ManagerOf | HeadOf


def compile_person(written: str | PersonDocument, site: Site, below: str) -> Person | None:
    """Understand one way of naming people; a plain text is an expression that gives a person."""
    if isinstance(written, str):
        return _by_expression(written, site, below)
    if written.role is not None:
        if not site.knows("role", written.role, f"{below}/role"):
            return None
        narrowed = None
        if written.department is not None:
            narrowed = site.expression(written.department, f"{below}/department", expect=DEPARTMENT)
        return ByRole(written.role, narrowed)
    if written.user is not None:
        return ByLogin(written.user)
    if written.field is not None:
        return _by_expression(written.field, site, f"{below}/field")
    if written.manager_of is not None:
        return _wrapped(ManagerOf, site.expression(written.manager_of, f"{below}/manager_of", expect=USER))
    if written.department_head is not None:
        return _wrapped(HeadOf, site.expression(written.department_head, f"{below}/department_head", expect=DEPARTMENT))
    return _by_expression(written.expression or "", site, f"{below}/expression")


def _by_expression(text: str, site: Site, below: str) -> Person | None:
    """The person, or the people of a field of several."""
    wanted = people_at(site.scope.shapes.records, site.form, text)
    return _wrapped(ByExpression, site.expression(text, below, expect=wanted))


def _wrapped(sort: Callable[[Expression], Person], expression: Expression | None) -> Person | None:
    return sort(expression) if expression is not None else None


def needs_of_people(people: Iterable[Person]) -> tuple[Expression, ...]:
    """The expressions in them."""
    found = []
    for each in people:
        if isinstance(each, ByRole):
            found += [each.department] if each.department is not None else []
        elif not isinstance(each, ByLogin):
            found.append(each.expression)
    return tuple(found)


def resolve(people: Iterable[Person], firing: Firing) -> list[int]:
    """Their ids, each once, in the order named; people who are no longer active are left out."""
    found: dict[int, None] = {}
    for each in people:
        for identity in _ids(each, firing):
            user = org.user(firing.context, identity)
            if user is not None and user.active:
                found[identity] = None
    return list(found)


def _ids(person: Person, firing: Firing) -> list[int]:
    context = firing.context
    match person:
        case ByRole(role, department):
            unit = firing.value(department) if department is not None else None
            return (
                []
                if department is not None and unit is None
                else [each.id for each in org.users_with_role(context, role, unit)]
            )
        case ByLogin(login):
            user = org.user_by_login(context, login)
            return [user.id] if user is not None else []
        case ByExpression(expression):
            value = firing.value(expression)
            return _as_ids(value)
        case ManagerOf(expression):
            return [
                boss
                for each in _as_ids(firing.value(expression))
                if (boss := org.manager_of(context, each)) is not None
            ]
        case HeadOf(expression):
            unit = firing.value(expression)
            head = org.head_of_department(context, unit) if unit is not None else None
            return [head] if head is not None else []
    assert_never(person)


def _as_ids(value: Any) -> list[int]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple, set, frozenset)):
        return [int(value)]
    return [int(each["id"] if isinstance(each, Mapping) else each) for each in value]  # the rows of a field of several


def identity_of(context: Context, value: Any) -> int | None:
    """The id of a person given as an id or as a login (what a decision table answers)."""
    if value is None:
        return None
    if isinstance(value, str):
        user = org.user_by_login(context, value)
        return user.id if user is not None else None
    return int(value)


NAMING = ("assign", "notify", "return_to_pool", "user")
"""The words of actions under which people stand."""
BY_PERSON = ("passed_over", "loads")
"""Those under which something is said of each of several people."""


Told = tuple[str | None, Mapping[str, Any]]
"""What an action tells, and the form of its rule."""


def people_in(context: Context, told: Iterable[Told]) -> dict[int, str]:
    """The names of the people that actions tell of."""
    ids: set[int] = set()
    for form, action in told:
        for word in NAMING:
            ids.update(_as_ids(action.get(word)) if not isinstance(action.get(word), str) else ())
        for word in BY_PERSON:
            ids.update(int(each) for each in action.get(word) or ())
        ids.update(identity for target, identity in linked_in(context, form, action) if target == "user")
    found = {identity: org.user(context, identity) for identity in ids}
    return {identity: user.name for identity, user in found.items() if user is not None}


def linked_in(context: Context, form: str | None, told: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The records and people that stand in the values that a condition reads, or an action sets or gives a new record:
    their form, or `user`, and their ids."""
    given = told.get("set") or told.get("values")
    record_type = context.app.types.get(told.get("create") or told.get("update") or form or "")
    if not isinstance(given, Mapping) or record_type is None:
        return
    for name, value in given.items():
        shape = record_type.shape.fields.get(name)
        if shape is not None and shape.type.target is not None and isinstance(value, int):
            yield shape.type.target, value
