"""The app as a whole, designed: what is wrong with it by itself, and what it may name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden
from tests.api.app import Shop


@pytest.mark.requirement("SP01", "SP02")
def test_an_app_is_checked_by_itself(open_shop: Callable[..., Shop]) -> None:
    """Roles are those of the document as it is designed, forms those of the app; each mistake at its place, with what
    could be meant; nobody but an administrator asks."""
    shop = open_shop()
    begun = json.loads(shop.ask("root", "app.documents")["documents"]["app.json"])
    assert [] == wrong(shop, begun)
    designed = {
        **begun,
        "roles": [*begun.get("roles", ()), {"name": "clerk"}],
        "menus": [{"title": "Work", "items": [{"form": "lead", "roles": ["clrk"]}, {"form": "led"}]}],
        "home": [{"roles": ["clerk"], "tasks": True}, {"roles": ["clerk"]}, {"form": "lead", "view": "nowhere"}],
        "calendar": {"hours": {"monday": ["9-12"]}},
        "zone": "Mars",
    }
    found = sorted(tuple(each.split("/")[1:]) for each in wrong(shop, designed))
    assert [
        ("calendar",), ("home", "1"), ("home", "2", "view"), ("menus", "0", "items", "0", "roles", "0"),
        ("menus", "0", "items", "1", "form"), ("zone",),
    ] == found  # fmt: skip
    palette = shop.ask("root", "app.palette")
    assert "lead" in palette["own"]["form"]
    assert not palette["words"]["options"].keys() & {"calendar", "hours", "holidays"}  # the desk of calendars says them
    assert {"calendar", "home", "menus", "roles"} <= palette["schema"]["properties"].keys()
    with pytest.raises(Forbidden):
        shop.ask("li", "app.check_document", document=begun)


def wrong(shop: Shop, document: dict[str, Any]) -> list[str]:
    """Where something is found."""
    return [each["pointer"] for each in shop.ask("root", "app.check_document", document=document)["findings"]]
