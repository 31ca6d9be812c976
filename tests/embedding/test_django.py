"""The page and its API beside a Django site, as whoever is signed in there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.asgi import get_asgi_application
from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from lowcode import Actor
from lowcode.web import Request, asgi_app
from lowcode.web.wsgi import wsgi_app
from tests.api.app import Shop
from tests.support.apart import run_apart
from tests.support.django import site
from tests.web.calls import Open

__all__ = ["site"]


def whoever(shop: Shop) -> Any:
    """Who asks, by Django's session."""

    def who(request: Request) -> Actor | None:
        login = SessionStore(request.cookies.get("sessionid")).get("login")
        return shop.host.actor(login) if login else None

    return who


@pytest.mark.requirement("X1")
def test_beside_django_over_asgi(open_shop: Open, site: None) -> None:
    """One ASGI program that asks either; Django's pages are where they were."""
    shop = open_shop()
    theirs, crm = get_asgi_application(), asgi_app(shop.host, identity=whoever(shop))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/crm/"):
            await crm({**scope, "root_path": "/crm"}, receive, send)
        else:
            await theirs(scope, receive, send)

    async def visit() -> tuple[Any, ...]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=application), base_url="http://shop.test"
        ) as client:
            before = await client.get("/crm/api/records/lead")
            welcome = await client.get("/enter", params={"as": "li"})
            made = await client.post("/crm/api/records/lead", json={"company": "Acme"})
            missing = await client.get("/nothing")
            return before.status_code, welcome.text, made.status_code, missing.status_code

    assert (401, "welcome", 201, 404) == run_apart(visit)


@pytest.mark.requirement("X1")
def test_sessions_in_djangos_database(open_shop: Open, site: None, tmp_path: Path) -> None:
    """Django lets nobody ask its database inside of an event loop, where reads are answered: who asks is waited for."""
    shop = open_shop(database=f"sqlite:///{tmp_path / 'shop.sqlite3'}")

    async def who(request: Request) -> Actor | None:
        login = await DatabaseStore(request.cookies.get("sessionid")).aget("login")
        return shop.host.actor(login) if login else None

    async def visit() -> tuple[Any, ...]:
        store = DatabaseStore()
        await store.aset("login", "li")
        await store.asave()
        crm = httpx.ASGITransport(app=asgi_app(shop.host, identity=who))
        async with httpx.AsyncClient(transport=crm, base_url="http://shop.test") as client:
            before = await client.get("/api/records/lead")
            client.cookies.set("sessionid", str(store.session_key))
            made = await client.post("/api/records/lead", json={"company": "Acme"})
            found = await client.get("/api/records/lead")
        await request_finished.asend(sender=None)  # what a request of Django's ends with: its connection is closed
        return before.status_code, made.status_code, [each["company"] for each in found.json()["items"]]

    assert (401, 201, ["Acme"]) == run_apart(visit)


@pytest.mark.requirement("X1")
def test_beside_django_over_wsgi(open_shop: Open, site: None) -> None:
    """The same for a site that is served by WSGI."""
    shop = open_shop()
    inside = wsgi_app(shop.host, identity=whoever(shop))
    client = Client(DispatcherMiddleware(get_wsgi_application(), {"/crm": inside}))
    assert 401 == client.get("/crm/api/records/lead").status_code
    assert "welcome" == client.get("/enter?as=li").text
    assert 201 == client.post("/crm/api/records/lead", json={"company": "Acme"}).status_code
    found: Any = client.get("/crm/api/records/lead").json
    assert ["Acme"] == [each["company"] for each in found["items"]]
