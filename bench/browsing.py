"""How soon the page answers: from the press to the first picture that shows it, in a real browser over the example CRM.

The other side is the clock: a tenth of a second, below which people feel that they did it themselves (Miller 1968,
Nielsen 1993). The time is taken inside the page, from the event to the second frame after what was asked for stands
there, so a slow driver is not counted as a slow page. Where there is no browser, its rows are left out.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page, sync_playwright

from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.seeding import seed
from lowcode.web import asgi_app
from lowcode.web.assets import STATIC
from tools import browser as machine

CRM = Path(__file__).parents[1] / "examples" / "crm_app"
AT_ONCE = 0.1
ANSWER = """([press, shown]) => new Promise((done, fail) => {
  const gone = shown.startsWith('!'), words = gone ? shown.slice(1) : shown;
  const seen = () => [...document.querySelectorAll(words)].some(each => each.checkVisibility());
  const there = () => seen() !== gone;
  const late = setTimeout(() => fail(new Error(`${shown} did not come after ${press}`)), 20000);
  const end = () => { clearTimeout(late); done(null); };
  const look = () => requestAnimationFrame(there() ? () => requestAnimationFrame(end) : look);
  const target = document.querySelector(press);
  if (!target) { fail(new Error(`${press} is not there`)); return; }
  target.click();
  look();
})"""
Press = tuple[str, str]
ACTIONS: tuple[tuple[str, str, Press, Press], ...] = (
    ("a record opens, its list comes back", "#/records/account?view=all",
     (".lc-table .lc-first", ".lc-detail h1"), (".lc-crumb a", ".lc-table .lc-first")),
    ("a list shows another view, and the first again", "#/records/account?view=all",
     ("[data-node-key=team] [role=tab]", "[data-node-key=team].ant-tabs-tab-active"),
     ("[data-node-key=all] [role=tab]", "[data-node-key=all].ant-tabs-tab-active")),
    ("a form opens and closes", "#/records/quote",
     ("[data-shortcut=n]", ".lc-form .lc-item"), (".lc-form-foot button", "!.lc-form .lc-item")),
    ("the inbox shows what is done, and what is open again", "#/tasks/open",
     ("[data-node-key=done] [role=tab]", "[data-node-key=done].ant-tabs-tab-active"),
     ("[data-node-key=open] [role=tab]", "[data-node-key=open].ant-tabs-tab-active")),
)  # fmt: skip
"""Name, place, and two presses of which the second undoes the first, each with what shows the answer (`!`: is gone)."""


def comparisons(size: Size) -> Iterator[Comparison]:
    """One row for each thing that people do all day."""
    found = machine.find()
    if found is None or not (STATIC / "index.html").is_file():
        return
    surroundings: dict[str, str | float | bool] = {**os.environ, **found.environment}
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found.binary, args=list(found.arguments), env=surroundings, headless=True
        )
        page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce")
        page.goto(address)
        page.locator(".lc-people button", has_text="林雪梅").click()
        page.locator(".lc-who").wait_for()
        for name, place, there, back in ACTIONS:
            press = _pair(page, address, place, there, back)
            yield Comparison(f"{name}, in 0.1 s each", press, _clock, 1.0, "presses", 2)
        chromium.close()


def _clock() -> None:
    time.sleep(2 * AT_ONCE)


def _pair(page: Page, address: str, place: str, there: Press, back: Press) -> Callable[[], Any]:
    """There and back again, each until its answer stands in the page."""

    def press() -> None:
        if not page.url.endswith(place):
            page.goto(f"{address}{place}")
            page.locator(there[0]).first.wait_for()
        for each in (there, back):
            page.evaluate(ANSWER, list(each))

    return press


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The CRM with its seed, on a socket of this machine."""
    documents = str(shutil.copytree(CRM, folder / "app"))
    host = Host(documents, f"sqlite:///{folder / 'demo.sqlite3'}", files=str(folder / "files"))
    host.publish()
    seed(host, passwords=False)
    config = uvicorn.Config(asgi_app(host, demo=True), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)
    host.close()
