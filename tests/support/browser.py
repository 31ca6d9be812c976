"""A real browser for tests, driven by Playwright: one started per worker, an empty profile per test.

A profile that one test leaves is emptied for the next of its kind and keeps what it has loaded of the page itself, as
browsers do; so the page is fetched and compiled once, and not by every test. A page that logs an error or raises one
fails its test, whatever the test itself looks at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    WebError,
    expect,
    sync_playwright,
)

from tests.support import watch
from tools import browser as machine

expect.set_options(timeout=20_000)
"""A busy machine is slow, and that is no fault of the page."""

PRINTED = 60_000
"""A paper on a busy machine: its first one starts a worker. A press on its link does not wait for another page
(`no_wait_after`): none comes, and until the paper does, the press would wait for it and time out before."""

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Watched:
    """What went wrong in the pages of one test; a test may forgive what it provokes on purpose."""

    said: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def forgive(self, part: str) -> None:
        """Expect an error whose text holds this."""
        self.forgiven.append(part)

    def unforgiven(self) -> list[str]:
        return [text for text in self.said if not any(part in text for part in self.forgiven)]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="keep the pictures that browser tests take, for the README")


SHORT_LIVED = ("--js-flags=--no-opt",)
"""A page of a test lives for seconds: optimizing its code a second time takes more than it gives back."""


class Running:
    """The browser of a worker, and another one once it was ended because a page of it hung (`watch`)."""

    def __init__(self, playwright: Playwright, found: machine.Browser) -> None:
        self._playwright, self._found = playwright, found
        self._browser: Browser | None = None

    def now(self) -> tuple[Browser, bool]:
        """The browser that is running, and whether it has just been started."""
        watched = watch.watch
        if self._browser is not None and (watched is None or watched.browser is not None):
            return self._browser, False
        started = self._browser = self.beside(*SHORT_LIVED)
        if watched is not None:
            told = started.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
            watched.browser = next(each["id"] for each in told["processInfo"] if each["type"] == "browser")
        return started, True

    def beside(self, *arguments: str) -> Browser:
        """Another browser, with further arguments: whoever asks for it closes it."""
        surroundings: dict[str, str | float | bool] = {**os.environ, **self._found.environment}
        return self._playwright.chromium.launch(
            executable_path=self._found.binary,
            args=[*self._found.arguments, *arguments],
            env=surroundings,
            headless=True,
        )

    def close(self) -> None:
        browser, _ = self.now()
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Running]:
    """The running browser."""
    found = machine.find()
    if found is None:
        pytest.fail(f"there is no browser for the browser tests. {machine.CURE}", pytrace=False)
    with sync_playwright() as playwright:
        running = Running(playwright, found)
        yield running
        running.close()


ALONE = {"permissions", "bypass_csp"}
"""Options that cannot be taken back: such a profile serves once, and so does one with a service worker."""


class Profiles:
    """Profiles of one browser that wait for the next test, by how they were opened."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._idle: dict[str, list[BrowserContext]] = {}
        self._visited: dict[BrowserContext, set[str]] = {}

    def take(self, **options: Any) -> BrowserContext:
        """An empty profile."""
        browser, another = self._running.now()
        if another:
            self._idle.clear()
            self._visited.clear()
        idle = self._idle.get(_kind(options))
        if idle:
            return idle.pop()
        context = browser.new_context(**options)
        visited = self._visited[context] = set()

        def seen(frame: Frame) -> None:
            place = urlsplit(frame.url)
            if place.scheme in ("http", "https"):
                visited.add(f"{place.scheme}://{place.netloc}")

        context.on("page", lambda page: page.on("framenavigated", seen))
        return context

    def give(self, context: BrowserContext, **options: Any) -> None:
        """Forget everything in it but what was fetched."""
        visited = self._visited.pop(context)
        if watch.watch is not None and watch.watch.browser is None:
            return  # it is gone, with all that was in it
        if ALONE & options.keys() or options.get("service_workers") != "block":
            context.close()
            return
        *others, last = context.pages or [context.new_page()]
        for page in others:
            page.close()
        # Its last page does this: a blank one would be a process more. It may not write anything behind that.
        session = context.new_cdp_session(last)
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        last.goto("about:blank")  # what it was writing at that moment is written
        context.set_offline(False)
        context.clear_cookies()
        for origin in visited:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        last.close()
        visited.clear()
        self._visited[context] = visited
        self._idle.setdefault(_kind(options), []).append(context)


