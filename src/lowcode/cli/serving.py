"""Serving a host over HTTP until somebody stops it, with a worker that delivers and keeps the timers."""

from __future__ import annotations

import socket
import webbrowser
from threading import Timer
from typing import Any

from lowcode.cli.console import Console
from lowcode.host import Host
from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.events.deliver import Worker
from lowcode.web import asgi_app


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
) -> None:
    """Serve until interrupted. `proxies`: the addresses whose word about the client and about TLS is believed."""
    uvicorn = _uvicorn()
    worker = Worker(host).start()
    shown = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::") else address
    url = f"http://{shown}:{port}/"
    console.say(f"{console.bold(host.app.name)} runs at {console.bold(url)}   (Ctrl-C ends it)")
    if browse:
        opening = Timer(1.0, webbrowser.open, (url,))
        opening.daemon = True
        opening.start()
    try:
        uvicorn.run(
            asgi_app(host, demo=demo), host=address, port=port, log_level="warning", access_log=False,
            proxy_headers=bool(proxies), forwarded_allow_ips=proxies or "", server_header=False,
        )  # fmt: skip
    finally:
        worker.stop()
        host.close()


def _uvicorn() -> Any:
    try:
        import uvicorn
    except ImportError:
        raise CannotServe("serving needs a server: pip install 'lowcode[server]'") from None
    return uvicorn
