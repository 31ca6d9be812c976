"""Requests over HTTP against services written by hand, on SQLite and on PostgreSQL.

`expand`: a list of twenty with the record each links to.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from bench.customers import GRADES, VISIT, app, values
from bench.harness import Comparison, Size
from bench.serving import tables as t
from bench.serving.serve import READY
from lowcode.host import Host
from lowcode.kernel.identity.sessions import begin_session
from lowcode.kernel.identity.tokens import digest
from lowcode.seeding import seed

CONNECTIONS = 16
GOALS = {"orm": 10.0, "core": 2.0, "raw": 0.6}
"""Of the rate of each; which of them cannot be reached, and why: docs/decisions/0246."""
CALLED = {"orm": "FastAPI + ORM", "core": "Starlette + Core", "raw": "raw ASGI + driver"}
OPERATIONS = {"get": 400, "list": 200, "expand": 100, "create": 200, "update": 200}
TOKEN, CSRF = "t" * 43, "c" * 32


@dataclass(frozen=True)
class Service:
    """A service that runs, and how its requests look."""

    name: str
    port: int
    path: str
    cookie: str
    csrf: str

    def request(self, method: str, path: str, body: Any = None) -> str:
        """One request as it goes over the wire."""
        content = "" if body is None else json.dumps(body)
        head = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{self.port}", f"cookie: {self.cookie}",
                "accept: application/json"]  # fmt: skip
        if method != "GET":
            head += ["content-type: application/json", f"content-length: {len(content)}", f"x-csrf-token: {self.csrf}"]
        return "\r\n".join([*head, "", content])

    def requests(self, operation: str, ids: list[int]) -> list[str]:
        """The requests of one operation, each another record."""
        if operation == "get":
            return [self.request("GET", f"{self.path}/{each}") for each in ids]
        if operation == "list":
            where = quote('status = "active" and amount > 1000')
            query = f"where={where}&sort=-amount&limit=20" if self.name == "ours" else "status=active&amount=1000"
            return [self.request("GET", f"{self.path}?{query}")]
        if operation == "expand":
            where = quote("cost > 100")
            query = f"where={where}&sort=-at&limit=20&expand=customer" if self.name == "ours" else "cost=100"
            return [self.request("GET", f"{self.path.replace('customer', 'visit')}?{query}")]
        if operation == "create":
            return [self.request("POST", self.path, values(number)) for number in range(1000)]
        return [
            self.request("PATCH", f"{self.path}/{each}", {"amount": f"{turn + 2000}.25", "notes": f"第 {turn} 次回访"})
            for turn in range(2)
            for each in ids
        ]


class Client:
    """The process that sends."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.serving.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self, **command: Any) -> dict[str, Any]:
        """Send a command; the answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def runner(self, name: str, count: int) -> Callable[[], None]:
        """A function that sends `count` requests of a load and insists on answers."""

        def run() -> None:
            found = self.say(run=name, count=count, connections=CONNECTIONS)
            if found["wrong"]:
                raise RuntimeError(f"{name}: {found['statuses']}\n{found['wrong']}")

        return run

    def close(self) -> None:
        """Enough."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL: one process, and there also as many as there are cores."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", lambda name: f"sqlite:///{folder}/{name}.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make, size)
                cores = os.cpu_count() or 1
                yield from _on(f"PostgreSQL, {cores} processes", lambda name: make(f"{name}_all"), size, cores)


def _on(database: str, make: Callable[[str], str], size: Size, processes: int = 1) -> Iterator[Comparison]:
    rows = max(200, size.of(5000))
    with contextlib.ExitStack() as stack:
        client = Client()
        stack.callback(client.close)
        services = {}
        for name in ("ours", *CALLED):
            url = make(f"{name}_http")
            cookie, csrf, ids = prepare_ours(url, rows) if name == "ours" else prepare_theirs(url, rows)
            port = start(stack, name, url, processes)
            path = "/api/records/customer" if name == "ours" else "/customers"
            services[name] = Service(name, port, path, cookie, csrf)
            for operation in OPERATIONS:
                requests = services[name].requests(operation, ids[: max(4 * CONNECTIONS, size.of(1000))])
                client.say(load=f"{name} {operation}", port=port, requests=requests)
        for operation, count in OPERATIONS.items():
            for other, called in CALLED.items():
                count = max(CONNECTIONS, size.of(count))
                yield Comparison(
                    f"HTTP {operation}, {database}: {called}",
                    client.runner(f"ours {operation}", count), client.runner(f"{other} {operation}", count),
                    GOALS[other], "requests", count,
                )  # fmt: skip


