"""The WSGI shell: the same door for Flask, Django and every other WSGI program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.identity import Actor
from lowcode.web.assets import Assets
from lowcode.web.door import Door, too_large
from lowcode.web.messages import DOORS, Request, body_limit

if TYPE_CHECKING:
    from lowcode.host import Host

CUT_OFF = {"en": "the request ends before its end; send it again", "zh-CN": "请求数据不完整，请重新发送"}


def wsgi_app(
    host: Host, *, identity: Callable[[Request], Actor | None] | None = None, demo: bool = False
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The app as a WSGI application. There is no stream of events here; the page asks every minute instead."""
    door, assets = Door(host, identity=identity, demo=demo), Assets(host)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        sent = str(environ.get("CONTENT_LENGTH") or "0")
        length = int(sent) if sent.isascii() and sent.isdigit() else 0
        request = _request(environ, b"")
        limit = body_limit(request.path)
        if length > limit:
            response = door.refuse(request, too_large(limit))
        else:
            request.body = environ["wsgi.input"].read(length) if length else b""
            if len(request.body) < length:  # half a request is none: nothing of it is done
                response = door.refuse(request, Rejected(Problem("http.cut-off", CUT_OFF)))
            else:
                response = door.handle(request) if request.path.startswith(DOORS) else assets.serve(request)
        phrase = HTTPStatus(response.status).phrase
        start(f"{response.status} {phrase}", [("Content-Type", response.media_type), *response.headers])
        if request.method == "HEAD":
            return [b""]
        return [response.body] if isinstance(response.body, bytes) else response.body

    return application


def _request(environ: dict[str, Any], body: bytes) -> Request:
    headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    return Request(
        method=environ["REQUEST_METHOD"], path=path.lstrip("/"), query=environ.get("QUERY_STRING", ""), headers=headers,
        body=body, address=environ.get("REMOTE_ADDR", ""), scheme=environ.get("wsgi.url_scheme", "http"),
        root=environ.get("SCRIPT_NAME", ""), state=environ,
    )  # fmt: skip


__all__ = ["wsgi_app"]
