"""A Django site: one page, and sessions of its own."""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The site, set up: Django allows that once in a process."""
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
