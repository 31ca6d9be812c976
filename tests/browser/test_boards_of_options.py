"""A kanban board over a field in which nothing need be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.test_work import drag
from tests.support.browser import Watched
from tests.support.served import served

FORM = {
    "name": "idea", "label": "name", "title": {"zh-CN": "想法", "en": "Idea"},
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "worth", "type": "select", "options": [{"name": "much"}, {"name": "little"}, {"name": "sold"}]},
    ],
    "views": [{"name": "board", "type": "kanban", "by": "worth", "title": {"zh-CN": "看板", "en": "Board"}}],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
}  # fmt: skip

SOLD = {
    "name": "sold", "form": "idea", "on": {"becomes": "worth = \"little\""}, "phase": "before",
    "actions": [{"set": {"worth": "\"sold\""}}],
}  # fmt: skip


@pytest.fixture
def ideas(tmp_path: Path) -> Iterator[tuple[Host, str]]:
    """Two ideas, one of them not looked at yet, in an app that has no title."""
    app = {"name": "shed", "roles": [{"name": "sales"}]}
    documents = {"app.json": app, "forms/idea.json": FORM, "rules/sold.json": SOLD}
    with Host(documents, f"sqlite:///{tmp_path / 'ideas.sqlite3'}", files=str(tmp_path / "files")) as host:
        host.publish()
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        for values in ({"name": "a bridge"}, {"name": "a tower", "worth": "much"}):
            host.ask(host.actor("ann"), "records.create", type="idea", values=values)
        with served(host) as address:
            yield host, address


@pytest.mark.requirement("SF27")
def test_what_has_no_option_yet_has_a_lane(page: Page, ideas: tuple[Host, str]) -> None:
    """It would be nowhere otherwise. It goes when nothing is left in it; the page is called by the app, and its
    form is in the menu though the app has none."""
    host, address = ideas
    assert page.context.request.post(f"{address}api/session", data={"login": "ann"}).ok
    page.goto(f"{address}#/records/idea?view=board")
    lanes = page.locator(".lc-lane")
    expect(lanes).to_have_count(4)
    blank, much = page.get_by_role("region", name="（空）"), page.locator('[data-lane="much"]')
    expect(blank.locator(".lc-kanban-card")).to_have_text(["a bridge"])
    expect(page.locator(".lc-brand")).to_contain_text("shed")
    expect(page.locator(".lc-side-menu").get_by_role("link", name="想法")).to_be_visible()  # in a menu nobody wrote
    with page.expect_response(lambda each: each.request.method == "PATCH") as saved:
        drag(page, blank.locator(".lc-kanban-card"), much)
    assert saved.value.ok
    expect(lanes).to_have_count(3)
    expect(much.locator(".lc-kanban-card")).to_have_count(2)
    assert {each["worth"] for each in host.ask(APP, "records.list", type="idea")["items"]} == {"much"}


@pytest.mark.requirement("SF27", "SP11")
def test_a_card_that_a_rule_sends_on_stands_where_it_went(page: Page, ideas: tuple[Host, str]) -> None:
    """It goes to a lane that nobody dragged it to, at once."""
    _, address = ideas
    assert page.context.request.post(f"{address}api/session", data={"login": "ann"}).ok
    page.goto(f"{address}#/records/idea?view=board")
    drag(page, page.locator('[data-lane="much"] .lc-kanban-card'), page.locator('[data-lane="little"]'))
    expect(page.locator('[data-lane="sold"] .lc-kanban-card')).to_have_text(["a tower"])
    expect(page.locator('[data-lane="little"] .lc-kanban-card')).to_have_count(0)


@pytest.mark.requirement("SF27", "SP11")
def test_a_card_that_goes_on_before_the_answer_came(page: Page, ideas: tuple[Host, str], watched: Watched) -> None:
    """Its next step waits for the answer to the one before and stands on it; when that one is refused late, neither is
    done, and it is said once."""
    watched.forgive("422 (")
    host, address = ideas
    assert page.context.request.post(f"{address}api/session", data={"login": "ann"}).ok
    page.goto(f"{address}#/records/idea?view=board")
    held: list[Route] = []
    page.route("**/api/records/idea/*", lambda each: each.continue_() if held else held.append(each))
    lane = {name: page.locator(f'[data-lane="{name}"]') for name in ("", "much", "little")}
    card = page.locator(".lc-kanban-card", has_text="a bridge")

    def stands() -> object:
        return next(each["worth"] for each in host.ask(APP, "records.list", type="idea")["items"] if each["id"] == 1)

    drag(page, card, lane["much"])
    drag(page, lane["much"].locator(card), page.locator('[data-lane="sold"]'))
    expect(page.locator('[data-lane="sold"]').locator(card)).to_be_visible()
    with page.expect_response(lambda each: each.request.method == "PATCH" and "sold" in (each.request.post_data or "")):
        held[0].continue_()
    expect(page.locator(".ant-message-error")).to_have_count(0)
    assert stands() == "sold"

    held.clear()
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "PATCH" else None)
    drag(page, page.locator('[data-lane="sold"]').locator(card), lane["much"])
    drag(page, lane["much"].locator(card), lane["little"])
    expect(lane["little"].locator(card)).to_be_visible()
    held[0].fulfill(status=422, json={"code": "records.refused", "detail": "nein", "status": 422})
    expect(page.locator('[data-lane="sold"]').locator(card)).to_be_visible()
    expect(page.locator(".ant-message-error")).to_have_count(1)
    assert (stands(), len(sent)) == ("sold", 1)
