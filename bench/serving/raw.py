"""The floor: ASGI without a framework, the driver without a toolkit, statements as text.

It answers what the others answer. Nothing is checked that they check but the session, the secret of a write and what a
person may see: the fields that are sent are taken as they come. On PostgreSQL each process has one connection, asked in
the loop.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson
import psycopg
import sqlalchemy as sa

from bench.serving import tables as t

PAGE = 20
NAMES = tuple(str(column.name) for column in t.customer.c)
VISIT = tuple(str(column.name) for column in t.visit.c)
COOKIE = re.compile(rb"session=([^;]+)")
COLUMNS = ", ".join(NAMES)
SENT = ("Content-Type", "application/json"), *t.HEADERS
HEADERS = [(name.lower().encode(), value.encode()) for name, value in SENT]
PRIVATE = t.PRIVATE[0].lower().encode(), t.PRIVATE[1].encode()


def instant(value: Any) -> Any:
    """An instant as JSON, of a driver's value."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:19]}.{value[20:23] if value[19:20] == '.' else '000'}Z"
    return value and value.astimezone(UTC).isoformat("T", "milliseconds")[:-6] + "Z"


def places(value: Any, so_many: int = 2) -> Any:
    """A decimal as JSON: SQLite keeps it as a float."""
    return value if value is None else f"{value:.{so_many}f}"


def shown(row: Any, people: Mapping[int, Any]) -> dict[str, Any]:
    """A customer as it is answered."""
    (identity, version, created_at, created_by, updated_at, updated_by, owner, _, name, email, phone, company, level,
     status, amount, discount, employees, signed_on, next_visit, notes, net, size) = row  # fmt: skip
    return {
        "id": identity, "version": version, "created_at": instant(created_at), "created_by": people[created_by],
        "updated_at": instant(updated_at), "updated_by": people[updated_by], "owner": people[owner], "name": name,
        "email": email, "phone": phone, "company": company, "level": level, "status": status,
        "amount": places(amount), "discount": places(discount, 4), "employees": employees, "signed_on": signed_on,
        "next_visit": instant(next_visit), "notes": notes, "net": places(net), "size": size, "_label": name,
    }  # fmt: skip


def visited(row: Any, people: Mapping[int, Any], customers: dict[str, Any]) -> dict[str, Any]:
    """A visit with the name of its customer, who is put among the customers."""
    (identity, version, created_at, created_by, updated_at, updated_by, owner, _, customer, at, cost, notes,
     *linked) = row  # fmt: skip
    if linked[0] is not None and str(customer) not in customers:
        customers[str(customer)] = shown(linked, people)
    return {
        "id": identity, "version": version, "created_at": instant(created_at), "created_by": people[created_by],
        "updated_at": instant(updated_at), "updated_by": people[updated_by], "owner": people[owner],
        "customer": None if linked[0] is None else {"id": customer, "label": linked[PLACE_OF_NAME]},
        "at": instant(at), "cost": places(cost), "notes": notes, "_label": notes,
    }  # fmt: skip


def after(*values: Any) -> str:
    """Where the following page begins."""
    return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


PLACE_OF_NAME = NAMES.index("name")


