"""A host served over a socket by a thread of the test, with a worker beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from lowcode.host import Host
from lowcode.kernel.events.deliver import Worker
from lowcode.web import asgi_app


@contextmanager
def served(host: Host, *, demo: bool = True) -> Iterator[str]:
    """Where an app is served, with a slash at the end; what follows a change is delivered beside it."""
    worker = Worker(host).start()
    app = asgi_app(host, demo=demo)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        app.door.listening.end()  # a page that is still open listens for as long as it is
        server.should_exit = True
        thread.join(10)
        worker.stop()
