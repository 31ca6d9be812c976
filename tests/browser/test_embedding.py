"""A public form on a site of somebody else's: another origin, in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.support.browser import PHONE
from tests.support.served import served


def documents(site: str) -> dict[str, Any]:
    """A form with a face that thanks in its place, and one that leads on."""
    face: dict[str, Any] = {
        "title": "Ask us", "fields": ["company", "need"], "origins": [site], "seconds": 0,
        "thanks": "Thank you for writing.", "theme": {"color": "#a31515"},
        "values": {"came_by": 'source.utm_campaign & " " & source.page', "from": "source.referrer"},
    }  # fmt: skip
    form = {
        "name": "lead", "label": "company",
        "fields": [
            {"name": "company", "type": "text", "required": True}, {"name": "need", "type": "long_text"},
            {"name": "came_by", "type": "text"}, {"name": "from", "type": "text"},
        ],
        "public": [
            {**face, "name": "ask"}, {**face, "name": "on", "redirect": f"{site}/thanks.html"},
            {**face, "name": "closed", "origins": []},
        ],
    }  # fmt: skip
    return {"app.json": {"name": "shop", "languages": ["en"]}, "forms/lead.json": form}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A site of its own: another port is another origin."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said."""

    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thanks.html").write_text("<!doctype html><h1>Until soon</h1>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def shop(site: tuple[Path, str], tmp_path: Path) -> Iterator[tuple[Host, str]]:
    """The app that knows the site, and where it is served."""
    with Host(documents(site[1]), f"sqlite:///{tmp_path / 'shop.sqlite3'}", files=str(tmp_path / "files")) as host:
        host.publish()
        with served(host, demo=False) as address:
            yield host, address


def leads(host: Host) -> list[tuple[Any, ...]]:
    found = host.ask(APP, "records.list", type="lead", fields=("company", "came_by", "from"), sort=("id",))["items"]
    return [(each["company"], each["came_by"], each["from"]) for each in found]


@pytest.mark.requirement("SF05", "F24", "SA05")
def test_a_form_on_another_site(page: Page, site: tuple[Path, str], shop: tuple[Host, str]) -> None:
    """By script, in the body or in the head: as high as what is in it and in its colour, on a phone too; the record
    knows page, referrer and campaign; the visitor is thanked in place, or the whole page goes on. By frame:
    the same without script, and the visitor goes on by a link. A reader of the screen aloud hears what the frame is
    without the page's saying it."""
    (folder, origin), (host, address) = site, shop
    script = f'<script src="{address}embed.js" data-form="lead/'
    (folder / "ask.html").write_text(f'<!doctype html><h1>Pumps</h1>{script}ask"></script>')
    on = f'{script}on" data-into="#here" async></script>'  # in the head, which shows nothing
    body = '<body><div id="here"></div><h1>Pumps</h1></body>'
    (folder / "on.html").write_text(f"<!doctype html><html><head><title>Pumps</title>{on}</head>{body}</html>")
    (folder / "end.html").write_text(f'<!doctype html><head>{script}on"></script></head><h1>Pumps</h1>')
    strict = f"default-src 'none'; frame-src {address}"
    head = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{strict}">'
    (folder / "frame.html").write_text(f'{head}<iframe src="{address}public/lead/on?frame" height="700"></iframe>')
    (folder / "index.html").write_text('<!doctype html><a href="ask.html?utm_campaign=spring">Ask</a>')

    page.set_viewport_size(PHONE)
    page.goto(f"{origin}/index.html")
    page.get_by_role("link").click()
    inside = page.frame_locator('iframe[title="Ask us"]')
    expect(inside.get_by_role("heading", level=1)).to_have_text("Ask us")
    expect(inside.locator("#send")).to_have_css("background-color", "rgb(163, 21, 21)")
    expect(page.locator("iframe")).not_to_have_css("height", "640px")
    fits = "Math.abs(innerHeight - document.body.offsetHeight) < 2 && document.body.scrollWidth <= innerWidth"
    assert inside.locator("body").evaluate(f"() => {fits}")
    shown = page.locator("iframe").bounding_box()
    assert shown is not None
    inside.locator("#send").click()
    expect(inside.locator("#e-company")).to_be_visible()
    inside.locator("#f-company").fill("Nordlicht")
    inside.locator("#send").click()
    expect(inside.locator("#done")).to_contain_text("Thank you for writing.")
    expect(page.locator("iframe")).not_to_have_css("height", f"{shown['height']:g}px")  # as high as the thanks
    assert leads(host) == [("Nordlicht", f"spring {origin}/ask.html", f"{origin}/index.html")]

    page.goto(f"{origin}/end.html")
    expect(page.frame_locator("h1 + iframe").locator("#f-company")).to_be_visible()
    page.goto(f"{origin}/on.html")
    expect(page.locator("#here iframe")).to_be_visible()
    page.frame_locator("iframe").locator("#f-company").fill("Polarstern")
    page.frame_locator("iframe").locator("#send").click()
    expect(page.get_by_role("heading")).to_have_text("Until soon")
    assert page.url == f"{origin}/thanks.html"

    page.goto(f"{origin}/frame.html")
    page.frame_locator("iframe").locator("#f-company").fill("Morgenrot")
    page.frame_locator("iframe").locator("#send").click()
    expect(page.frame_locator("iframe").locator("#done")).to_contain_text("Thank you")
    page.frame_locator("iframe").get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading")).to_have_text("Until soon")
    assert [each[0] for each in leads(host)] == ["Nordlicht", "Polarstern", "Morgenrot"]


def test_a_face_that_names_no_site_is_framed_by_none(
    page: Page, site: tuple[Path, str], shop: tuple[Host, str], watched: Any
) -> None:
    """What one face permits is not permitted for another."""
    watched.forgive("frame-ancestors")
    watched.forgive("Framing")
    (folder, origin), (_, address) = site, shop
    (folder / "closed.html").write_text(
        f'<!doctype html><script src="{address}embed.js" data-form="lead/closed"></script>'
    )
    page.goto(f"{origin}/closed.html")
    expect(page.locator("iframe")).to_have_attribute("src", re.compile("lead/closed"))
    expect(page.frame_locator("iframe").locator("form")).to_have_count(0)