def _kind(options: dict[str, Any]) -> str:
    return repr(sorted(options.items(), key=lambda each: each[0]))


@pytest.fixture(scope="session")
def profiles(chromium: Running) -> Profiles:
    return Profiles(chromium)


@pytest.fixture
def watched() -> Watched:
    return Watched()


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def browser_context(profiles: Profiles, watched: Watched) -> Iterator[OpenContext]:
    """Opens a profile of its own: `browser_context(viewport=PHONE)`; several in one test are several people."""
    opened: list[tuple[BrowserContext, dict[str, Any]]] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            watched.said.append(message.text)

    def raised(error: WebError) -> None:
        watched.said.append(str(error.error))

    def open_context(**options: Any) -> BrowserContext:
        settings: dict[str, Any] = {
            "viewport": DESKTOP,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "service_workers": "block",
        }
        settings |= {"reduced_motion": "reduce", "accept_downloads": True, **options}
        context = profiles.take(**settings)
        context.set_default_timeout(20_000)
        context.on("console", console)
        context.on("weberror", raised)
        opened.append((context, settings))
        return context

    yield open_context
    for context, settings in opened:
        context.remove_listener("console", console)
        context.remove_listener("weberror", raised)
        profiles.give(context, **settings)
    wrong = watched.unforgiven()
    assert not wrong, "the page reported errors:\n" + "\n".join(wrong)


@pytest.fixture
def page(browser_context: OpenContext) -> Page:
    """A desktop page in Chinese."""
    return browser_context().new_page()


@pytest.fixture
def phone(browser_context: OpenContext) -> Page:
    """A page on a phone, with touch."""
    return browser_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()


def still(page: Page) -> Page:
    """The page once nothing moves: before a screenshot, or before counting what stands on it."""
    page.wait_for_function("() => document.getAnimations().every(a => a.playState !== 'running')")
    return page


def fits(page: Page) -> bool:
    """Nothing stands out to the side."""
    return not outstanding(page)


def outstanding(page: Page) -> list[str]:
    """What stands out to the side. The screen is the measure: a phone widens its window to what stands out."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= screen.width ? [] : [
          ...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > screen.width + .5)
          .map(each => `stands out: ${each.tagName}.${each.getAttribute('class')} ${each.textContent.slice(0, 40)}`)"""
    )
    return found


def cut(page: Page) -> list[str]:
    """Words of buttons, heads and labels that do not fit where they stand, and are not shown to go on by dots."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, h1, h2, h3, label, [role=tab], th')]
          .filter(each => each.checkVisibility() && each.clientWidth > 24 && each.textContent.trim()
            && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible'
            && getComputedStyle(each).textOverflow !== 'ellipsis')
          .map(each => `cut off: ${each.tagName}.${each.getAttribute('class')} ${each.textContent.slice(0, 40)}`)"""
    )
    return found


TWO_ROWS = 92
"""Pixels a head may have on a phone: two rows of what is touched, and the room around them."""


def high(part: Locator) -> float:
    """How many pixels it takes from top to bottom."""
    box = part.bounding_box()
    assert box is not None
    return box["height"]


A_TURN = """() => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => setTimeout(done);
    channel.port2.postMessage(null);
})"""


def leave_list(page: Page) -> None:
    """Go on by Tab from a list in which something was pressed. One that is left in the same turn of the page as it was
    pressed in stays open; no hand is that fast."""
    page.evaluate(A_TURN)
    page.keyboard.press("Tab")
