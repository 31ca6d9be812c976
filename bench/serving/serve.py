"""One service in a process of its own: `python -m bench.serving.serve ours|core|orm|raw URL PORT`.

Several of one service share a port: the system gives each connection to one of them."""

from __future__ import annotations

import gc
import importlib
import socket
import sys
import warnings
from typing import Any

import uvicorn

READY = "ready"


def service(which: str, url: str) -> Any:
    """The ASGI application."""
    if which == "ours":
        # Those written by hand have nothing of it: neither its memory nor the time in which it is read.
        from bench.customers import VISIT, app
        from lowcode.host import Host
        from lowcode.web import asgi_app

        return asgi_app(Host(app(VISIT), url))
    warnings.simplefilter("ignore")  # SQLAlchemy says that SQLite keeps decimals as floats: here it may
    return importlib.import_module(f"bench.serving.{which}").make(url)


def listening(port: int) -> socket.socket:
    """A socket that others may listen on too."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made


class Service(uvicorn.Server):
    """A server that says when it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    config = uvicorn.Config(
        service(sys.argv[1], sys.argv[2]), log_level="warning", access_log=False, timeout_keep_alive=600
    )  # fmt: skip
    gc.collect()
    gc.freeze()  # as `lowcode serve` does, for each of them: what was loaded stays, and need not be gone through again
    Service(config).run(sockets=[listening(int(sys.argv[3]))])
