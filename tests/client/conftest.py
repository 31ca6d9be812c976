"""Shops behind a real server on a port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server

from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop, open_shop

__all__ = ["open_shop", "served"]

Serve = Callable[..., Any]


@pytest.fixture
def served() -> Serve:
    """Serves a shop; what stands `before` it may answer in its place."""

    @contextmanager
    def serve(shop: Shop, before: Callable[[Any, Any], Any] | None = None) -> Iterator[str]:
        inner = wsgi_app(shop.host)

        def app(environ: Any, start: Any) -> Any:
            answered = before(environ, start) if before is not None else None
            return inner(environ, start) if answered is None else answered

        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return serve
