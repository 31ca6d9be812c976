"""Records in a month, as bars and as a tree."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn


@pytest.mark.requirement("SF25")
def test_a_calendar_shows_a_month_and_moves(page: Page, sign_in: SignIn) -> None:
    """Records stand on their days and open; another month is one press away; a filter holds here too."""
    sign_in(page, "李娜", "#/records/follow_up?view=calendar")
    title = page.locator(".lc-calendar-title")
    expect(title).to_have_text(re.compile(r"^\d{4}年\d+月$"))
    first = title.text_content()
    entries = page.locator(".lc-calendar-entry")
    if entries.count() == 0:
        page.get_by_role("button", name="往后").click()
    expect(entries.first).to_be_visible()
    page.get_by_role("button", name="往前").click()
    page.get_by_role("button", name="今天").click()
    expect(title).to_have_text(first or "")
    expect(page.locator(".lc-today")).to_have_count(1)


def test_a_timeline_shows_from_when_to_when(page: Page, sign_in: SignIn) -> None:
    """Bars that open their record."""
    sign_in(page, "周敏", "#/records/contract?view=terms")
    bars = page.locator(".lc-bars-row")
    expect(bars.first).to_be_visible()
    bars.first.click()
    expect(page.locator(".lc-facts").first).to_be_visible()


def test_a_tree_opens_branch_by_branch(page: Page, sign_in: SignIn) -> None:
    """What hangs below is asked for when it is opened."""
    sign_in(page, "周敏", "#/records/account?view=groups")
    leaf = page.get_by_role("treeitem").first
    expect(leaf).to_be_visible()
    expect(leaf).to_have_attribute("aria-expanded", "false")
    leaf.get_by_role("button").first.click()
    expect(leaf).to_have_attribute("aria-expanded", "true")
    expect(leaf.get_by_text("没有下级").or_(leaf.get_by_role("treeitem").first).first).to_be_visible()
