"""A hand-written service: Starlette, asynchronous endpoints, SQLAlchemy Core, orjson.

On SQLite the endpoints call Core directly; on PostgreSQL through SQLAlchemy's asynchronous engine, as its authors say.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.serving import tables as t

PAGE = 20
NAMES = tuple(str(column.name) for column in t.customer.c)
VISIT = tuple(str(column.name) for column in t.visit.c)
AT = VISIT.index("at")


def plain(value: Any) -> Any:
    """What orjson does not know."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    content = orjson.dumps(value, default=plain, option=orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z)
    return Response(content, status, {**dict(t.HEADERS), **headers}, "application/json")


def shown(row: Any, people: Mapping[int, Any]) -> dict[str, Any]:
    """A customer as it is answered: people by name."""
    found = dict(zip(NAMES, row, strict=True))
    del found["deleted_at"]
    return named(found, people, found["name"])


def named(found: dict[str, Any], people: Mapping[int, Any], label: str | None) -> dict[str, Any]:
    """A record with the people who stand in it by name, and what it is called."""
    for each in ("created_by", "updated_by", "owner"):
        found[each] = people[found[each]]
    found["_label"] = label
    return found


def after(*values: Any) -> str:
    """Where the following page begins."""
    return urlsafe_b64encode(orjson.dumps(values, default=plain)).decode().rstrip("=")


class Direct:
    """Core's connection under the asynchronous names, without a thread in between."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement."""
        return self.connection.execute(statement, parameters)


