"""A real browser for tests, driven by Playwright: one started per worker, a fresh profile per test.

A page that logs an error or raises one fails its test, whatever the test itself looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tools import browser as machine

expect.set_options(timeout=20_000)
"""A busy machine is slow, and that is no fault of the page."""

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The running browser."""
    found = machine.find()
    if found is None:
        pytest.fail(f"there is no browser for the browser tests. {machine.CURE}", pytrace=False)
    import os

    surroundings: dict[str, str | float | bool] = {**os.environ, **found.environment}
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.binary, args=list(found.arguments), env=surroundings, headless=True
        )
        yield started
        started.close()


@pytest.fixture
def watched() -> Watched:
    return Watched()


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def browser_context(chromium: Browser, watched: Watched, tmp_path: Path) -> Iterator[OpenContext]:
    """Opens a profile of its own: `browser_context(viewport=PHONE)`; several in one test are several people."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        settings = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block"}
        context = chromium.new_context(**{**settings, "reduced_motion": "reduce", "accept_downloads": True, **options})
        context.set_default_timeout(20_000)
        context.on("console", lambda message: watched.said.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: watched.said.append(str(error.error)))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
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
