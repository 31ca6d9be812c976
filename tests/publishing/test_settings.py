"""The app as a whole, designed: what is wrong with it by itself, and what it may name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, Rejected
from tests.api.app import APPLICATION, LEAD, Shop


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
        "calendars": [{"name": "far", "roles": ["clerk"], "zone": "Asia"}],
    }
    found = sorted(tuple(each.split("/")[1:]) for each in wrong(shop, designed))
    assert [
        ("calendar",), ("calendars", "0", "zone"), ("home", "1"), ("home", "2", "view"),
        ("menus", "0", "items", "0", "roles", "0"), ("menus", "0", "items", "1", "form"), ("zone",),
    ] == found  # fmt: skip
    palette = shop.ask("root", "app.palette")
    assert "lead" in palette["own"]["form"]
    assert not palette["words"]["options"].keys() & {"calendar", "hours", "holidays"}  # the desk of calendars says them
    assert {"calendar", "home", "menus", "roles"} <= palette["schema"]["properties"].keys()
    with pytest.raises(Forbidden):
        shop.ask("li", "app.check_document", document=begun)


@pytest.mark.requirement("SP01", "X5")
def test_an_app_in_use_goes_on_with_what_is_asked_only_now(open_shop: Callable[..., Shop]) -> None:
    """A home that shows nothing or two things, a view and roles that are gone: such an app starts, is told so, and its
    other documents are published and taken back; whoever publishes it changed has to mend that first."""
    old = {
        **APPLICATION,
        "menus": [{"title": "Work", "items": [{"form": "lead", "view": "gone", "roles": ["clrk"]}]}],
        "home": [{}, {"form": "lead", "tasks": True}, {"form": "lead", "view": "gone", "roles": ["clrk"]}],
    }
    shop = open_shop(more={"app.json": json.dumps(old)})
    places = sorted(
        [f"/menus/0/items/0/{what}" for what in ("roles/0", "view")]
        + [f"/home/{what}" for what in ("0", "1", "2/roles/0", "2/view")]
    )
    assert places == sorted(each.place.pointer for each in shop.host.app.report if each.severity == "warning")
    assert places == sorted(wrong(shop, old))
    sent: dict[str, Any] = {"documents": {"forms/lead.json": {**LEAD, "title": "Chance"}}}
    shop.ask("root", "app.publish", **sent, plan=shop.ask("root", "app.plan", **sent)["plan"])
    seen = shop.ask("root", "app.plan_undo")
    shop.ask("root", "app.undo", plan=seen["plan"], allow=seen["consents"])
    again = {"documents": {"app.json": {**old, "title": "Other"}}}
    assert places == sorted(each["pointer"] for each in shop.ask("root", "app.plan", **again)["findings"])
    with pytest.raises(Rejected):
        shop.ask("root", "app.publish", **again, plan="any")
    mended = {"documents": {"app.json": {**APPLICATION, "title": "Other"}}}
    assert shop.ask("root", "app.plan", **mended)["findings"] == []


def wrong(shop: Shop, document: dict[str, Any]) -> list[str]:
    """Where something is found."""
    return [each["pointer"] for each in shop.ask("root", "app.check_document", document=document)["findings"]]


@pytest.mark.requirement("SF08", "X5")
def test_a_version_with_kinds_of_files_as_they_were_written_is_taken_back_to(open_shop: Callable[..., Shop]) -> None:
    """What is no kind of files is taken as it was meant, a pattern as it stands, and neither keeps an app from starting
    or a version from coming back."""
    paper = {"name": "papers", "type": "attachment", "accept": ["pdf", "application/vnd.ms-*", "aplication/pdf"]}
    shop = open_shop(more={"forms/lead.json": json.dumps({**LEAD, "fields": [*LEAD["fields"], paper]})})
    meant = [".pdf", "application/vnd.ms-*", "aplication/pdf"]

    def stands() -> None:
        options: Any = shop.host.types["lead"].fields["papers"].options
        codes = [each.code for each in shop.host.app.report if each.place.pointer.startswith("/fields/")]
        assert (["forms.file-meant", "forms.file-pattern", "forms.file-kind"], meant) == (codes, options.accept)

    stands()
    new = {"documents": {"forms/lead.json": {**LEAD, "fields": [*LEAD["fields"], {**paper, "accept": [".pdf"]}]}}}
    shop.ask("root", "app.publish", **new, plan=shop.ask("root", "app.plan", **new)["plan"])
    assert list(shop.host.app.report) == []
    seen = shop.ask("root", "app.plan_undo")
    shop.ask("root", "app.undo", plan=seen["plan"], allow=seen["consents"])
    stands()
