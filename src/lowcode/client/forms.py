"""The records of one form, over the network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from lowcode.client.calls import Client

Record = TypeVar("Record")
Values = TypeVar("Values")
PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some records; `next` is given as `after` for those that follow, and is None at the end."""

    items: list[Record]
    next: str | None
    count: int | None = None
    """How many there are; `capped` when there are more than that."""
    capped: bool = False
    sums: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one item of `bulk`: `done` is created, updated or deleted; blank when it has `problems`."""

    done: str
    id: int | None
    version: int | None
    problems: Sequence[Mapping[str, Any]] = ()


class Form(Generic[Record, Values]):
    """The records of a form. A record is JSON as it is answered: decimals and days as text, links as `{"id", "label"}`;
    values are sent in the same way, links as ids."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._path = f"records/{quote(name)}"

    def get(self, id: int, *, fields: Iterable[str] = ()) -> Record:
        """One record. Raises Refused with status 404 where it is not, or may not be read."""
        return self._record("GET", f"/{id}", parameters={"fields": tuple(fields)})

    def list(
        self,
        *,
        where: str | None = None,
        filter: Mapping[str, Any] | None = None,
        search: str | None = None,
        view: str | None = None,
        sort: str | Iterable[str] = (),
        fields: Iterable[str] = (),
        expand: Iterable[str] = (),
        limit: int = 50,
        after: str | None = None,
        count: bool = False,
        sum: Iterable[str] = (),
    ) -> Page[Record]:
        """A page. `where` is an expression, `filter` conditions in groups, `sort` names, `-` before one descending."""
        parameters = {
            "where": where, "filter": None if filter is None else json.dumps(filter), "search": search, "view": view,
            "sort": sort if isinstance(sort, str) else tuple(sort), "fields": tuple(fields), "expand": tuple(expand),
            "limit": limit, "after": after, "count": count, "sum": tuple(sum),
        }  # fmt: skip
        found = self._client.call("GET", self._path, parameters=parameters)
        counted = found.get("count") or {}
        return Page(
            found["items"], found["next"], counted.get("value"), counted.get("capped", False), found.get("sums") or {}
        )

    def each(self, **asked: Any) -> Iterator[Record]:
        """All of them, a page at a time; the parameters are those of `list`."""
        asked.setdefault("limit", PAGE)
        while True:
            page: Page[Record] = self.list(**asked)
            yield from page.items
            if page.next is None:
                return
            asked["after"] = page.next

    def create(self, values: Values) -> Record:
        """Make a record; the same request sent twice makes one."""
        return self._record("POST", "", values)

    def update(self, id: int, values: Values, *, version: int | None = None) -> Record:
        """Change a record; with `version` only if nobody else did since. Raises Refused with status 412 otherwise."""
        return self._record("PATCH", f"/{id}", values, version=version)

    def upsert(self, by: str, value: str | int, values: Values, *, version: int | None = None) -> Record:
        """Change the record that has this value in a unique field, or make it."""
        return self._record("PUT", f"/by/{quote(by)}/{quote(str(value), safe='')}", values, version=version)

    def delete(self, id: int, *, version: int | None = None) -> None:
        """Delete a record."""
        self._client.call("DELETE", f"{self._path}/{id}", version=version)

    def bulk(self, items: Iterable[Mapping[str, Any]], *, together: bool = False) -> Sequence[Done]:
        """Up to a thousand of `{"do": "create" | "update" | "upsert" | "delete", "id", "by", "version", "values"}`,
        each for itself, or all or none. Raises Refused when none was done."""
        sent: dict[str, Any] = {"items": [dict(each) for each in items], **({"together": True} if together else {})}
        found = self._client.call("POST", f"{self._path}/bulk", sent)
        return [
            Done(each.get("done", ""), each.get("id"), each.get("version"), tuple(each.get("problems", ())))
            for each in found["items"]
        ]

    def aggregate(
        self,
        group: Iterable[str] = (),
        *,
        sum: Iterable[str] = (),
        average: Iterable[str] = (),
        where: str | None = None,
        search: str | None = None,
    ) -> Sequence[Mapping[str, Any]]:
        """`[{"values", "count", "sum", "average"}]` by the values of some fields, the largest groups first."""
        parameters = {
            "group": tuple(group), "sum": tuple(sum), "average": tuple(average), "where": where, "search": search,
        }  # fmt: skip
        found = self._client.call("GET", f"{self._path}/aggregate", parameters=parameters)
        return cast("Sequence[Mapping[str, Any]]", found["items"])

    def history(self, id: int) -> Sequence[Mapping[str, Any]]:
        """What changed in a record, the newest first: who, when, which fields, and why."""
        found: list[Mapping[str, Any]] = []
        after: str | None = None
        while True:
            page = self._client.call("GET", f"{self._path}/{id}/history", parameters={"after": after})
            found += page["items"]
            after = page["next"]
            if after is None:
                return found

    def _record(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> Record:
        found = self._client.call(method, self._path + path, body, parameters=parameters, version=version)
        return cast("Record", found)
