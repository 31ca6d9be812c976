"""The web door as a browser or a program meets it: real HTTP messages through the ASGI app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from lowcode.web import asgi_app
from tests.api.app import Shop
from tests.support.apart import run_apart


class Visitor:
    """Somebody at the door: keeps cookies, carries the page's secret, speaks synchronously."""

    def __init__(self, shop: Shop, *, app: Any = None, root: str = "", **options: Any) -> None:
        self.shop = shop
        self.app = app if app is not None else asgi_app(shop.host, **options)
        self.root = root
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        headers = {**self.headers, **options.pop("headers", {})}

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://crm.test", cookies=self.cookies
            ) as client:
                answer = await client.request(method, f"{self.root}/{path}", headers=headers, **options)
                self.cookies.update({each.name: each.value or "" for each in client.cookies.jar})
                return answer

        return run_apart(once)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **({"json": json} if json is not None else {}), **options)

    def patch(self, path: str, json: Any, **options: Any) -> httpx.Response:
        return self.ask("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("DELETE", path, **options)

    def sign_in(self, login: str) -> Visitor:
        """Begin a session."""
        answer = self.post("api/session", {"login": login, "password": f"{login}-password"})
        assert 200 == answer.status_code, answer.text
        self.headers["x-csrf-token"] = answer.json()["token"]
        return self


def problem(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, code, and each place with its code; checks that the answer is a problem document."""
    assert "application/problem+json" == answer.headers["content-type"], answer.text
    body = answer.json()
    assert {"type", "title", "status", "code", "detail", "errors"} <= set(body)
    assert answer.status_code == body["status"]
    return answer.status_code, body["code"], [(each["pointer"], each["code"]) for each in body["errors"]]


Open = Callable[..., Shop]
