"""The second example in the browser: the page is made of definitions, whoever's they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, opened
from tests.support.browser import OpenContext
from tests.support.served import served
from tests.support.standing import Standing

PLANT = Path(__file__).parents[2] / "examples" / "maintenance_app"


@contextmanager
def plant(folder: Path) -> Iterator[str]:
    """The plant's app with its seed, served."""
    with opened(PLANT, folder) as host, served(host) as url:
        yield url


@pytest.fixture
def address(standing: Standing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the plant's app is served."""
    return standing.take(request, "plant", lambda: plant(tmp_path_factory.mktemp("plant")))


@pytest.mark.requirement("SP09", "SP11")
def test_a_breakdown_from_the_shop_floor_to_the_board(
    browser_context: OpenContext, phone: Page, sign_in: SignIn, address: str
) -> None:
    """A shift leader reports on a phone; the mechanic, an English speaker, repairs; the planner sees it counted."""
    sign_in(phone, "刘燕", "#/records/equipment?view=all")
    phone.locator(".lc-card", has_text="烘干炉燃烧器").first.click()
    phone.get_by_role("tab", name="工单").click()
    phone.get_by_role("button", name="新建工单").click()
    form = phone.locator(".ant-drawer [role=dialog]").last
    form.get_by_label("事项", exact=True).fill("点火失败")
    form.get_by_label("停机时间").fill("2026-01-05T08:30")
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    expect(phone.locator(".lc-header-facts")).to_contain_text("停机")

    mechanic = sign_in(browser_context(locale="en-US").new_page(), "Tom Becker")
    mechanic.get_by_role("button", name=re.compile("unread")).click()
    mechanic.locator(".lc-note", has_text="New order").first.click()
    mechanic.locator(".lc-moves").get_by_role("button", name="Start", exact=True).click()
    expect(mechanic.locator(".lc-way [aria-current=step]")).to_have_text("In work")
    mechanic.locator(".lc-moves").get_by_role("button", name="Finish", exact=True).click()
    step = mechanic.locator(".ant-drawer [role=dialog]").last
    step.get_by_label("What was done", exact=True).fill("Bearing changed")
    step.get_by_role("button", name="Finish", exact=True).click()
    expect(step.locator('[data-field="cause"] .lc-problem')).to_be_visible()
    step.get_by_role("combobox", name="Cause").click()
    mechanic.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="Wear").click()
    step.get_by_role("button", name="Finish", exact=True).click()
    expect(mechanic.locator(".lc-way [aria-current=step]")).to_have_text("To be checked")
    expect(phone.locator(".lc-header-facts")).to_contain_text("运行")

    planner = sign_in(browser_context().new_page(), "郭明", "#/dashboard/maintenance_board")
    expect(planner.get_by_role("region", name="停机设备")).to_contain_text("2")
    expect(planner.locator(".lc-chart svg").first).to_be_visible()
