"""Serving a host over HTTP until somebody stops it, with a worker that delivers and keeps the timers."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from typing import Any

from lowcode.cli.console import Console
from lowcode.cli.opening import keep_compiled
from lowcode.host import Host
from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.events.deliver import Worker
from lowcode.web import asgi_app

NOT_STARTED = 3
"""The exit code of a server that could not begin; uvicorn has said why."""


class CannotServe(LowcodeError):
    """There is no server, or no port for it."""


def free_port(address: str, wanted: int, tries: int = 20) -> int:
    """The first port from the wanted one on that nobody listens on."""
    for port in range(wanted, wanted + tries):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((address, port))
            except OSError:
                continue
            return port
    raise CannotServe(f"the ports {wanted} to {wanted + tries - 1} are taken; choose another with --port")


def serve(
    host: Host,
    address: str,
    port: int,
    console: Console,
    *,
    demo: bool = False,
    browse: bool = False,
    proxies: str = "",
    works: bool = True,
    broker: str | None = None,
) -> None:
    """Serve until interrupted. `proxies`: the addresses whose word about the client and about TLS is believed; not
    `works`: other processes deliver; `broker`: by it they are called."""
    uvicorn = _uvicorn()
    celery = celery_module() if broker is not None else None
    keep_compiled(host)
    worker = Worker(host).start() if works else None
    waker = celery.wake(host, celery.application(broker)) if celery is not None else None
    shown = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::") else address
    url = f"http://{shown}:{port}/"
    console.say(f"{console.bold(host.app.name)} runs at {console.bold(url)}   (Ctrl-C ends it)")
    if browse:
        opening = Timer(1.0, webbrowser.open, (url,))
        opening.daemon = True
        opening.start()
    app = asgi_app(host, demo=demo)
    server = _stopping(uvicorn, app.door.listening.end)(
        uvicorn.Config(
            app, host=address, port=port, log_level="warning", access_log=False,
            proxy_headers=bool(proxies), forwarded_allow_ips=proxies or "", server_header=False, http=_reader(),
        )
    )  # fmt: skip
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        if waker is not None:
            waker.stop()
        if worker is not None:
            worker.stop()
        host.close()
    if not server.started:
        raise SystemExit(NOT_STARTED)


def _stopping(uvicorn: Any, first: Callable[[], object]) -> Any:
    """A server that does something before it waits for whoever is still connected: a page that is open listens for as
    long as it is, so it would wait for ever."""

    class Server(uvicorn.Server):  # type: ignore[misc]
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            first()
            await super().shutdown(sockets)

    return Server


def celery_module() -> Any:
    """What speaks to a broker. Raises CannotServe without its library."""
    try:
        from lowcode import celery
    except ImportError:
        raise CannotServe("a broker is spoken to by Celery: pip install 'lowcode[celery]'") from None
    return celery


def _reader() -> Any:
    """What reads requests, for uvicorn's `http`."""
    try:
        from lowcode.cli.heads import Heads
    except ImportError:  # without httptools
        return "auto"
    return Heads


def _uvicorn() -> Any:
    try:
        import uvicorn
    except ImportError:
        raise CannotServe("serving needs a server: pip install 'lowcode[server]'") from None
    return uvicorn
