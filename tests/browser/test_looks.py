"""How the main pages look, at a quarter of their size: what moves, vanishes or turns dark is seen, a face is not.

`LOWCODE_DRAW=1` draws the pictures anew; look at them before they are committed. Only pages whose content depends
neither on the day nor on what other tests have done are drawn.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support import pixels
from tests.support.browser import PHONE, OpenContext, Watched, still

pytestmark = pytest.mark.browser
LOOKS = Path(__file__).parent / "looks"
APART = 0.015
"""So much of a picture may differ: every machine has other faces, and text is a small part of a quarter."""
SCALE = 0.25
SIGHT = "sight => { document.getElementById('root').style.visibility = sight }"
POCKET: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
PAGES = {
    "products": ("#/records/product", ".lc-table tbody tr.lc-row, .lc-card"),
    "missing": ("#/nowhere", ".lc-nothing"),
    "quote": ("#/records/quote", "[data-shortcut=n]"),
    "lead": ("#/records/lead", "[data-shortcut=n]"),
    "account": ("#/records/account", "[data-shortcut=n]"),
    "opportunity": ("#/records/opportunity", "[data-shortcut=n]"),
    "contact": ("#/records/contact", "[data-shortcut=n]"),
}


def seen(page: Page, wide: int, high: int) -> pixels.Pixels:
    session = still(page).context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": wide, "height": high, "scale": SCALE}
    shot = session.send("Page.captureScreenshot", {"format": "png", "clip": clip})
    return pixels.read(base64.b64decode(shot["data"]))


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_the_pages_look_as_they_did(
    browser_context: OpenContext, sign_in: SignIn, address: str, watched: Watched, device: str, look: str
) -> None:
    """At a desk and on a phone, by day and by night; for who asks for less motion a press makes no wave."""
    options = {"color_scheme": look, **(POCKET if device == "phone" else {})}
    page = sign_in(browser_context(**options).new_page(), "黄志强")
    wide, high = (390, 844) if device == "phone" else (1440, 900)
    found = {}
    for name, (place, there) in PAGES.items():
        page.goto(f"{address}{place}")
        expect(page.locator(there).first).to_be_visible()
        if there == "[data-shortcut=n]":
            page.locator(there).click()
            expect(page.get_by_role("dialog").locator(".lc-item").first).to_be_visible()
            assert page.locator(".ant-wave").count() == 0, "a press moves for who asks for less motion"
            page.evaluate(SIGHT, "hidden")  # what lies in the list behind it is other tests' doing
        page.wait_for_load_state("networkidle")
        picture = LOOKS / f"{name}.{device}.{look}.png"
        drawn = seen(page, wide, high)
        page.evaluate(SIGHT, "")
        if "LOWCODE_DRAW" in os.environ:
            picture.write_bytes(pixels.write(drawn))
        found[name] = drawn.apart(pixels.read(picture.read_bytes()))
    assert {} == {name: f"{apart:.1%}" for name, apart in found.items() if apart > APART}


def test_another_look_is_seen() -> None:
    """Night for day, a page for another, a phone without its list: all further apart than what is allowed."""
    read = {path.stem: pixels.read(path.read_bytes()) for path in sorted(LOOKS.glob("*.png"))}
    assert len(read) == 4 * len(PAGES)
    assert read["products.desk.light"].apart(read["products.desk.dark"]) > APART
    assert read["products.desk.light"].apart(read["missing.desk.light"]) > APART
    assert read["products.phone.dark"].apart(read["missing.phone.dark"]) > APART
