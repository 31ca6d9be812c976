"""An office with flows for the browser tests of a file: opened once in a worker, served, and entered by its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import begin_session
from tests.flows.app import Office
from tests.support.browser import Watched
from tests.support.served import served
from tests.support.standing import Standing


@contextmanager
def at_work(office: Office) -> Iterator[tuple[Office, str]]:
    """An office, and where it is served."""
    with served(office.host) as url:
        yield office, url
    office.host.close()


def office_of(name: str, opened: Callable[[Path], Office]) -> Any:
    """The fixture `office` of a file: its office, and where it is served."""

    @pytest.fixture(name="office")
    def office(
        standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> tuple[Office, str]:
        return standing.take(request, name, lambda: at_work(opened(tmp_path_factory.mktemp(name))))

    return office


def entered(page: Page, watched: Watched, url: str, login: str, place: str) -> Page:
    """Somebody at a place."""
    watched.forgive("401 (Unauthorized)")
    begin_session(page, url, login)
    page.goto(f"{url}{place}")
    expect(page.locator(".lc-who")).to_be_visible()
    return page
