"""The page and its API inside somebody's web program: any prefix, their sign-in, no lifespan."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import flask
import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from lowcode import Actor
from lowcode.web import Request, asgi_app
from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop
from tests.support.apart import run_apart

Open = Callable[..., Shop]


def identity(shop: Shop) -> Callable[[Request], Actor | None]:
    """Who asks, by a header of the host program's own."""

    def who(request: Request) -> Actor | None:
        login = request.headers.get("x-user", "")
        return shop.host.actor(login) if login else None

    return who


def call(app: Any, method: str, path: str, **options: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as client:
            return await client.request(method, path, **options)

    return run_apart(once)


def in_fastapi(shop: Shop) -> Any:
    app = FastAPI()
    app.mount("/crm", asgi_app(shop.host, identity=identity(shop)))
    return app


def test_headers_as_servers_and_browsers_spell_them(open_shop: Open) -> None:
    """Names of headers are read however a server hands them on; those that protect a browser go along once with every
    answer, and an answer that has one of its own keeps it."""
    shop = open_shop()
    app = asgi_app(shop.host, identity=identity(shop))
    scope = {"type": "http", "method": "GET", "path": "/api/records/lead", "query_string": b"",
             "headers": [(b"X-User", b"li"), (b"Accept-Language", b"en"), (b"if-none-match", b'"1"')]}  # fmt: skip

    async def sent(path: str) -> dict[bytes, list[bytes]]:
        told: list[Any] = []

        async def send(message: Any) -> None:
            told.append(message)

        async def receive() -> Any:
            raise AssertionError("there is no body to wait for")

        await app({**scope, "path": path}, receive, send)
        found: dict[bytes, list[bytes]] = {}
        for name, value in told[0]["headers"]:
            found.setdefault(name, []).append(value)
        return found

    everywhere = {
        b"x-content-type-options": [b"nosniff"], b"referrer-policy": [b"same-origin"],
        b"cross-origin-opener-policy": [b"same-origin"], b"cross-origin-resource-policy": [b"same-origin"],
        b"content-security-policy": [b"default-src 'none'; frame-ancestors 'self'"],
    }  # fmt: skip
    listed = run_apart(lambda: sent("/api/records/lead"))
    assert listed == everywhere | {b"content-type": [b"application/json"], b"content-length": listed[b"content-length"]}
    sheet = run_apart(lambda: sent("/api/decide/nothing"))
    [policy] = sheet.pop(b"content-security-policy")
    assert b"style-src" in policy and all(1 == len(values) for values in sheet.values())
    assert everywhere.keys() - {b"content-security-policy"} <= sheet.keys()


def test_half_a_request_is_none_over_wsgi(open_shop: Open) -> None:
    """A connection that broke off in the middle of a body: nothing is done of it, even where the half would do."""
    shop = open_shop()
    application = wsgi_app(shop.host, identity=lambda request: shop.host.actor("li"))
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/records/lead", "QUERY_STRING": "", "CONTENT_LENGTH": "40",
        "wsgi.input": io.BytesIO(b'{"company": "Half"}'),
    }  # fmt: skip
    [body] = application(environ, lambda status, headers: said.append(status))
    assert said[0].startswith("422") and b"http.cut-off" in body
    assert [] == shop.ask("li", "records.list", type="lead")["items"]


def in_starlette(shop: Shop) -> Any:
    inner = Starlette(routes=[Mount("/crm", asgi_app(shop.host, identity=identity(shop)))])
    return Starlette(routes=[Mount("/deep", inner)])


@pytest.mark.requirement("X1")
@pytest.mark.parametrize(("make", "root"), [(in_fastapi, "/crm"), (in_starlette, "/deep/crm")])
def test_mounted(open_shop: Open, make: Callable[[Shop], Any], root: str) -> None:
    """Under any prefix, without a lifespan, as the host program's user; nobody else gets in."""
    app = make(open_shop())
    li = {"x-user": "li"}
    assert 401 == call(app, "GET", f"{root}/api/records/lead").status_code
    made = call(app, "POST", f"{root}/api/records/lead", json={"company": "Acme"}, headers=li)
    assert 201 == made.status_code, made.text
    [item] = call(app, "GET", f"{root}/api/records/lead", headers=li).json()["items"]
    assert "Acme" == item["company"]
    document = call(app, "GET", f"{root}/api/openapi.json", headers=li).json()
    assert [{"url": root}] == document["servers"]
    page = call(app, "GET", f"{root}/")
    assert page.status_code in (200, 404) and 'src="/' not in page.text and 'href="/' not in page.text
    session = call(app, "GET", f"{root}/api/session", headers=li).json()
    assert "li" == session["actor"]["login"]


def test_an_identity_that_fails_means_nobody(open_shop: Open) -> None:
    """Errors there are logged and the request is refused: it fails closed."""
    shop = open_shop()
    app = in_fastapi(shop)
    assert 401 == call(app, "GET", "/crm/api/records/lead", headers={"x-user": "nobody"}).status_code


def test_keys_beside_the_host_programs_users(open_shop: Open) -> None:
    """Programs come with our keys; other bearer tokens are the host program's affair."""
    shop = open_shop()
    app = in_fastapi(shop)
    key = shop.key("li", "form:lead:read")
    assert 200 == call(app, "GET", "/crm/api/records/lead", headers={"authorization": f"Bearer {key}"}).status_code
    theirs = {"authorization": "Bearer eyJhbGciOi", "x-user": "li"}
    assert 200 == call(app, "GET", "/crm/api/records/lead", headers=theirs).status_code


@pytest.mark.requirement("X1")
def test_in_flask(open_shop: Open) -> None:
    """The same door for WSGI programs."""
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    shop = open_shop()
    site = flask.Flask("site")
    site.add_url_rule("/", "home", lambda: "home")
    inside = wsgi_app(shop.host, identity=identity(shop))
    site.wsgi_app = DispatcherMiddleware(site.wsgi_app, {"/crm": inside})  # type: ignore[method-assign]
    client = site.test_client()
    assert "home" == client.get("/").text
    assert 401 == client.get("/crm/api/records/lead").status_code
    li = {"x-user": "li"}
    assert 201 == client.post("/crm/api/records/lead", json={"company": "Acme"}, headers=li).status_code
    found = client.get("/crm/api/records/lead", headers=li).get_json()
    assert ["Acme"] == [each["company"] for each in found["items"]]
    assert 404 == client.get("/crm/api/nothing", headers=li).status_code


def test_two_hosts_in_one_program(open_shop: Open) -> None:
    """Two apps beside one another: sessions of one are nothing to the other."""
    one, two = open_shop(), open_shop()
    app = FastAPI()
    app.mount("/one", asgi_app(one.host))
    app.mount("/two", asgi_app(two.host))

    async def both() -> tuple[int, int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as client:
            signed_in = await client.post("/one/api/session", json={"login": "li", "password": "li-password"})
            assert "path=/one" in signed_in.headers["set-cookie"].lower()
            first = await client.get("/one/api/records/lead")
            second = await client.get("/two/api/records/lead")
            return first.status_code, second.status_code

    assert (200, 401) == run_apart(both)
