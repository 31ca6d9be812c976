"""What visitors of a web site look at, from a real browser on another site to the lead it belongs to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.api.app import LEAD, PUBLIC, Shop
from tests.support.browser import OpenContext, Watched
from tests.web.calls import Visitor

TITLE = {"type": "string", "maxLength": 200}
VISIT = {
    "name": "visit",
    "title": "Visit",
    "fields": [
        {"name": "event", "type": "text"},
        {"name": "address", "type": "text"},
        {"name": "visitor", "type": "text", "index": True},
        {"name": "lead", "type": "link", "to": "lead"},
    ],
    "permissions": [{"role": "supervisor", "can": ["read"]}],
}
LEAD_OF_VISITOR = {**LEAD, "fields": [*LEAD["fields"], {"name": "visitor", "type": "text", "index": True}]}


def intakes(origin: str) -> list[dict[str, Any]]:
    """One for what visitors look at, one for the form in which they say who they are."""
    texts = {name: {"type": "string"} for name in ("visitor", "event", "address")} | {"title": TITLE}
    visits = {
        "name": "visits",
        "type": "intake",
        "form": "visit",
        "payload": {"type": "object", "additionalProperties": False, "required": ["visitor"], "properties": texts},
        "values": {"event": "payload.event", "address": "payload.address", "visitor": "payload.visitor",
                   "lead": "payload.visitor"},
        "find": {"lead": "visitor"},
        "unknown": "blank",
        "duplicates": "create",
        "authentication": {"public": True, "origins": [origin], "limit": 100},
    }  # fmt: skip
    payload: Any = PUBLIC["payload"]
    contact = {
        **PUBLIC,
        "name": "contact",
        "payload": {**payload, "properties": {**payload["properties"], "visitor": {"type": "string"}}},
        "values": {"company": "payload.company", "visitor": "payload.visitor"},
        "duplicates": "create",
        "adopt": [{"form": "visit", "link": "lead", "by": "visitor", "value": "payload.visitor"}],
        "authentication": {"public": True, "origins": [origin]},
    }
    return [visits, contact]


class Site:
    """A web site, and the app beside it on a site of its own."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.door: Visitor | None = None
        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), self.handler()) for _ in range(2)]
        self.origin, self.app = (f"http://127.0.0.1:{each.server_address[1]}" for each in self.servers)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if self.path.startswith("/api/"):
                    assert site.door is not None
                    names = (
                        "content-type",
                        "origin",
                        "access-control-request-method",
                        "access-control-request-headers",
                    )
                    sent = {name: self.headers[name] for name in names if self.headers[name]}
                    got = site.door.ask(self.command, self.path[1:], content=body, headers=sent)
                    status, content, headers = got.status_code, got.content, dict(got.headers)
                else:
                    status, content = 200, site.pages.get(self.path.partition("?")[0], "<title>Page</title>").encode()
                    headers = {"content-type": "text/html; charset=utf-8"}
                self.send_response(status)
                for name, value in headers.items():
                    if name != "content-length":
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_OPTIONS = _answer

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing on the screen."""

        return Handler


@contextmanager
def served() -> Iterator[Site]:
    site = Site()
    threads = [threading.Thread(target=each.serve_forever, args=(0.05,), daemon=True) for each in site.servers]
    for thread in threads:
        thread.start()
    try:
        yield site
    finally:
        for server, thread in zip(site.servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as found:
        yield found


def seen(shop: Shop) -> list[tuple[str, str, Any]]:
    """What is known of visits."""
    items = shop.ask("head", "records.list", type="visit", sort=("id",))["items"]
    return [(each["event"], each["address"].rpartition("/")[2], each["lead"]) for each in items]


def robots_and_floods(page: Page, site: Site, shop: Shop, watched: Watched, wait: Callable[[int], None]) -> None:
    """Nothing comes of a search engine, of a page before it is shown, and for a minute after a server was busy."""
    page.goto(site.origin + "/searched")
    assert page.evaluate("() => lowcode.visitor()") is None
    page.goto(site.origin + "/prepared")
    page.wait_for_function("() => window.lowcode")
    page.evaluate("() => document.dispatchEvent(new Event('prerenderingchange'))")
    wait(8)
    assert [("view", "prepared", None)] == seen(shop)[7:]
    watched.forgive("429")
    busy: dict[str, Any] = {"status": 429, "headers": {"access-control-allow-origin": "*"}}
    page.route("**/api/intake/visits", lambda route: route.fulfill(**busy))
    assert [False, False] == page.evaluate("async () => [await lowcode.track('x'), await lowcode.track('x')]")
    page.unroute("**/api/intake/visits")
    assert page.evaluate("() => lowcode.track('x')") is False, "for a minute nothing is sent to a busy server"
    watched.forgive("Content Security Policy")


@pytest.mark.browser
@pytest.mark.requirement("SA16", "A17", "SR18")
def test_a_visitor_becomes_a_lead(
    open_shop: Callable[..., Shop], site: Site, browser_context: OpenContext, watched: Watched
) -> None:
    """What was looked at before somebody said who they are belongs to their lead, and so does what comes after."""
    more = {"forms/visit.json": VISIT, "forms/lead.json": LEAD_OF_VISITOR}
    shop = open_shop(*intakes(site.origin), more=more)
    site.door = Visitor(shop)
    script = f'<script src="{site.app}/api/visits.js" data-intake="visits" {{}} defer></script>'
    site.pages["/pricing"] = f"<title>{'价🎉' * 150}</title>" + script.format('data-event="pricing"')
    site.pages["/cases"] = "<title>Cases</title><a data-lowcode-event=cases>Get</a>" + script.format("")
    site.pages["/contact"] = "<form data-lowcode-visitor></form>" + script.format("")
    site.pages["/asks"] = "<title>Asks</title>" + script.format("data-consent")
    pretends = "<script>Object.defineProperty({}, '{}', {{value: {}}})</script>"
    phone = pretends.format("navigator", "userAgent", "'Mozilla/5.0 (Linux; Android 13; CUBOT P80)'")
    site.pages["/prepared"] = phone + pretends.format("document", "prerendering", "true") + script.format("")
    site.pages["/searched"] = pretends.format("navigator", "userAgent", "'Googlebot/2.1'") + script.format("")
    shut = '<meta http-equiv="Content-Security-Policy" content="connect-src \'none\'">'
    site.pages["/closed"] = shut + script.format("")
    page = browser_context().new_page()

    def visit(path: str, count: int) -> None:
        page.goto(site.origin + path + "?secret=1")
        wait(count)

    def wait(count: int) -> None:
        for _ in range(200):
            if len(seen(shop)) >= count:
                return
            page.wait_for_timeout(25)
        raise AssertionError(seen(shop))

    visit("/pricing", 1)
    visit("/contact", 2)
    visitor = page.eval_on_selector("input[name=visitor]", "each => each.value")
    assert 32 == len(visitor)
    sent = {"company": "Acme", "visitor": visitor}
    assert 200 == site.door.post("api/intake/contact", sent, headers={"origin": site.origin}).status_code
    lead = shop.ask("head", "records.list", type="lead")["items"][0]["id"]
    visit("/cases", 3)
    page.click("[data-lowcode-event]")
    wait(4)
    page.evaluate("() => { history.replaceState({}, '', '?other=1'); history.pushState({}, '', '/guide?secret=1') }")
    wait(5)
    page.evaluate("() => history.back()")
    wait(6)
    expected = [
        ("pricing", "pricing", lead),
        ("view", "contact", lead),
        ("view", "cases", lead),
        ("cases", "cases", lead),
        ("view", "guide", lead),
        ("view", "cases", lead),
    ]
    assert expected == seen(shop)
    other = browser_context().new_page()
    other.goto(site.origin + "/asks")
    other.wait_for_function("() => window.lowcode")
    assert (False, None) == (other.evaluate("() => lowcode.track('x')"), other.evaluate("() => lowcode.visitor()"))
    assert 0 == other.evaluate("() => localStorage.length")
    other.evaluate("() => history.pushState({}, '', '/asks/more')")
    assert 0 == other.evaluate("() => new Promise(done => setTimeout(() => done(localStorage.length), 20))")
    other.evaluate("() => lowcode.consent()")
    wait(7)
    assert [("view", "more", None)] == seen(shop)[6:]
    assert [] == other.context.cookies()
    robots_and_floods(other, site, shop, watched, wait)
    closed = browser_context().new_page()
    wrong: list[str] = []
    closed.on("pageerror", lambda error: wrong.append(str(error)))
    closed.goto(site.origin + "/closed")
    closed.wait_for_function("() => window.lowcode")
    assert (False, []) == (closed.evaluate("() => lowcode.track('x')"), wrong)
    tracked = browser_context().new_page()
    tracked.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})")
    tracked.goto(site.origin + "/pricing")
    tracked.wait_for_function("() => window.lowcode")
    assert tracked.evaluate("() => lowcode.track('x')") is False
    assert 8 == len(seen(shop))