class Service:
    """The endpoints over one database."""

    def __init__(self, url: str) -> None:
        self.known: dict[bytes, tuple[float, bytes, Any]] = {}
        self.people: dict[int, Any] = {}
        parts = sa.make_url(url)
        self.lite = parts.get_backend_name() == "sqlite"
        if self.lite:
            self.connection: Any = sqlite3.connect(str(parts.database), isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            self.connection = psycopg.connect(
                parts.set(drivername="postgresql").render_as_string(False), autocommit=True, prepare_threshold=0
            )  # fmt: skip
        member = f"owner IN (SELECT value FROM json_each({self.at(2)}))" if self.lite else f"owner = ANY({self.at(2)})"
        member1 = member.replace(self.at(2), self.at(1))
        self.one = f"SELECT {COLUMNS} FROM customer WHERE id = {self.at(1)} AND deleted_at IS NULL AND {member}"
        self.page = (
            f"SELECT {COLUMNS} FROM customer WHERE deleted_at IS NULL AND {member1} AND status = {self.at(2)} "
            f"AND amount > {self.at(3)} ORDER BY amount DESC, id DESC LIMIT {PAGE + 1}"
        )
        mark = "?" if self.lite else "$"
        mine, theirs = (
            f"{each}.owner IN (SELECT value FROM json_each({mark}1))" if self.lite else f"{each}.owner = ANY({mark}1)"
            for each in ("v", "c")
        )
        columns = ", ".join([*(f"v.{name}" for name in VISIT), *(f"c.{name}" for name in NAMES)])
        self.visits = (
            f"SELECT {columns} FROM visit v LEFT JOIN customer c ON c.id = v.customer AND c.deleted_at IS NULL AND "
            f"{theirs} WHERE v.deleted_at IS NULL AND {mine} AND v.cost > {mark}2 "
            f"ORDER BY v.at DESC, v.id DESC LIMIT {PAGE + 1}"
        )
        self.make = partial(self._insert, "customer")
        self.rename = (
            f"UPDATE words SET words = {self.at(1)}, folded = {self.at(2)} WHERE record_type = {self.at(3)} "
            f"AND record_id = {self.at(4)}"
        )
        self.texts: dict[Any, str] = {}

    def at(self, place: int) -> str:
        """A parameter of a statement."""
        return "?" if self.lite else f"${place}"

    def run(self, text: str, given: tuple[Any, ...]) -> Any:
        """A statement on the driver."""
        if self.lite:
            return self.connection.execute(text, given)
        return psycopg.RawCursor(self.connection).execute(text.encode(), given)

    def who(self, cookie: bytes) -> tuple[float, bytes, Any]:
        """The secret and the team of a session; refused without one."""
        found = self.known.get(cookie)
        if found is None or time.monotonic() - found[0] > t.SESSION_SECONDS:
            asked = f'SELECT "user", csrf FROM session WHERE token = {self.at(1)} AND expires_at > {self.at(2)}'
            now: Any = datetime.now(UTC)
            token = hashlib.sha256(cookie).hexdigest()
            row = self.run(asked, (token, str(now)[:26] if self.lite else now)).fetchone()
            assert row is not None
            people = self.run("SELECT id, name, manager FROM person", ()).fetchall()
            self.people = {each[0]: {"id": each[0], "label": each[1]} for each in people}
            team: Any = [each[0] for each in people if row[0] in (each[0], each[2])]
            team = orjson.dumps(team).decode() if self.lite else team
            found = self.known[cookie] = time.monotonic(), row[1].encode(), team
        return found

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        found = COOKIE.search(headers.get(b"cookie", b""))
        _, secret, team = self.who(found.group(1) if found else b"")
        body = b""
        if scope["method"] != "GET":
            assert hmac.compare_digest(headers.get(b"x-csrf-token", b""), secret)
            while True:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    break
        status, answer = self.answer(scope, team, orjson.loads(body) if body else {})
        content = orjson.dumps(answer)
        head = [*HEADERS, (b"content-length", str(len(content)).encode())]
        if "version" in answer:
            head.append((b"etag", b'"%d"' % answer["version"]))
        if "_meta" in answer:
            head.append(PRIVATE)
        if status == 201:
            head.append((b"location", b"customer/%d" % answer["id"]))
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": content})

    def answer(self, scope: Any, team: Any, sent: dict[str, Any]) -> tuple[int, Any]:
        """What is asked for."""
        last = scope["path"].rpartition("/")[2]
        if scope["method"] == "POST":
            return 201, self.created(sent)
        people = self.people
        if last == "customers":
            given = parse_qs(scope["query_string"].decode())
            amount = float(given["amount"][0]) if self.lite else Decimal(given["amount"][0])
            rows = self.run(self.page, (team, given["status"][0], amount)).fetchall()
            items = [shown(row, people) for row in rows[:PAGE]]
            following = after(items[-1]["amount"], items[-1]["id"]) if len(rows) > PAGE else None
            return 200, {"items": items, "next": following}
        if last == "visits":
            cost = parse_qs(scope["query_string"].decode())["cost"][0]
            rows = self.run(self.visits, (team, float(cost) if self.lite else Decimal(cost))).fetchall()
            customers: dict[str, Any] = {}
            items = [visited(row, people, customers) for row in rows[:PAGE]]
            following = after(items[-1]["at"], items[-1]["id"]) if len(rows) > PAGE else None
            return 200, {"items": items, "next": following, "expanded": {"customer": customers}}
        row = self.run(self.one, (int(last), team)).fetchone()
        if scope["method"] == "GET":
            return 200, {**shown(row, people), "_meta": t.META}
        return 200, self.updated(row, sent)

    def created(self, sent: dict[str, Any]) -> dict[str, Any]:
        """A new customer with its history and event, in one transaction."""
        now: Any = datetime.now(UTC)
        now = str(now) if self.lite else now
        stamps = {"created_at": now, "created_by": 1, "updated_at": now, "updated_by": 1}
        values = {**self.taken(sent), **stamps, "version": 1, "owner": 1, "deleted_at": None}
        values.update(self.computed(sent))
        self.connection.execute("BEGIN")
        values["id"] = self.make(values)
        self._insert("words", {"record_type": "customer", "record_id": values["id"], **t.searched_by(sent["name"])})
        self.noted(values["id"], 1, "created", {name: [None, value] for name, value in sent.items()}, now)
        self.connection.execute("COMMIT")
        return self.as_answered(values)

    def updated(self, row: Any, sent: dict[str, Any]) -> dict[str, Any]:
        """Some fields of a customer changed."""
        before = dict(zip(NAMES, row, strict=True))
        now: Any = datetime.now(UTC)
        now = str(now) if self.lite else now
        values = {**self.taken(sent), **self.computed({**before, **sent}), "version": before["version"] + 1,
                  "updated_at": now, "updated_by": 1}  # fmt: skip
        places = ", ".join(f"{name} = {self.at(place)}" for place, name in enumerate(values, 1))
        where = f"id = {self.at(len(values) + 1)} AND version = {self.at(len(values) + 2)}"
        self.connection.execute("BEGIN")
        self.run(f"UPDATE customer SET {places} WHERE {where}", (*values.values(), before["id"], before["version"]))
        if "name" in sent:
            found = {**t.searched_by(sent["name"]), "record_type": "customer", "record_id": before["id"]}
            self.run(self.rename, tuple(found.values()))
        changes = {name: [before[name], value] for name, value in sent.items()}
        self.noted(before["id"], values["version"], "updated", changes, now)
        self.connection.execute("COMMIT")
        return self.as_answered({**before, **values})

    def taken(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What is sent, as it is kept: SQLite has no instants, and sorts them as text."""
        if "next_visit" in sent and sent["next_visit"] is not None:
            at = datetime.fromisoformat(sent["next_visit"])
            return {**sent, "next_visit": f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if self.lite else at}
        return sent

    def as_answered(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A customer that was written; amounts may be the text that was sent."""
        exact = {name: Decimal(values[name]) for name in ("amount", "discount") if isinstance(values[name], str)}
        return shown([{**values, **exact}[name] for name in NAMES], self.people)

    def computed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The two formulas."""
        found = t.computed(Decimal(str(values["amount"])), Decimal(str(values["discount"])), values["employees"])
        return {**found, "net": float(found["net"]) if self.lite else found["net"]}

    def noted(self, identity: int, version: int, kind: str, changes: Any, now: Any) -> None:
        """The history and the event of a change."""
        history = {"record_id": identity, "version": version, "at": now, "actor": 1, "kind": kind,
                   "changes": orjson.dumps(changes, default=str).decode()}  # fmt: skip
        self._insert("customer__history", history)
        body = orjson.dumps({"version": version, "changed": sorted(changes)}).decode()
        self._insert("event", {"at": now, "name": f"record.{kind}", "record_type": "customer", "record_id": identity,
                               "actor": 1, "body": body})  # fmt: skip

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        key = table, tuple(values)
        text = self.texts.get(key)
        if text is None:
            places = ", ".join(self.at(place) for place in range(1, len(values) + 1))
            text = self.texts[key] = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"
        return int(self.run(text, tuple(values.values())).fetchone()[0])


def make(url: str) -> Service:
    """The service over a database."""
    return Service(url)