class Service:
    """The endpoints over one database."""

    def __init__(self, url: str) -> None:
        self.begin: Callable[[], AbstractAsyncContextManager[Any]]
        self.connect: Callable[[], AbstractAsyncContextManager[Any]]
        if url.startswith("sqlite"):
            engine = t.engine_for(url)

            @asynccontextmanager
            async def begin() -> Any:
                with engine.begin() as connection:
                    yield Direct(connection)

            @asynccontextmanager
            async def connect() -> Any:
                with engine.connect() as connection:
                    yield Direct(connection)

            self.begin, self.connect = begin, connect
        else:
            remote = create_async_engine(url, pool_size=20)
            self.begin, self.connect = remote.begin, remote.connect
        self.known: dict[str, tuple[float, Any, list[int]]] = {}
        self.people: dict[int, Any] = {}
        c = t.customer
        self.one = sa.select(c).where(
            c.c.id == sa.bindparam("id"), c.c.deleted_at.is_(None),
            c.c.owner.in_(sa.bindparam("team", expanding=True)),
        )  # fmt: skip
        self.page = (
            sa.select(c)
            .where(
                c.c.deleted_at.is_(None), c.c.owner.in_(sa.bindparam("team", expanding=True)),
                c.c.status == sa.bindparam("status"), c.c.amount > sa.bindparam("amount"),
            )
            .order_by(c.c.amount.desc(), c.c.id.desc())
            .limit(PAGE + 1)
        )  # fmt: skip

        v = t.visit
        linked = sa.and_(c.c.id == v.c.customer, c.c.deleted_at.is_(None), c.c.owner.in_(
            sa.bindparam("team", expanding=True)))  # fmt: skip
        self.visits = (
            sa.select(v, c)
            .select_from(v.outerjoin(c, linked))
            .where(
                v.c.deleted_at.is_(None), v.c.owner.in_(sa.bindparam("team", expanding=True)),
                v.c.cost > sa.bindparam("cost"),
            )
            .order_by(v.c.at.desc(), v.c.id.desc())
            .limit(PAGE + 1)
        )  # fmt: skip

    async def who(self, request: Request) -> tuple[Any, list[int]]:
        """The session and the team of the person; refused without one, and for a write without the page's secret."""
        token = request.cookies.get("session")
        if not token:
            raise HTTPException(401)
        found = self.known.get(token)
        if found is None or time.monotonic() - found[0] > t.SESSION_SECONDS:
            digest = hashlib.sha256(token.encode()).hexdigest()
            async with self.connect() as connection:
                query = sa.select(t.session).where(t.session.c.token == digest)
                row = (await connection.execute(query)).first()
                expires = None if row is None else row.expires_at
                if expires is None or expires.replace(tzinfo=UTC) < datetime.now(UTC):
                    raise HTTPException(401)
                people = (await connection.execute(sa.select(t.person))).all()
                self.people = {each.id: {"id": each.id, "label": each.name} for each in people}
                team = [each.id for each in people if row.user in (each.id, each.manager)]
                found = self.known[token] = (time.monotonic(), row, team)
        if request.method != "GET":
            sent = request.headers.get("x-csrf-token", "")
            if not hmac.compare_digest(sent.encode(), found[1].csrf.encode()):
                raise HTTPException(403)
        return found[1], found[2]

    async def get(self, request: Request) -> Response:
        """One customer."""
        _, team = await self.who(request)
        async with self.connect() as connection:
            found = await connection.execute(self.one, {"id": request.path_params["id"], "team": team})
            row = found.first()
        if row is None:
            raise HTTPException(404)
        found = {**shown(row, self.people), "_meta": t.META}
        private: dict[str, Any] = {t.PRIVATE[0]: t.PRIVATE[1]}
        return answer(found, etag=f'"{row.version}"', **private)

    async def list(self, request: Request) -> Response:
        """A page, the greatest amounts first."""
        _, team = await self.who(request)
        given = request.query_params
        parameters = {"team": team, "status": given["status"], "amount": Decimal(given["amount"])}
        async with self.connect() as connection:
            rows = (await connection.execute(self.page, parameters)).all()
        following = after(rows[PAGE - 1].amount, rows[PAGE - 1].id) if len(rows) > PAGE else None
        return answer({"items": [shown(row, self.people) for row in rows[:PAGE]], "next": following})

    async def expand(self, request: Request) -> Response:
        """A page of visits, the latest first, and the customer of each."""
        _, team = await self.who(request)
        parameters = {"team": team, "cost": Decimal(request.query_params["cost"])}
        async with self.connect() as connection:
            rows = (await connection.execute(self.visits, parameters)).all()
        following = after(rows[PAGE - 1][AT], rows[PAGE - 1][0]) if len(rows) > PAGE else None
        items, customers = [], {}
        for row in rows[:PAGE]:
            item = dict(zip(VISIT, row[: len(VISIT)], strict=True))
            del item["deleted_at"]
            linked = row[len(VISIT) :]
            if linked[0] is not None and str(linked[0]) not in customers:
                customers[str(linked[0])] = shown(linked, self.people)
            label = None if linked[0] is None else customers[str(linked[0])]["_label"]
            item["customer"] = None if linked[0] is None else {"id": linked[0], "label": label}
            items.append(named(item, self.people, item["notes"]))
        return answer({"items": items, "next": following, "expanded": {"customer": customers}})

    async def create(self, request: Request) -> Response:
        """A new customer, with its history and event."""
        session, _ = await self.who(request)
        try:
            sent = t.New.model_validate_json(await request.body())
        except ValidationError as error:
            return answer({"errors": error.errors(include_url=False, include_context=False)}, 422)
        values = sent.model_dump(exclude_unset=True)
        now = datetime.now(UTC)
        values.update(t.computed(sent.amount, sent.discount, sent.employees))
        values.update(version=1, created_at=now, created_by=session.user, updated_at=now, updated_by=session.user,
                      owner=session.user, deleted_at=None)  # fmt: skip
        async with self.begin() as connection:
            made = await connection.execute(t.customer.insert(), values)
            values["id"] = made.inserted_primary_key[0]
            changes = {name: [None, value] for name, value in values.items()}
            await self._note(connection, values, "created", changes, session.user, now)
        found = shown([values.get(name) for name in NAMES], self.people)
        return answer(found, 201, location=f"customer/{values['id']}", etag='"1"')

    async def update(self, request: Request) -> Response:
        """Some fields of a customer changed."""
        session, team = await self.who(request)
        try:
            sent = t.Sent.model_validate_json(await request.body())
        except ValidationError as error:
            return answer({"errors": error.errors(include_url=False, include_context=False)}, 422)
        async with self.begin() as connection:
            found = await connection.execute(self.one, {"id": request.path_params["id"], "team": team})
            one = found.first()
            if one is None:
                raise HTTPException(404)
            row = dict(zip(NAMES, one, strict=True))
            values = {**row, **sent.model_dump(exclude_unset=True)}
            if not t.discount_fits(values["discount"], values["amount"]):
                return answer({"errors": [{"loc": ["discount"], "msg": "too much"}]}, 422)
            values.update(t.computed(values["amount"], values["discount"], values["employees"]))
            now = datetime.now(UTC)
            changed = {name: value for name, value in values.items() if value != row[name]}
            changed.update(version=row["version"] + 1, updated_at=now, updated_by=session.user)
            values.update(changed)
            c = t.customer.c
            hit = await connection.execute(
                t.customer.update().where(c.id == row["id"], c.version == row["version"]).values(changed)
            )
            if hit.rowcount == 0:
                raise HTTPException(409)
            changes = {name: [row[name], value] for name, value in changed.items()}
            await self._note(connection, values, "updated", changes, session.user, now)
        return answer(shown([values[name] for name in NAMES], self.people), etag=f'"{values["version"]}"')

    async def _note(
        self, connection: Any, values: dict[str, Any], kind: str, changes: Any, actor: int, now: datetime
    ) -> None:
        known = {name: [_json(old), _json(new)] for name, (old, new) in changes.items() if name not in _QUIET}
        if kind == "created":
            found = t.searched_by(values["name"])
            await connection.execute(
                t.words.insert(), {"record_type": "customer", "record_id": values["id"], **found}
            )  # fmt: skip
        elif "name" in known:
            w = t.words.c
            here = sa.and_(w.record_type == "customer", w.record_id == values["id"])
            await connection.execute(t.words.update().where(here).values(t.searched_by(values["name"])))
        await connection.execute(
            t.history.insert(),
            {"record_id": values["id"], "version": values["version"], "at": now, "actor": actor, "kind": kind,
             "changes": known},
        )  # fmt: skip
        await connection.execute(
            t.event.insert(),
            {"at": now, "name": f"record.{kind}", "record_type": "customer", "record_id": values["id"], "actor": actor,
             "body": {"version": values["version"], "changed": sorted(known)}},
        )  # fmt: skip


_QUIET = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"})


def _json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def make(url: str) -> Starlette:
    """The service over a database."""
    service = Service(url)
    routes: list[tuple[str, Callable[[Request], Awaitable[Response]], str]] = [
        ("/customers/{id:int}", service.get, "GET"),
        ("/customers", service.list, "GET"),
        ("/visits", service.expand, "GET"),
        ("/customers", service.create, "POST"),
        ("/customers/{id:int}", service.update, "PATCH"),
    ]
    return Starlette(routes=[Route(path, endpoint, methods=[method]) for path, endpoint, method in routes])
