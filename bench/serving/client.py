"""The load: prepared requests over open connections, from a process of its own, so that it is never what is measured.

It reads commands as JSON lines: `{"load": name, "port": …, "requests": [text, …]}` remembers requests,
`{"run": name, "count": …, "connections": …}` sends so many of them, each connection its next when its last is answered,
and answers `{"seconds": …, "statuses": {"200": …}}`.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """Requests for one service, sent round and round."""

    port: int
    requests: Iterator[bytes]
    connections: list[Connection] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One connection that stays open; it asks again as soon as it is answered."""

    def __init__(self) -> None:
        self.buffer = b""
        self.run: Run | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The service answered the call."""
        self.transport = transport  # type: ignore[assignment]  # uvloop's transport is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        """The service hung up: a fault while a run is on."""
        self.transport = None
        if self.run is not None:
            self.run.fail(f"the service closed a connection ({exc})")

    def ask(self) -> None:
        """Send the next request, if there is one left."""
        run = self.run
        assert run is not None
        if run.left > 0:
            run.left -= 1
            assert self.transport is not None
            self.transport.write(next(run.requests))

    def data_received(self, data: bytes) -> None:
        """A part of an answer; whole answers are counted."""
        self.buffer = buffer = self.buffer + data if self.buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = buffer[:end].lower()
        at = head.find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(buffer) < end + 4 + length:
            return
        run = self.run
        assert run is not None
        run.answered(buffer[9:12].decode(), buffer)
        self.buffer = b""
        self.ask()


class Run:
    """So many requests of one load."""

    def __init__(self, requests: Iterator[bytes], count: int) -> None:
        self.requests = requests
        self.left = self.waiting = count
        self.statuses: dict[str, int] = {}
        self.wrong = ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answered(self, status: str, answer: bytes) -> None:
        """One answer came."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if not status.startswith("2") and not self.wrong:
            self.wrong = answer.decode(errors="replace")
        self.waiting -= 1
        if self.waiting == 0 and not self.done.done():
            self.done.set_result(None)

    def fail(self, why: str) -> None:
        """It cannot go on."""
        if not self.done.done():
            self.done.set_exception(ConnectionError(why))


async def carry_out(load: Load, count: int, connections: int) -> dict[str, object]:
    """Send `count` requests over `connections` and wait for all answers."""
    loop = asyncio.get_running_loop()
    load.connections = [each for each in load.connections if each.transport is not None]
    while len(load.connections) < connections:
        _, made = await loop.create_connection(Connection, "127.0.0.1", load.port)
        load.connections.append(made)
    run = Run(load.requests, count)
    began = time.perf_counter()
    for each in load.connections[:connections]:
        each.run = run
        each.ask()
    try:
        await run.done
        return {
            "seconds": time.perf_counter() - began, "statuses": run.statuses, "wrong": run.wrong,
        }  # fmt: skip
    except ConnectionError as error:
        load.connections.clear()
        return {"seconds": time.perf_counter() - began, "statuses": run.statuses, "wrong": str(error)}
    finally:
        for each in load.connections:
            each.run = None


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The fastest loop there is here."""
    try:
        return importlib.import_module("uvloop").new_event_loop  # type: ignore[no-any-return]
    except ImportError:  # Windows
        return asyncio.new_event_loop


def main() -> None:
    """Obey until the input ends."""
    loads: dict[str, Load] = {}
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        for line in sys.stdin:
            command = json.loads(line)
            if "load" in command:
                requests = itertools.cycle([each.encode() for each in command["requests"]])
                loads[command["load"]] = Load(command["port"], requests)
                answer: dict[str, object] = {}
            else:
                answer = runner.run(carry_out(loads[command["run"]], command["count"], command["connections"]))
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