def start(stack: contextlib.ExitStack, name: str, url: str, processes: int = 1) -> int:
    """Start a service, one after the other its processes; their port, once all of them answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    for _ in range(processes):
        _started(stack, name, url, port)
    return port


def _started(stack: contextlib.ExitStack, name: str, url: str, port: int) -> None:
    command = [sys.executable, "-m", "bench.serving.serve", name, url, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    stack.callback(process.stdout.close)
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    if process.stdout.readline().strip() != READY:
        raise RuntimeError(f"the service {name} did not start")


def prepare_ours(url: str, rows: int) -> tuple[str, str, list[int]]:
    """Our database, and a session of the one who leads everybody: cookie, secret, ids."""
    host = Host(app(VISIT), url)
    host.publish()
    seed(host)
    leader = host.actor("person0")
    host.database.write(
        lambda unit: [
            host.context(unit, host.app_actor).ask("identity.save_person", login=f"person{n}", manager="person0")
            for n in range(1, 20)
        ]
    )
    assert leader.id is not None
    owners = sorted(user.id for user in host.directory().users.values())
    table = host.types["customer"].table
    with host.session() as context:
        ids = [context.unit.new_ids(table, 1)[0] for _ in range(rows)]
        context.unit.insert_many(
            table, [{"id": each, **row(number, owners)} for number, each in enumerate(ids)]
        )  # fmt: skip
        visits = host.types["visit"].table
        context.unit.insert_many(
            visits, [{"id": context.unit.new_ids(visits, 1)[0], **visit(n, owners, ids)} for n in range(rows)]
        )  # fmt: skip
        identity = leader.id
        made = begin_session(context.unit, context.now(), identity)
    analyse(url)
    host.close()
    return f"lowcode_session={made['token']}", str(made["csrf"]), ids


def prepare_theirs(url: str, rows: int) -> tuple[str, str, list[int]]:
    """The database of a hand-written service, with the same rows."""
    owners = list(range(1, 21))
    engine = t.engine_for(url)
    with warnings.catch_warnings(), engine.begin() as connection:
        warnings.simplefilter("ignore")
        t.make_tables(connection)
        connection.execute(t.customer.insert(), [row(number, owners) for number in range(rows)])
        people = [
            {"id": each, "login": f"person{each - 1}", "name": f"Person {each - 1}",
             "manager": 1 if each > 1 else None} for each in owners
        ]  # fmt: skip
        connection.execute(t.person.insert(), people)
        expires = datetime.now(UTC) + timedelta(days=1)
        connection.execute(t.session.insert(), {"token": digest(TOKEN), "user": 1, "csrf": CSRF, "expires_at": expires})
        ids = list(connection.scalars(sa.select(t.customer.c.id)))
        connection.execute(t.visit.insert(), [visit(number, owners, ids) for number in range(rows)])
    analyse(url)
    engine.dispose()
    return f"session={TOKEN}", CSRF, ids


def analyse(url: str) -> None:
    """Let the database know what it holds."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def row(number: int, owners: list[int]) -> dict[str, Any]:
    """A customer as it stands in the table."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "version": 1, "created_at": at, "created_by": owners[0], "updated_at": at, "updated_by": owners[0],
        "owner": owners[number % len(owners)], "deleted_at": None, "name": f"Customer {number}",
        "email": f"c{number}@example.com", "phone": f"1380000{number % 10000:04d}", "company": "示例仪表有限公司",
        "level": GRADES[number % 4], "status": ("active", "active", "asleep", "lost")[number % 4],
        "amount": Decimal(number * 7919 % 90000) + Decimal("0.5"), "discount": Decimal("0.1"),
        "employees": number % 900, "signed_on": date(2026, 3, 2), "next_visit": datetime(2026, 4, 1, 9, tzinfo=UTC),
        "notes": "华东区重点客户，关注交期。", "net": Decimal("100.05"), "size": "small",
    }  # fmt: skip


def visit(number: int, owners: list[int], customers: list[int]) -> dict[str, Any]:
    """A visit as it stands in the table, of some customer."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "version": 1, "created_at": at, "created_by": owners[0], "updated_at": at, "updated_by": owners[0],
        "owner": owners[number % len(owners)], "deleted_at": None,
        "customer": customers[number * 31 % len(customers)],
        "at": at + timedelta(days=number * 17 % 300), "cost": Decimal(number * 37 % 900),
        "notes": "现场调试，更换密封圈。",
    }  # fmt: skip
