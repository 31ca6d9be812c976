"""An organisation as a service has it: departments and people, in one shape for all kinds of connectors.

A kind that can be asked for one has `people`, a generator of requests as of a way to sign in. Whoever is not in what it
returns has left: a kind refuses to return a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lowcode.api.connectors.codes import object_of, told
from lowcode.api.connectors.kind import Keys, Refused, Reply, Steps


@dataclass(frozen=True, slots=True)
class Department:
    """A department: `key` is what the service calls it for good; `parent` the one above, None at the top; `head` the
    account of who leads it."""

    key: str
    name: str
    parent: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the organisation: `account` never changes hands; `email` and `phone` are what the service vouches
    for; `department` is a key, `manager` an account; `values` is all that the service says. Who is not `active` there
    is not active here."""

    account: str
    name: str
    login: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""
    department: str | None = None
    manager: str | None = None
    active: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Organisation:
    """All of it."""

    departments: tuple[Department, ...]
    people: tuple[Member, ...]


Reads = Callable[[Any, Keys], Steps[Organisation]]
"""The member `people` of a kind of connector."""


def people_of(kind: Any) -> Reads | None:
    """How a kind of connector reads its organisation; None for one that has none."""
    found: Reads | None = getattr(kind, "people", None)
    return found


def read(reply: Reply, inside: str | None) -> Mapping[str, Any]:
    """The object in an answer that said yes. Raises Refused for one that is no object."""
    found = object_of(reply.text)
    result = found.get(inside) if found is not None and inside is not None else found
    if not isinstance(result, dict):
        raise Refused(told("again", "the answer does not say what was asked for", "返回内容缺少所需数据", 30))
    return result


def rows(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects in an answer."""
    listed = found.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def only_a_part() -> Refused:
    """The application may not see everybody: whoever is out of its sight would look as if they had left."""
    return Refused(
        told(
            "setup",
            "the application sees a part of the organisation only: let it see all of it",
            "应用只能看到部分通讯录，请将可见范围（通讯录权限范围）设为全部成员",
        )
    )
