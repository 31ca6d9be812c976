"""One service in a process of its own: `python -m bench.serving.serve ours|core|orm URL PORT`."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import Any

import uvicorn

from bench.customers import app
from lowcode.host import Host


def service(which: str, url: str) -> Any:
    """The ASGI application."""
    if which == "ours":
        from lowcode.web import asgi_app

        return asgi_app(Host(app(), url))
    warnings.simplefilter("ignore")  # SQLAlchemy says that SQLite keeps decimals as floats: here it may
    return importlib.import_module(f"bench.serving.{which}").make(url)


if __name__ == "__main__":
    uvicorn.run(
        service(sys.argv[1], sys.argv[2]), host="127.0.0.1", port=int(sys.argv[3]), log_level="warning",
        access_log=False, timeout_keep_alive=600,
    )  # fmt: skip
