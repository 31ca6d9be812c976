"""A Django site: one page, and sessions of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import path


def enter(request: HttpRequest) -> HttpResponse:
    """The site's own way to sign in."""
    request.session["login"] = request.GET["as"]
    return HttpResponse("welcome")


@contextmanager
def outside_of_loops() -> Iterator[None]:
    """A browser that a test of this process drives leaves its loop marked as running in this thread, where Django then
    answers nobody; it stands still meanwhile."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The site, for a test that is in no loop."""
    with outside_of_loops():
        set_up(tmp_path_factory)
        yield


def set_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Django allows that once in a process."""
    if settings.configured:
        return
    addresses = ModuleType("addresses")
    addresses.urlpatterns = [path("enter", enter)]  # type: ignore[attr-defined]
    settings.configure(
        SECRET_KEY="a key of the site's own, and of nobody else", ROOT_URLCONF=addresses, ALLOWED_HOSTS=["*"],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
        INSTALLED_APPS=["django.contrib.sessions"], DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path_factory.mktemp("site") / "site.sqlite3"}},
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()
