"""What was understood of an endpoint: frozen values that a call is answered by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lowcode.api.endpoints.conditions import Condition
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.texts import TextTemplate


@dataclass(frozen=True, slots=True)
class Reads:
    """What of a record is read later: paths, and per field of rows what of each row."""

    paths: tuple[str, ...] = ()
    rows: Mapping[str, RowReads] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowReads:
    """What of rows leads on to other records: by link, its form and the paths there."""

    hops: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Find:
    """One record, or several of a page."""

    form: str
    name: str
    where: Condition | None
    sort: tuple[str, ...]
    many: bool = False
    limit: int = 1
    after: Expression | None = None
    count: bool = False
    needed: bool = True
    reads: Reads = Reads()


@dataclass(frozen=True, slots=True)
class Write:
    """A record made, or with `by` the one of the same key changed."""

    form: str
    name: str
    values: Mapping[str, Expression]
    find: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None
    condition: Condition | None = None
    for_each: str | None = None
    items: Mapping[str, Type] = field(default_factory=dict)
    reads: Reads = Reads()


@dataclass(frozen=True, slots=True)
class Change:
    """A record that was found, changed or put away."""

    form: str
    record: str
    values: Mapping[str, Expression] = field(default_factory=dict)
    delete: bool = False
    reads: Reads = Reads()


@dataclass(frozen=True, slots=True)
class Tell:
    """A flow started for a record, or flows of it told."""

    form: str
    record: str
    flow: str | None = None
    message: str | None = None
    body: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """The rows of a report."""

    report: str
    name: str
    filters: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What records come to, altogether or by groups: names and the paths they stand for."""

    form: str
    name: str
    where: Condition | None
    group: Mapping[str, str]
    count: str | None
    sum: Mapping[str, str]
    average: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in the author's words."""

    message: TextTemplate
    code: str
    status: Literal[403, 404, 409, 422]
    pointer: str


Action = Find | Aggregate | Write | Change | Tell | Ask | Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """An action, and when it is taken."""

    action: Action
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """One part of the answer for each of a list; without a body, as they are."""

    list: str
    body: Body | None


@dataclass(frozen=True, slots=True)
class Nested:
    """An object of the answer."""

    parts: Mapping[str, Body]


Body = Expression | Each | Nested


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int | Expression
    headers: Mapping[str, Expression]
    body: Body | None


@dataclass(frozen=True, slots=True)
class Example:
    """A call as it may be."""

    title: Text
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    payload: Any
    answer: Any


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address."""

    name: str
    title: Text
    method: str
    path: str
    pattern: re.Pattern[str]
    path_schema: Mapping[str, Any]
    query_schema: Mapping[str, Any]
    payload_schema: Mapping[str, Any] | None
    session: bool
    key: bool
    public: bool
    roles: frozenset[str]
    origins: frozenset[str]
    limit: int | None
    limit_total: int | None
    run_as: str
    steps: tuple[Step, ...]
    answer: Answer
    blanks: tuple[str, ...] = ()
    """Every variable of what is found and made: blank until a step gives it a value."""
    examples: tuple[Example, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The names in its path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def shape(self) -> str:
        """Its path without the names."""
        return re.sub(r"\{\w+\}", "{}", self.path)

    @property
    def generality(self) -> tuple[bool, ...]:
        """What is written out goes before what anything fits."""
        return tuple(part.startswith("{") for part in self.path.split("/"))
